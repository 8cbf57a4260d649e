import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { functions } from "./functions";
import { resources } from "./resources";

/** CloudWatch Logs. */
export const logs = defineService({ page, errors, resources, functions });
