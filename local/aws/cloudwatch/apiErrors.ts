import type { Properties } from "../../plugins/properties";
import type { ApiError, ApiErrors } from "../apiErrors";

export const page = (operation: string) =>
  `https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationError" };

const queriesOf = ({ metricQueries = [] }: Properties) =>
  metricQueries as { returnData?: boolean; metric?: { period?: number } }[];

/** What a PromQL query decides alone: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-promql.html */
const isPromql = ({ evaluationCriteria }: Properties) => evaluationCriteria !== undefined;
const WITHOUT_PROMQL = [
  "comparisonOperator",
  "evaluationPeriods",
  "metricName",
  "metricQueries",
  "period",
  "threshold",
];

const invalid = (message: string, when: (alarm: Properties) => boolean): ApiError => ({
  code: "ValidationError",
  message,
  when: ({ properties }) => when(properties),
});

export const errors = {
  // CloudWatch doesn't ask whether a topic exists: only whether it is in its region.
  PutMetricAlarm: [
    invalid(
      "Value null at 'comparisonOperator' failed to satisfy constraint: Member must not be null",
      (alarm) => !isPromql(alarm) && alarm.comparisonOperator === undefined,
    ),
    invalid(
      "Invalid region specified in an action. Only {region} is supported.",
      ({ region, alarmActions = [], okActions = [] }) =>
        [...(alarmActions as string[]), ...(okActions as string[])].some((arn) => arn.split(":")[3] !== region),
    ),
    invalid(
      "Exactly one of a metric's name and a list of metrics must be given, and one element of the list return data",
      (alarm) => {
        const returning = queriesOf(alarm).filter(({ returnData }) => returnData).length;
        return !isPromql(alarm) && (alarm.metricName === undefined) !== (returning === 1);
      },
    ),
    invalid(
      "Period must be 10, 20, 30 or a multiple of 60, and all periods of an evaluation a day together at most",
      (alarm) => {
        const periods = [alarm.period, ...queriesOf(alarm).map(({ metric }) => metric?.period)].filter(Boolean);
        const isPeriod = (seconds: number) => [10, 20, 30].includes(seconds) || seconds % 60 === 0;
        return periods.some((it) => !isPeriod(Number(it)) || Number(it) * Number(alarm.evaluationPeriods) > 86_400);
      },
    ),
    invalid(
      "EvaluationCriteria needs an EvaluationInterval, and can't be used with metrics, a threshold or periods",
      (alarm) =>
        isPromql(alarm) &&
        (alarm.evaluationInterval === undefined || WITHOUT_PROMQL.some((property) => alarm[property] !== undefined)),
    ),
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
