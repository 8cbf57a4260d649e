import type { Shape } from "./model";

/** What kind of constraint a value violates. The first two say that a request isn't built as AWS's model is. */
export type Kind = "unknown" | "type" | "required" | "pattern" | "length" | "range" | "enum";

export interface Constraint {
  kind: Kind;
  /** AWS's words: `Member must have length less than or equal to 64`. */
  words: string;
  isMet: (value: unknown) => boolean;
}

const NUMBERS = ["integer", "long", "float", "double"];
const WHOLE_NUMBERS = ["integer", "long"];

export const isScalar = ({ type }: Shape) => !["structure", "list", "map"].includes(type);

/** Whether a value has the form that a shape has. */
export function isOfType({ type }: Shape, value: unknown): boolean {
  if (type === "list") return Array.isArray(value);
  if (type === "structure" || type === "map") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  if (WHOLE_NUMBERS.includes(type)) return Number.isInteger(value);
  if (NUMBERS.includes(type)) return typeof value === "number";
  return type === "boolean" ? typeof value === "boolean" : typeof value === "string";
}

/** The constraints of a shape, in the order in which AWS names them. */
export function constraintsOf(shape: Shape): Constraint[] {
  const { min, max, pattern, enum: values } = shape;
  const isNumber = NUMBERS.includes(shape.type);
  const kind = isNumber ? "range" : "length";
  const bound = (words: string, limit: number, isMet: (size: number) => boolean): Constraint => {
    return { kind, words: `Member must have ${words} to ${limit}`, isMet: (value) => isMet(sizeOf(value)) };
  };
  const [what] = isNumber ? ["value"] : ["length"];
  return [
    ...(max === undefined ? [] : [bound(`${what} less than or equal`, max, (size) => size <= max)]),
    ...(min === undefined ? [] : [bound(`${what} greater than or equal`, min, (size) => size >= min)]),
    ...(pattern === undefined ? [] : [matching(pattern)]),
    ...(values === undefined ? [] : [oneOf(values)]),
  ];
}

const matching = (pattern: string): Constraint => ({
  kind: "pattern",
  words: `Member must satisfy regular expression pattern: ${pattern}`,
  isMet: (value) => regularExpression(pattern).test(String(value)),
});

const oneOf = (values: string[]): Constraint => ({
  kind: "enum",
  words: `Member must satisfy enum value set: [${values.join(", ")}]`,
  isMet: (value) => values.includes(String(value)),
});

/** Of a number its value, of a text its characters, of everything else its members. */
function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? value.length : Object.keys(value as object).length;
}

const expressions = new Map<string, RegExp>();

/**
 * AWS's patterns are Java's, and the whole value has to match. With `\p{L}` JavaScript needs the flag `u`, which in turn
 * refuses a backslash before what needs none.
 */
export function regularExpression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const isUnicode = pattern.includes("\\p{");
  const source = isUnicode ? pattern.replaceAll(/\\([^A-Za-z0-9^$\\.*+?()[\]{}|/-])/g, "$1") : pattern;
  const expression = new RegExp(`^(?:${source})$`, isUnicode ? "u" : "");
  expressions.set(pattern, expression);
  return expression;
}
