import { arn, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

export const resources: ResourceTypes<Operation> = {
  "cloudwatch/metricAlarm": {
    id: "{name}",
    replaces: "name",
    named: "name",
    computed: { arn: arn("cloudwatch", "alarm:{name}") },
    calls: { create: ["PutMetricAlarm"], update: ["PutMetricAlarm"] },
  },
};
