import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { resources } from "./resources";

export const iam = defineService({ page, errors, resources });
