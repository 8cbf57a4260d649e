import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { commands } from "./commands";
import { functions } from "./functions";
import { resources } from "./resources";

export const efs = defineService({ page, errors, resources, commands, functions });
