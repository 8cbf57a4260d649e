import type { Properties } from "../../plugins/plugin";
import type { Rule } from "../apiErrors";

const PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html";

const OPERATORS = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
];

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

/** What CloudWatch refuses about an alarm. It doesn't ask whether a topic exists: only whether it is in its region. */
const refusals: [says: string, when: (alarm: Properties) => boolean][] = [
  [
    "Value '{comparisonOperator}' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set",
    (alarm) => !isPromql(alarm) && !OPERATORS.includes(String(alarm.comparisonOperator)),
  ],
  [
    "Invalid region specified in an action. Only {region} is supported.",
    ({ region, alarmActions = [], okActions = [] }) =>
      [...(alarmActions as string[]), ...(okActions as string[])].some((arn) => arn.split(":")[3] !== region),
  ],
  [
    "Exactly one of a metric's name and a list of metrics must be given, and one element of the list return data",
    (alarm) => {
      const returning = queriesOf(alarm).filter(({ returnData }) => returnData).length;
      return !isPromql(alarm) && (alarm.metricName === undefined) !== (returning === 1);
    },
  ],
  [
    "Period must be 10, 20, 30 or a multiple of 60, and all periods of an evaluation a day together at most",
    (alarm) => {
      const periods = [alarm.period, ...queriesOf(alarm).map(({ metric }) => metric?.period)].filter(Boolean);
      const isPeriod = (seconds: number) => [10, 20, 30].includes(seconds) || seconds % 60 === 0;
      return periods.some((it) => !isPeriod(Number(it)) || Number(it) * Number(alarm.evaluationPeriods) > 86_400);
    },
  ],
  [
    "EvaluationCriteria needs an EvaluationInterval, and can't be used with metrics, a threshold or periods",
    (alarm) =>
      isPromql(alarm) &&
      (alarm.evaluationInterval === undefined || WITHOUT_PROMQL.some((property) => alarm[property] !== undefined)),
  ],
];

export const alarmRules: Rule[] = (["create", "change"] as const).flatMap((on) =>
  refusals.map(([says, when]): Rule => {
    return {
      on,
      type: "cloudwatch/metricAlarm",
      error: "ValidationError",
      says,
      page: PAGE,
      when: ({ properties }) => when(properties),
    };
  }),
);
