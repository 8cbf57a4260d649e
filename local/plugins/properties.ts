import { isDeepStrictEqual } from "node:util";

/** Property values as the engine sends them; an unknown one is {@link UNKNOWN}, secrets arrive unwrapped. */
export type Properties = Record<string, unknown>;

/** The engine's mark for a value that a preview can't know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key and value by which the engine marks an object as a secret: the value, or in a state its ciphertext. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export const isObject = (value: unknown): value is Properties => typeof value === "object" && value !== null;

export const isSecret = (value: unknown): boolean => isObject(value) && value[SIGNATURE] === SECRET;

/** The value at a dotted path. */
export function valueAt(properties: unknown, path: string): unknown {
  return path.split(".").reduce((value, key) => (isObject(value) ? value[key] : undefined), properties);
}

/** A copy with another value at a dotted path; unchanged where the path leads into an unknown. */
export function withValueAt(properties: Properties, path: string, value: unknown): Properties {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...properties, [key]: value };
  const inner = properties[key];
  if (inner === UNKNOWN) return properties;
  return { ...properties, [key]: withValueAt(isObject(inner) ? inner : {}, rest.join("."), value) };
}

/** A copy without the value at a dotted path. */
export function withoutValueAt(properties: Properties, path: string): Properties {
  const [key = "", ...rest] = path.split(".");
  const { [key]: inner, ...others } = properties;
  if (rest.length === 0) return others;
  return isObject(inner) ? { ...properties, [key]: withoutValueAt(inner, rest.join(".")) } : properties;
}

/** The names of the top-level properties whose values differ. */
export function changedProperties(olds: Properties, news: Properties): string[] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...names].filter((name) => !isDeepStrictEqual(olds[name], news[name])).sort();
}
