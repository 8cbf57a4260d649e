import type { Violation } from "../checks/violations";

/** When a backup is made unless somebody says otherwise: every night at two, UTC. */
export const DEFAULT_SCHEDULE = "cron(0 2 * * ? *)";

const MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
const DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT";

/** A field of values, ranges, steps and lists. */
const field = (value: string) => {
  const part = `(\\*|(${value})(-(${value}))?)(/\\d{1,4})?`;
  return new RegExp(`^${part}(,${part})*$`, "i");
};

/**
 * The six fields of AWS's cron, which differs from others': a year, and two fields for the day, of which one is `?`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
const FIELDS: [name: string, form: RegExp][] = [
  ["minutes", field("[0-5]?\\d")],
  ["hours", field("[01]?\\d|2[0-3]")],
  ["day of the month", new RegExp(`^(\\?|L|LW|([1-9]|[12]\\d|3[01])W)$|${field("0?[1-9]|[12]\\d|3[01]").source}`)],
  ["month", field(`0?[1-9]|1[0-2]|${MONTHS}`)],
  [
    "day of the week",
    new RegExp(`^(\\?|([1-7]|${DAYS})?L|([1-7]|${DAYS})#[1-5])$|${field(`[1-7]|${DAYS}`).source}`, "i"),
  ],
  ["year", field("19[7-9]\\d|2[01]\\d\\d")],
];

/** What is wrong with the schedule of a backup plan: AWS Backup refuses it when the plan is made. */
export function validateSchedule(schedule: string | undefined, argument = "schedule"): Violation[] {
  if (schedule === undefined) return [];
  const fields = /^cron\((.*)\)$/.exec(schedule)?.[1]?.split(" ") ?? [];
  const expected = `a schedule of AWS's own form, such as ${DEFAULT_SCHEDULE}`;
  const refused = (fix: string) => [{ argument, expected, actual: schedule, fix }];
  if (fields.length !== FIELDS.length) {
    return refused("It has six fields in cron(…): minutes, hours, day of the month, month, day of the week, year.");
  }
  const wrong = FIELDS.filter(([, form], index) => !form.test(fields[index]!)).map(([name]) => name);
  if (wrong.length > 0) return refused(`AWS doesn't take its ${wrong.join(", ")}.`);
  if ((fields[2] === "?") === (fields[4] === "?")) {
    return refused("Exactly one of the two days, of the month and of the week, must be ?.");
  }
  // https://repost.aws/questions/QUwYlivOoWTHi1nSuSGjTVFg/error-scheduling-backup-every-ten-minutes-in-aws-backup
  if (!/^\d+$/.test(fields[0]!))
    return refused("AWS Backup makes at most one backup an hour: the minutes are one number.");
  return [];
}
