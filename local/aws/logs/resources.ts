import { writeLateLogs } from "../eks/sideEffects";
import { arn, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

export const resources: ResourceTypes<Operation> = {
  "cloudwatch/logGroup": {
    id: "{name}",
    replaces: "name namePrefix",
    named: "name",
    computed: { arn: arn("logs", "log-group:{name}") },
    calls: { create: ["CreateLogGroup", "PutRetentionPolicy"] },
    sideEffects: { deleted: writeLateLogs },
  },
};
