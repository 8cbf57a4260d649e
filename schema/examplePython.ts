import { type Example, type ExampleResource, referredTo, type Value } from "./example";

/** As Pulumi's SDKs for Python name arguments and outputs. */
export const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();

/** As they name the members of a closed set. */
export const memberName = (name: string): string => snakeCase(name).toUpperCase();

/** What is laid out on one line if it fits, and otherwise an item a line. */
type Layout = string | { open: string; items: [prefix: string, Layout][]; close: string };

/** As Black's: https://black.readthedocs.io/en/stable/the_black_code_style/current_style.html */
const WIDTH = 88;
const INDENT = 4;

const onOneLine = (layout: Layout): string =>
  typeof layout === "string"
    ? layout
    : layout.open + layout.items.map(([prefix, it]) => prefix + onOneLine(it)).join(", ") + layout.close;

/** @param used What stands before it on its line, beside the indent. */
function laidOut(layout: Layout, used: number, indent = 0): string {
  const line = onOneLine(layout);
  if (typeof layout === "string" || indent + used + line.length < WIDTH) return line;
  const inner = indent + INDENT;
  const items = layout.items.map(
    ([prefix, it]) => `${" ".repeat(inner)}${prefix}${laidOut(it, prefix.length, inner)},`,
  );
  return [layout.open, ...items, " ".repeat(indent) + layout.close].join("\n");
}

function layoutOf(value: Value): Layout {
  switch (value.kind) {
    case "literal":
      return typeof value.value === "boolean" ? (value.value ? "True" : "False") : JSON.stringify(value.value);
    case "reference": {
      const { of, output, key } = value;
      return [snakeCase(of), output && `.${snakeCase(output)}`, key && `["${key}"]`].filter(Boolean).join("");
    }
    case "member":
      return `storage.${value.set}.${memberName(value.member)}`;
    case "list":
      return { open: "[", items: value.items.map((it) => ["", layoutOf(it)]), close: "]" };
    case "record":
      return { open: "{", items: value.entries.map(([key, it]) => [`"${key}": `, layoutOf(it)]), close: "}" };
    case "object":
      return { open: `storage.${value.type}Args(`, items: named(value.entries), close: ")" };
  }
}

const named = (entries: [string, Value][]): [string, Layout][] =>
  entries.map(([name, value]) => [`${snakeCase(name)}=`, layoutOf(value)]);

function resource({ key, component, args, providers, dependsOn }: ExampleResource): Layout {
  const made = component === "Provider" ? "kubernetes.Provider" : `storage.${component}`;
  const options = Object.entries({ providers, dependsOn }).flatMap(([name, items]): [string, Value][] =>
    items.length > 0 ? [[name, { kind: "list", items }]] : [],
  );
  const opts: [string, Layout][] =
    options.length > 0 ? [["opts=", { open: "pulumi.ResourceOptions(", items: named(options), close: ")" }]] : [];
  return { open: `${made}(`, items: [["", JSON.stringify(key)], ...named(args), ...opts], close: ")" };
}

/** An example as a program in Python. */
export function inPython(example: Example): string {
  const { about, config, resources } = example;
  const isNamed = referredTo(example);
  const usesPulumi =
    config.length > 0 || resources.some(({ providers, dependsOn }) => [...providers, ...dependsOn].length > 0);
  const usesKubernetes = resources.some(({ component }) => component === "Provider");
  const settings = config.map((name) => `${snakeCase(name)} = config.require("${name}")`);
  return [
    `"""${about}"""`,
    "",
    ...(usesPulumi ? ["import pulumi"] : []),
    "import pulumi_eks_storage as storage",
    ...(usesKubernetes ? ["import pulumi_kubernetes as kubernetes"] : []),
    "",
    ...(config.length > 0 ? ["config = pulumi.Config()", ...settings, ""] : []),
    ...resources.map((it) => {
      const before = isNamed.has(it.key) ? `${snakeCase(it.key)} = ` : "";
      return before + laidOut(resource(it), before.length);
    }),
    "",
  ].join("\n");
}
