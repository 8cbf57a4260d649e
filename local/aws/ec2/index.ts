import { defineService } from "../service";
import { errors, page } from "./apiErrors";
import { commands } from "./commands";
import { functions } from "./functions";
import { resources } from "./resources";

/** EC2, with VPCs and EBS. */
export const ec2 = defineService({ page, errors, resources, commands, functions });
