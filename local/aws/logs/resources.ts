import { writeClusterLogs } from "../eks/sideEffects";
import { arn, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

export const resources: ResourceTypes<Operation> = {
  "cloudwatch/logGroup": {
    id: "{name}",
    replaces: "name namePrefix",
    named: "name",
    computed: { arn: arn("logs", "log-group:{name}") },
    calls: { create: ["CreateLogGroup"] },
    sideEffects: {
      // A cluster that is still there goes on writing.
      deleted: (_, account) => account.all("eks/cluster").forEach((cluster) => writeClusterLogs(cluster, account)),
    },
  },
};
