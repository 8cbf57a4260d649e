import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { functions } from "./functions";
import { resources } from "./resources";

export const iam = defineService({ page, errors, resources, functions });
