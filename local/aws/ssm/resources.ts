import { arn, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

export const resources: ResourceTypes<Operation> = {
  "ssm/parameter": {
    id: "{name}",
    replaces: "name",
    secrets: ["value"],
    // Only with the option `overwrite`: without it PutParameter refuses.
    overwrites: true,
    computed: { arn: arn("ssm", "parameter{name}"), version: 1, tier: "Standard" },
    calls: { create: ["PutParameter"] },
  },
};
