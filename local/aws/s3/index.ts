import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { resources } from "./resources";

export const s3 = defineService({ page, errors, resources });
