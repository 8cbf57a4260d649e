import { cloudwatch } from "../../../aws/cloudwatch";
import type { Properties } from "../../../plugins/properties";
import { type Case, record, testApiErrors } from "../../support/apiErrorCases";

const TOPIC = "arn:aws:sns:eu-west-1:111101013333:storage";
const alarm = (properties: Properties = {}) =>
  record("cloudwatch/metricAlarm", "a", {
    region: "eu-west-1",
    comparisonOperator: "GreaterThanThreshold",
    metricName: "PercentIOLimit",
    period: 300,
    evaluationPeriods: 3,
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    ...properties,
  });
const elsewhere = [TOPIC.replace("eu-west-1", "eu-central-1")];
const query = (returnData: boolean) => ({ id: "q", returnData, metric: { period: 300 } });

const wrong: [Properties, RegExp][] = [
  [{ comparisonOperator: undefined }, /'comparisonOperator' failed/],
  [{ alarmActions: elsewhere }, /Only eu-west-1/],
  [{ okActions: elsewhere }, /Only eu-west-1/],
  [{ metricName: undefined }, /Exactly one of/],
  [{ metricQueries: [query(true)] }, /Exactly one of/],
  [{ metricName: undefined, metricQueries: [query(true), query(true)] }, /Exactly one of/],
  [{ period: 90 }, /Period must be/],
  [{ period: 3600, evaluationPeriods: 25 }, /a day together/],
  [{ metricName: undefined, metricQueries: [{ ...query(true), metric: { period: 1 } }] }, /Period must be/],
];

const promql = { evaluationCriteria: { promqlCriteria: { query: "up < 1" } }, alarmActions: [TOPIC] };
const promqlAlarm = (properties: Properties = {}) =>
  record("cloudwatch/metricAlarm", "a", { region: "eu-west-1", evaluationInterval: 60, ...promql, ...properties });

const operation = "PutMetricAlarm";

testApiErrors("CloudWatch", cloudwatch, [
  ...wrong.map(([properties, message]): Case => {
    const refused = new RegExp(`^ValidationError: .*${message.source}`);
    const queries = { metricName: undefined, period: undefined, metricQueries: [query(false), query(true)] };
    const accepted = { request: alarm("metricQueries" in properties ? queries : {}) };
    return { operation, request: alarm(properties), refused, accepted };
  }),
  ...[{ evaluationInterval: undefined }, { threshold: 1 }, { metricName: "up" }].map((properties): Case => {
    const refused = /^ValidationError: EvaluationCriteria needs/;
    return { operation, request: promqlAlarm(properties), refused, accepted: { request: promqlAlarm() } };
  }),
]);
