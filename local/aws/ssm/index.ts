import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { commands } from "./commands";
import { functions } from "./functions";
import { resources } from "./resources";

/** Systems Manager's Parameter Store. */
export const ssm = defineService({ page, errors, resources, commands, functions });
