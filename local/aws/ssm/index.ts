import { defineService } from "../service";
import { errors, page, refusal } from "./apiErrors";
import { commands } from "./commands";
import { functions } from "./functions";
import { resources } from "./resources";

/** Systems Manager's Parameter Store. */
export const ssm = defineService({ page, errors, refusal, resources, commands, functions });
