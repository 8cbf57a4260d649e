import { defineService } from "../service";
import { errors, page, refusal } from "./apiErrors";
import { commands } from "./commands";
import { functions } from "./functions";
import { members } from "./requests";
import { resources } from "./resources";

/** CloudWatch Logs. */
export const logs = defineService({ page, errors, refusal, resources, members, commands, functions });
