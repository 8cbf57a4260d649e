import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { resources } from "./resources";

export const cloudwatch = defineService({ page, errors, resources });
