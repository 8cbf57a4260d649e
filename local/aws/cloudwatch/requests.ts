import { type Members } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/cloudwatch */
export const members: Record<string, Members> = {
  "cloudwatch/metricAlarm": {
    name: "AlarmName",
    evaluateLowSampleCountPercentiles: "EvaluateLowSampleCountPercentile",
    metricQueries: "Metrics",
    "metricQueries.metric": "MetricStat",
    "metricQueries.metric.namespace": "Metric.Namespace",
    "metricQueries.metric.metricName": "Metric.MetricName",
    "metricQueries.metric.dimensions": "Metric.Dimensions",
  },
};
