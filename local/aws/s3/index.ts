import { defineService } from "../service";
import { errors, page, refusal } from "./apiErrors";
import { functions } from "./functions";
import { members } from "./requests";
import { resources } from "./resources";

export const s3 = defineService({ page, errors, refusal, resources, members, functions });
