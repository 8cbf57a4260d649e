import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { commands } from "./commands";
import { functions } from "./functions";
import { resources } from "./resources";

/** AWS Backup. */
export const backup = defineService({ page, errors, resources, commands, functions });
