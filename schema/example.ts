import * as yaml from "yaml";
import { type Component, nameOf, type Property, type SchemaFile, typeOf } from "./file";

/** A value of an example, in no language. */
export type Value =
  | { kind: "literal"; value: string | number | boolean }
  /** Of a resource, or of the configuration: `files.accessPointIds["images"]`. */
  | { kind: "reference"; of: string; output?: string; key?: string }
  /** One of a closed set, by its name there. */
  | { kind: "member"; set: string; member: string }
  | { kind: "list"; items: Value[] }
  /** A record by the user's own keys. */
  | { kind: "record"; entries: [string, Value][] }
  /** A type of the schema. */
  | { kind: "object"; type: string; entries: [string, Value][] };

type Reference = Extract<Value, { kind: "reference" }>;

/** One resource: a component by its name, or the `Provider` of Kubernetes. */
export interface ExampleResource {
  key: string;
  component: string;
  args: [string, Value][];
  providers: Reference[];
  dependsOn: Reference[];
}

/** A program that shows how a component is used. */
export interface Example {
  /** What it does, in words. */
  about: string;
  /** The names of what it takes from its stack's configuration, all of them texts. */
  config: string[];
  resources: ExampleResource[];
}

interface Source {
  config?: Record<string, { type: "string" }>;
  resources: Record<
    string,
    { type: string; properties: Record<string, unknown>; options?: { providers?: unknown[]; dependsOn?: unknown[] } }
  >;
}

const KUBERNETES = "pulumi:providers:kubernetes";
const PROVIDER: Component = {
  description: "",
  inputProperties: { kubeconfig: { type: "string" } },
  properties: {},
};

/**
 * Reads a program in Pulumi's YAML, as far as the examples need it.
 *
 * @throws Error with all names that the schema doesn't have, and all that can't be written in other languages. What is missing,
 *   or of another type, those languages' own checks find.
 */
export function readExample(text: string, schema: SchemaFile): Example {
  const { config = {}, resources } = yaml.parse(text) as Source;
  const mistakes: string[] = [];
  const components = Object.fromEntries(Object.entries(schema.resources).map(([token, it]) => [nameOf(token), it]));
  const componentOf = (type: string): Component | undefined =>
    type === KUBERNETES ? PROVIDER : components[nameOf(type)];

  const checkOutput = (of: string, output: string, key: string | undefined, place: string) => {
    const { properties } = componentOf(resources[of]!.type) ?? {};
    const property = properties?.[output];
    if (properties && !property) mistakes.push(`${place}: ${of} has the outputs ${Object.keys(properties).join(", ")}`);
    if (property && key !== undefined && !property.additionalProperties)
      mistakes.push(`${place}: ${of}.${output} has no keys`);
  };
  const reference = (value: unknown, place: string): Reference | undefined => {
    if (typeof value !== "string") return undefined;
    const [, of, output, key] = /^\$\{(\w+)(?:\.(\w+))?(?:\["(\w+)"\])?\}$/.exec(value) ?? [];
    if (of === undefined) return undefined;
    const isThere = output === undefined ? of in config || of in resources : of in resources;
    if (!isThere) mistakes.push(`${place}: there is no ${of}`);
    else if (output !== undefined) checkOutput(of, output, key, place);
    return { kind: "reference", of, output, key };
  };
  const entriesOf = (value: object, properties: Record<string, Property>, place: string): [string, Value][] =>
    Object.entries(value).flatMap(([name, it]) => {
      const property = properties[name];
      if (property) return [[name, valueOf(it, property, `${place}.${name}`)] as [string, Value]];
      mistakes.push(`${place}.${name}: the schema has ${Object.keys(properties).join(", ")}`);
      return [];
    });
  const valueOf = (value: unknown, property: Property, place: string): Value => {
    const referred = reference(value, place);
    if (referred) return referred;
    const type = typeOf(schema, property);
    if (type?.enum) {
      const member = type.enum.find((it) => it.value === value);
      if (!member) mistakes.push(`${place}: ${String(value)} is none of ${type.enum.map((it) => it.value).join(", ")}`);
      return { kind: "member", set: nameOf(property.$ref!), member: member?.name ?? "" };
    }
    if (Array.isArray(value)) {
      return { kind: "list", items: value.map((it, index) => valueOf(it, property.items ?? {}, `${place}[${index}]`)) };
    }
    if (typeof value === "object" && value !== null) {
      if (type) {
        return {
          kind: "object",
          type: nameOf(property.$ref!),
          entries: entriesOf(value, type.properties ?? {}, place),
        };
      }
      const inner = property.additionalProperties ?? {};
      const entries = Object.entries(value).map(([key, it]): [string, Value] => [
        key,
        valueOf(it, inner, `${place}.${key}`),
      ]);
      return { kind: "record", entries };
    }
    if (String(value).includes("${")) mistakes.push(`${place}: ${String(value)} is a text with a reference in it`);
    return { kind: "literal", value: value as string };
  };
  const references = (values: unknown[] = [], place: string) =>
    values.flatMap((value) => {
      const found = reference(value, place);
      if (!found) mistakes.push(`${place}: ${String(value)} is no reference`);
      return found ?? [];
    });

  const read = Object.entries(resources).flatMap(([key, { type, properties, options = {} }]): ExampleResource[] => {
    const component = type === KUBERNETES ? "Provider" : nameOf(type);
    const of = componentOf(type);
    if (!of) mistakes.push(`${key}: there is no component ${type}`);
    if (!of) return [];
    const args = entriesOf(properties, of.inputProperties, key);
    const [providers, dependsOn] = [references(options.providers, key), references(options.dependsOn, key)];
    return [{ key, component, args, providers, dependsOn }];
  });
  const [, about = ""] = /^# (.{1,82})\n/.exec(text) ?? [];
  if (!about) mistakes.push("the first line: a comment of at most 82 characters says what the example does");
  if (mistakes.length > 0) throw new Error(mistakes.map((it) => `  - ${it}\n`).join(""));
  return { about, config: Object.keys(config), resources: read };
}

/** The keys of what other resources refer to: the others need no name in a program. */
export function referredTo(example: Example): Set<string> {
  const found = new Set<string>();
  const visit = (value: Value): void => {
    if (value.kind === "reference") found.add(value.of);
    else if (value.kind === "list") value.items.forEach(visit);
    else if ("entries" in value) value.entries.forEach(([, it]) => visit(it));
  };
  for (const { args, providers, dependsOn } of example.resources) {
    args.forEach(([, value]) => visit(value));
    [...providers, ...dependsOn].forEach(visit);
  }
  return found;
}
