import { isDeepStrictEqual } from "node:util";
import { isPlaceholder, type Properties, shown, type Value, valueAt } from "./values";

/** Which objects a rule names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html */
interface Scope {
  /** What their keys begin with; empty for any. */
  prefix: Value;
  /** By key; an object has all of them. */
  tags: Value;
  /** Bytes; `undefined` for any size. */
  objectSizeGreaterThan: Value | undefined;
  objectSizeLessThan: Value | undefined;
}

/** When a rule deletes what it names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html */
interface When {
  /** The age at which it does. */
  days: Value | undefined;
  /** The day from which on it does, whatever the age. */
  date: Value | undefined;
  /** How many of an object's earlier versions it leaves, the newest. */
  newest: Value | undefined;
}

/** What a rule deletes: `undefined` where it deletes nothing of that kind. */
type Action = (rule: Value) => When | undefined;

const given = (rule: Value, ...paths: string[]): Value | undefined =>
  paths.map((path) => valueAt(rule, path)).find((it) => it !== undefined && it !== null && it !== "");

/** S3 takes no number below 1, and for the provider 0 is none. */
function positive(rule: Value, ...paths: string[]): Value | undefined {
  const value = given(rule, ...paths);
  return Number(value) <= 0 ? undefined : value;
}

/** Objects, by `expiration`. */
export const ofObjects: Action = (rule) => {
  const [days, date] = [positive(rule, "expiration.days"), given(rule, "expiration.date")];
  return (days ?? date) === undefined ? undefined : { days, date, newest: undefined };
};

/** Earlier versions of objects, by `noncurrentVersionExpiration`. */
export const ofVersions: Action = (rule) => {
  const days = positive(rule, "noncurrentVersionExpiration.noncurrentDays");
  const newest = positive(rule, "noncurrentVersionExpiration.newerNoncurrentVersions");
  return (days ?? newest) === undefined ? undefined : { days: days ?? 0, date: undefined, newest };
};

const isGroup = (value: Value): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isPlaceholder(value);

function tagsOf(rule: Value): Value {
  const tags = given(rule, "filter.and.tags") ?? {};
  const key = given(rule, "filter.tag.key");
  if (isPlaceholder(key)) return key;
  return key === undefined || !isGroup(tags)
    ? tags
    : { ...tags, [shown(key)]: valueAt(rule, "filter.tag.value") ?? "" };
}

function scopeOf(rule: Value): Scope {
  const size = (what: string) => positive(rule, `filter.and.${what}`, `filter.${what}`);
  return {
    prefix: given(rule, "filter.and.prefix", "filter.prefix", "prefix") ?? "",
    tags: tagsOf(rule),
    objectSizeGreaterThan: size("objectSizeGreaterThan"),
    objectSizeLessThan: size("objectSizeLessThan"),
  };
}

/** Whether all that one scope names is in another. What can't be compared isn't. */
function isWithin(inner: Scope, outer: Scope): boolean {
  const { prefix, tags } = inner;
  const begins = typeof prefix === "string" && typeof outer.prefix === "string" && prefix.startsWith(outer.prefix);
  const hasTag = ([key, value]: [string, Value]) =>
    isGroup(tags) && Object.hasOwn(tags, key) && isDeepStrictEqual(tags[key], value);
  const [above, below] = [outer.objectSizeGreaterThan, outer.objectSizeLessThan];
  return (
    (outer.prefix === "" || begins) &&
    isGroup(outer.tags) &&
    Object.entries(outer.tags).every(hasTag) &&
    (above === undefined || Number(inner.objectSizeGreaterThan) >= Number(above)) &&
    (below === undefined || Number(inner.objectSizeLessThan) <= Number(below))
  );
}

/** Whether one deletes all that the other does, and as soon. Days and dates can't be compared. */
const isNoLater = (one: When, other: When): boolean =>
  (other.days === undefined || Number(one.days) <= Number(other.days)) &&
  (other.date === undefined || Date.parse(shown(one.date)) <= Date.parse(shown(other.date))) &&
  Number(one.newest ?? 0) <= Number(other.newest ?? 0);

function wordsOf({ days, date, newest }: When): string {
  if (days === undefined || isPlaceholder(days)) return shown(days ?? date);
  return `${shown(days)} ${Number(days) === 1 ? "day" : "days"}${newest === undefined ? "" : `, but the newest ${shown(newest)}`}`;
}

function scopeInWords({ prefix, tags, ...sizes }: Scope): string {
  const word = (value: Value) => (isPlaceholder(value) ? String(value) : JSON.stringify(value));
  const parts = [
    ...(prefix === "" ? [] : [`prefix ${word(prefix)}`]),
    ...(isGroup(tags) && Object.keys(tags).length === 0 ? [] : [`tags ${word(tags)}`]),
    ...Object.entries(sizes).flatMap(([key, size]) => (size === undefined ? [] : [`${key} ${shown(size)}`])),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** The rules of a lifecycle that delete something. Where nobody knows them yet, they are one that may delete anything. */
function deletions(inputs: Properties, action: Action): { scope: Scope; when: When }[] {
  const rules = inputs["rules"];
  const all = Array.isArray(rules) ? rules : isPlaceholder(rules) ? [rules] : [];
  return all
    .filter((rule) => valueAt(rule, "status") !== "Disabled")
    .flatMap((rule) => {
      const when = action(rule);
      return when === undefined ? [] : [{ scope: scopeOf(rule), when }];
    });
}

/**
 * The rules of a bucket's lifecycle that delete more than before, or sooner: those for which there was none that deleted
 * all of the same, and as soon. In words: when it was deleted, and when it would be.
 */
export function sooner(
  before: Properties,
  after: Properties,
  action: Action,
): { old: Value | undefined; new: Value }[] {
  const olds = deletions(before, action);
  return deletions(after, action).flatMap(({ scope, when }) => {
    const same = olds.filter((old) => isWithin(scope, old.scope)).map((old) => old.when);
    if (same.some((old) => isNoLater(old, when))) return [];
    const old = same.length === 0 ? undefined : [...new Set(same.map(wordsOf))].join(" and ");
    return [{ old, new: isPlaceholder(when.days) ? when.days : `${wordsOf(when)}${scopeInWords(scope)}` }];
  });
}
