import * as fs from "node:fs";
import * as path from "node:path";
import { type Form, formOf } from "../components/checks/argumentForms";
import { typeTokens } from "../components/typeTokens";
import { code, table } from "../config/markdown";
import { memberName } from "./examplePython";
import { type Component, nameOf, type Property, type SchemaFile, type Type } from "./file";
import { item, paragraphs } from "./referenceText";
import { REFUSALS } from "./refusals";

const CHECKOUT = path.dirname(__dirname);
const MADE =
  "<!-- Made by npm run docs from components/schema.json, components/checks/argumentForms.ts and docs/components/examples: " +
  "change what these are made from. -->";

/** An example in all languages, as its files have it. */
export interface ExampleTexts {
  typescript: string;
  python: string;
  yaml: string;
}

/** What an argument must be by itself; a closed set's values are its type's. */
function formAt(component: string, names: string[], property: Property): Form | undefined {
  return property.$ref ? undefined : formOf(component, names);
}

/** A component's own page. */
function componentPage(schema: SchemaFile, name: string, component: Component, example: ExampleTexts): string {
  const { description, inputProperties, requiredInputs = [], properties } = component;
  const lines = description.split("\n");
  const refusals = lines.filter((line) => line.startsWith(REFUSALS));
  const inputs = Object.entries(inputProperties).map(([argument, property]) =>
    item(argument, property, {
      schema,
      self: name,
      isRequired: requiredInputs.includes(argument),
      form: formAt(name, [argument], property),
    }),
  );
  const outputs = Object.entries(properties).map(([output, property]) =>
    item(output, property, { schema, self: name }),
  );
  const block = (language: string, text: string) => `\`\`\`${language}\n${text.trim()}\n\`\`\``;
  return `${MADE}

# ${name}

${paragraphs(lines.filter((line) => !refusals.includes(line)).join("\n"), name)}

## Example

In TypeScript:

${block("ts", example.typescript)}

In Python:

${block("python", example.python)}

In YAML:

${block("yaml", example.yaml)}

## Arguments

[How to read this list](README.md#how-to-read-these-pages).

${inputs.join("\n")}

## Outputs

${outputs.length > 0 ? outputs.join("\n") : "None."}

## Errors

Wrong arguments are [refused before anything is made](README.md#wrong-arguments).

${paragraphs(refusals.join("\n"), name)}
`;
}

/** Where a type is used first, as an argument's names. */
function placeOf(schema: SchemaFile, token: string): [component: string, names: string[]] | undefined {
  const refersTo = (property: Property): boolean =>
    property.$ref === `#/types/${token}` ||
    [property.items, property.additionalProperties].some((inner) => inner !== undefined && refersTo(inner));
  for (const [component, { inputProperties }] of Object.entries(schema.resources)) {
    const [name, { additionalProperties } = {}] =
      Object.entries(inputProperties).find(([, property]) => refersTo(property)) ?? [];
    // Of a map's members the key is a name, too.
    if (name !== undefined) return [nameOf(component), [name, ...(additionalProperties ? ["key"] : [])]];
  }
  return undefined;
}

/** What TypeScript calls a type: the schema leaves `Args` out, which SDKs add themselves. */
function inTypescript(name: string, report: string): string {
  const [, found] = new RegExp(`export (?:interface|const) (${name}(?:Args)?)\\b`).exec(report) ?? [];
  if (found === undefined) throw new Error(`components/eks-storage.api.md has no ${name}: npm run api writes it.`);
  return found;
}

function typeSection(schema: SchemaFile, token: string, type: Type, report: string): string {
  const name = nameOf(token);
  const title = `## ${name}\n\n${paragraphs(type.description)}`;
  if (type.enum) {
    const isDescribed = type.enum.some(({ description }) => description);
    const rows = type.enum.map(({ name: member, value, description = "" }) => [
      code(value),
      code(`storage.${name}.${member}`),
      code(`storage.${name}.${memberName(member)}`),
      ...(isDescribed ? [description] : []),
    ]);
    return `${title}\n\n${table(["value, in YAML", "TypeScript", "Python", ...(isDescribed ? ["meaning"] : [])], rows)}`;
  }
  const [component, names] = placeOf(schema, token) ?? ["", []];
  const members = Object.entries(type.properties ?? {}).map(([member, property]) =>
    item(member, property, {
      schema,
      isRequired: type.required?.includes(member) ?? false,
      form: formAt(component, [...names, member], property),
      page: "",
    }),
  );
  return `${title}\n\nIn TypeScript ${code(`storage.${inTypescript(name, report)}`)}, in Python ${code(`storage.${name}Args`)}.\n\n${members.join("\n")}`;
}

function typesPage(schema: SchemaFile): string {
  const report = fs.readFileSync(path.join(CHECKOUT, "components", "eks-storage.api.md"), "utf8");
  const types = Object.entries(schema.types).sort(([one], [other]) => (one < other ? -1 : 1));
  const sections = types.map(([token, type]) => typeSection(schema, token, type, report));
  return `${MADE}

# Types

What the [components'](README.md) arguments are made of.

${sections.join("\n\n")}
`;
}

/** Up to where the first sentence, or what could be one, ends. */
const firstSentence = (description: string) => /^.*?[.;](?=\s|$)/s.exec(description)![0].replace(/;$/, ".");

function indexPage(schema: SchemaFile): string {
  const rows = Object.entries(typeTokens).map(([name, token]) => [
    `[${code(name)}](${name}.md)`,
    firstSentence(schema.resources[token]!.description),
  ]);
  return `${MADE}

# The components

${table(["component", "what it is"], rows)}

[components.md](../components.md) says how they get into a program of yours.

## How to read these pages

A component is made with a name, its arguments and Pulumi's [resource options](https://www.pulumi.com/docs/iac/concepts/options/).
Names of arguments and outputs are those of TypeScript and YAML; where Python's differ, they stand beside them. The types are:

${table(
  ["here", "in TypeScript", "in Python", "in YAML"],
  [
    ["string", "`string`", "`str`", "`images`"],
    ["number", "`number`", "`int` or `float`", "`10`"],
    ["boolean", "`boolean`", "`bool`", "`true`"],
    ["list of strings", "`string[]`", "`list[str]`", "`[a, b]`"],
    ["map of strings", "`Record<string, string>`", "`dict[str, str]`", "`{ key: value }`"],
    [
      "[`PosixIdentity`](types.md#posixidentity)",
      "`{ uid: 1000, gid: 1000 }`",
      "`storage.PosixIdentityArgs(uid=1000, gid=1000)`",
      "`{ uid: 1000, gid: 1000 }`",
    ],
    ["[`Retention`](types.md#retention)", "`storage.Retention.Retain`", "`storage.Retention.RETAIN`", "`retain`"],
  ],
)}

An argument takes an output of another resource (an \`Input\`), unless it is **plain**: it decides what is made, or what it is
called, which the first preview must show. Of a map that is plain with inputs as its values, the keys are plain. Of an
argument that is plain but for what its type takes as inputs, the type's list says it of each member.

An optional argument's default is what its component does without it. Units are part of the names: \`drainTimeoutInMinutes\`.

Each example is a whole program but for the project's file; in YAML these lines stand above it:

\`\`\`yaml
name: shop
runtime: yaml
plugins:
  providers:
    - name: eks-storage
      path: ./node_modules/eks-storage
\`\`\`

Ids are placeholders. What an example takes from its stack's configuration is set by \`pulumi config set KEY VALUE\`. A new
stack also needs the region of its AWS provider: \`pulumi config set aws:region eu-west-1\`.

## Wrong arguments

A component looks at its arguments before it makes anything. It refuses all wrong ones in one message: for each what was
expected, what was found, and how to mend it. Refused are

- an output where an argument is plain;
- a value of another form than "Must be", or else the example in the text, gives on these pages, as far as it is known at
  the preview;
- a value left from an example, such as an account of AWS's documentation;
- what a component's page lists under _Errors_.

What can only be found by asking AWS or the cluster ends the preview, unless it is said otherwise.
`;
}

/** The pages of docs/components, by file name. */
export function referencePages(schema: SchemaFile, examples: Record<string, ExampleTexts>): Record<string, string> {
  const pages = Object.entries(typeTokens).map(([name, token]): [string, string] => {
    const example = examples[name];
    if (!example) throw new Error(`docs/components/examples has no ${name}.yaml: every component has an example.`);
    return [`${name}.md`, componentPage(schema, name, schema.resources[token]!, example)];
  });
  return { "README.md": indexPage(schema), "types.md": typesPage(schema), ...Object.fromEntries(pages) };
}
