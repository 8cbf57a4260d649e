import * as pulumi from "@pulumi/pulumi";

/** What a schema says of a value. */
export interface Form {
  type?: string;
  $ref?: string;
  items?: Form;
  additionalProperties?: Form;
}

/** The properties of a schema's object types, by the reference to each. */
export type ObjectTypes = Record<string, Record<string, Form> | undefined>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapped = (record: Record<string, unknown>, of: (value: unknown, key: string) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value, key)]));

/**
 * Texts that must not be guessed from a number: YAML reads `0750` as octal, the number 488, and `1.30` as 1.3.
 * https://yaml.org/type/int.html
 */
const IN_QUOTES = ["permissions", "kubernetesVersion"];

/**
 * A value as its form wants it: a number where a text belongs is that text, and so is a boolean. To a program in YAML the
 * engine gives a configuration's `111122223333`, an account's id, as a number, whatever type the program declares.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/go/common/resource/config/value.go (coerceObject)
 *
 * @param name The argument's, or the property's that it is in.
 */
export function withTexts(name: string, value: unknown, form: Form | undefined, types: ObjectTypes): unknown {
  if (form === undefined) return value;
  if (pulumi.Output.isInstance(value)) return value.apply((it) => withTexts(name, it, form, types));
  if (["number", "boolean"].includes(typeof value) && form.type === "string")
    return IN_QUOTES.includes(name) ? value : String(value);
  if (Array.isArray(value)) return value.map((it) => withTexts(name, it, form.items, types));
  if (!isRecord(value)) return value;
  const { additionalProperties } = form;
  if (additionalProperties) return mapped(value, (it) => withTexts(name, it, additionalProperties, types));
  const properties = types[form.$ref ?? ""];
  return properties ? mapped(value, (it, key) => withTexts(key, it, properties[key], types)) : value;
}
