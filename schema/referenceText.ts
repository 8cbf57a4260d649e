import { typeTokens } from "../components/typeTokens";
import { snakeCase } from "./examplePython";
import { nameOf, type Property } from "./file";

export const code = (text: string): string => `\`${text}\``;

export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** On a page of docs/components, other pages' names in a description, and other components', are links. */
const linked = (text: string, self?: string): string =>
  text
    .replace(/\bdocs\/([a-z]+\.md)\b/g, "[docs/$1](../$1)")
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

/** Whether it takes outputs, in words; nothing where it does. */
function plainText({ plain, items, additionalProperties }: Property): string[] {
  const inner = items ?? additionalProperties;
  if (!plain) return [];
  return [inner && !inner.plain ? "plain, its values inputs" : "plain"];
}

/** What stands before the description must not be said twice. */
const withoutMarks = (text: string) => text.replace(/ (Plain( keys| names)?|Secret)\.(?= |$)/g, "");

/** One argument, member or output, as an item of a list. */
export function item(
  name: string,
  property: Property,
  { isRequired, expected, page, self }: { isRequired?: boolean; expected?: string; page?: string; self?: string },
): string {
  const python = snakeCase(name) === name ? "" : `, in Python ${code(snakeCase(name))}`;
  const words = [
    typeText(property, page),
    ...(isRequired === undefined ? [] : [isRequired ? "required" : "optional"]),
    ...plainText(property),
    ...(property.secret ? ["secret"] : []),
  ];
  const said = withoutMarks(property.description ?? "");
  const many = property.items ?? property.additionalProperties;
  const form = expected === undefined ? "" : ` ${many ? "Each must be" : "Must be"} ${expected}.`;
  const [text, byDefault] = said.split(/ ?Default: /);
  const otherwise = byDefault === undefined ? "" : ` Default: ${byDefault}`;
  return `- **${code(name)}**${python}: ${words.join(", ")}. ${linked(`${text}${form}${otherwise}`, self)}`;
}
