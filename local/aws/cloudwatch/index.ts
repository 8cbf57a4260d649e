import { defineService } from "../service";
import { errors, page, refusal } from "./apiErrors";
import { members } from "./requests";
import { resources } from "./resources";

export const cloudwatch = defineService({ page, errors, refusal, resources, members });
