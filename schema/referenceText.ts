import type { Form } from "../components/checks/argumentForms";
import { typeTokens } from "../components/typeTokens";
import { code } from "../config/markdown";
import { snakeCase } from "./examplePython";
import { nameOf, type Property, type SchemaFile, typeOf } from "./file";

/** On a page of docs/components, other pages' names in a description, and other components', are links; not within a URL. */
const linked = (text: string, self?: string): string =>
  text
    .replace(/(?<![/\w])docs\/([a-z]+\.md)\b/g, "[docs/$1](../$1)")
    .replace(/`(\w+)`/g, (word, name: string) =>
      name in typeTokens && name !== self ? `[${word}](${name}.md)` : word,
    );

/** A description's paragraphs and lists. */
export const paragraphs = (description: string, self?: string): string =>
  linked(description.replaceAll(/\n(?!- )/g, "\n\n"), self);

/** What a type is called on the pages, whose first page says what that is in each language. */
export function typeText(property: Property, page = "types.md"): string {
  if (property.$ref) {
    const name = nameOf(property.$ref);
    return `[${code(name)}](${page}#${name.toLowerCase()})`;
  }
  if (property.items) return `list of ${plural(typeText(property.items, page))}`;
  if (property.additionalProperties) return `map of ${plural(typeText(property.additionalProperties, page))}`;
  return property.type!;
}

const plural = (type: string) => (/^[a-z]+$/.test(type) ? `${type}s` : type);

/** Whether something in it takes outputs: a value of a list or a map, or a member of its type. */
function takesInputs(schema: SchemaFile, property: Property): boolean {
  const inner = property.items ?? property.additionalProperties;
  const within = [...(inner ? [inner] : []), ...Object.values(typeOf(schema, property)?.properties ?? {})];
  return within.some((it) => !it.plain || takesInputs(schema, it));
}

/** Whether it takes outputs, in words; nothing where it does. */
function plainText(schema: SchemaFile, property: Property): string[] {
  const { plain, items, additionalProperties } = property;
  const inner = items ?? additionalProperties;
  if (!plain) return [];
  if (inner && !inner.plain) return ["plain, its values inputs"];
  return [takesInputs(schema, property) ? "plain but for what its type takes as inputs" : "plain"];
}

/** What stands before the description must not be said twice. */
function withoutMarks({ description = "", plain }: Property): string {
  const text = description.replace(/ (Plain( keys| names| but for [^.]*)?|Secret)\.(?= |$)/g, "");
  return plain ? text.replace(/ Whether it is given is plain\.(?= |$)/, "") : text;
}

/** What its value must be, in a sentence: nothing where that only has an example, and the description has one, too. */
function formText(form: Form | undefined, { description = "", items, additionalProperties }: Property): string {
  if (!form) return "";
  const [, example] = /, (such as \S+|[a-z]+-…)$/.exec(form.expected) ?? [];
  const examples = [...description.matchAll(/`([^`]+)`/g)].map(([, it]) => it!);
  if (example && examples.some((it) => it === example || form.test(it))) return "";
  return ` ${items || additionalProperties ? "Each must be" : "Must be"} ${form.expected}.`;
}

interface ItemOptions {
  schema: SchemaFile;
  isRequired?: boolean;
  form?: Form;
  page?: string;
  self?: string;
}

/** One argument, member or output, as an item of a list. */
export function item(name: string, property: Property, { schema, isRequired, form, page, self }: ItemOptions): string {
  const python = snakeCase(name) === name ? "" : `, in Python ${code(snakeCase(name))}`;
  const words = [
    typeText(property, page),
    ...(isRequired === undefined ? [] : [isRequired ? "required" : "optional"]),
    ...plainText(schema, property),
    ...(property.secret ? ["secret"] : []),
  ];
  const [text, byDefault] = withoutMarks(property).split(/ ?Default: /);
  const otherwise = byDefault === undefined ? "" : ` Default: ${byDefault}`;
  return `- **${code(name)}**${python}: ${words.join(", ")}. ${linked(`${text}${formText(form, property)}${otherwise}`, self)}`;
}
