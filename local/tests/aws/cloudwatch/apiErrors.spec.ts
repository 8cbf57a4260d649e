import type { Properties } from "../../../plugins/plugin";
import { type Case, record } from "../apiErrorCases";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:storage";
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
  [{ comparisonOperator: "GreaterThan" }, /'comparisonOperator' failed/],
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

export const alarmCases: Case[] = (["create", "change"] as const)
  .flatMap((on) =>
    wrong.map(([properties, says]): Case => {
      const refused = new RegExp(`^ValidationError: .*${says.source}`);
      const queries = { metricName: undefined, period: undefined, metricQueries: [query(false), query(true)] };
      const accepted = { thing: alarm("metricQueries" in properties ? queries : {}) };
      return { on, thing: alarm(properties), refused, accepted };
    }),
  )
  .concat(
    (["create", "change"] as const).flatMap((on) =>
      [{ evaluationInterval: undefined }, { threshold: 1 }, { metricName: "up" }].map((properties): Case => {
        const refused = /^ValidationError: EvaluationCriteria needs/;
        return { on, thing: promqlAlarm(properties), refused, accepted: { thing: promqlAlarm() } };
      }),
    ),
  );
