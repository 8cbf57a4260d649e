/** What stands for a value that isn't shown. In a text, and in JSON, it is its words. */
class Placeholder {
  constructor(private readonly words: string) {}
  toString(): string {
    return this.words;
  }
  toJSON(): string {
    return this.words;
  }
}

/** A value that only the deployment will know. */
export const notKnown = new Placeholder("not known yet");

/** A value that nobody may read. */
export const secret = new Placeholder("[secret]");

export const isPlaceholder = (value: unknown): value is Placeholder => value instanceof Placeholder;

/** A property's value, without secrets. */
export type Value = string | number | boolean | null | Placeholder | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

/**
 * How the engine writes a value that it doesn't know, by its type: `Unknown…Value` in sdk/go/common/resource/plugin/rpc.go
 * of github.com/pulumi/pulumi.
 */
const UNKNOWNS = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const UNKNOWN = new RegExp(UNKNOWNS.join("|"), "g");

/** The key that marks an object as what it stands for, and its values: sdk/go/common/resource/sig/sig.go. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** As the engine prints a secret. */
const PRINTED_SECRET = "[secret]";

/** Deeper than any resource's properties; what reads values calls itself as often. */
const DEEPEST = 100;

/** A value nested so deep that nobody meant it. */
export class DepthError extends Error {
  constructor() {
    super(`no value is nested deeper than ${DEEPEST} levels`);
  }
}

/**
 * A value of the engine's JSON, with words in the place of secrets and of what isn't known yet.
 *
 * @throws DepthError
 */
export function cleaned(value: unknown, depth = 0): Value {
  if (depth > DEEPEST) throw new DepthError();
  if (typeof value === "string") {
    if (value === PRINTED_SECRET) return secret;
    return UNKNOWNS.includes(value) ? notKnown : value.replace(UNKNOWN, String(notKnown));
  }
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null) return null;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  const { [SIGNATURE]: signature, ...rest } = value as Record<string, unknown>;
  if (signature === SECRET) return secret;
  if (signature === OUTPUT) {
    if (rest["secret"] === true) return secret;
    return "value" in rest ? cleaned(rest["value"], depth + 1) : notKnown;
  }
  return Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, cleaned(item, depth + 1)]));
}

/**
 * The steps of a property's path as the engine writes it, such as `tags["a.b"]` or `rules[0].id`; none where it can't be
 * read: https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/
 */
export function stepsOf(path: string): string[] | undefined {
  const steps: string[] = [];
  const step = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.[\]"]+)/y;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (!found) return undefined;
    steps.push(found[1]?.replace(/\\(.)/g, "$1") ?? found[2] ?? found[3]!);
  }
  return steps;
}

/** The value at a path; `undefined` where there is none. Within a placeholder it is that placeholder. */
export function valueAt(properties: Value | undefined, path: string): Value | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  return steps.reduce<Value | undefined>((value, step) => {
    if (isPlaceholder(value)) return value;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Properties)[step];
  }, properties);
}

/** Control characters, and those that turn a line's direction: a name or a value could redraw a terminal with them. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A text in one line that a terminal shows as it is. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The same of a text of several lines. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

/**
 * A value for a person, in one line: `none` where there is none.
 *
 * @param longest in characters; what is longer is cut, and ends with `…`.
 */
export function shown(value: Value | undefined, longest = 200): string {
  const plain = typeof value === "string" || isPlaceholder(value);
  const text = value === undefined ? "none" : plain ? String(value) : JSON.stringify(value);
  const line = value === "" ? '""' : printable(text.length > longest * 2 ? text.slice(0, longest * 2) : text);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
