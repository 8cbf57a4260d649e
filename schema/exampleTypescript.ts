import { type Example, type ExampleResource, referredTo, type Value } from "./example";

const isName = /^[A-Za-z_]\w*$/;

function textOf(value: Value): string {
  switch (value.kind) {
    case "literal":
      return JSON.stringify(value.value);
    case "reference": {
      const { of, output, key } = value;
      // Any key of a record may be absent to TypeScript.
      return [of, output && `.${output}`, key && `["${key}"]!`].filter(Boolean).join("");
    }
    case "member":
      return `storage.${value.set}.${value.member}`;
    case "list":
      return `[${value.items.map(textOf).join(", ")}]`;
    case "record":
    case "object":
      return record(value.entries.map(([name, it]) => [name, textOf(it)]));
  }
}

const record = (entries: [string, string][]) =>
  entries.length === 0
    ? "{}"
    : `{ ${entries.map(([name, text]) => (name === text ? name : `${isName.test(name) ? name : JSON.stringify(name)}: ${text}`)).join(", ")} }`;

function resource({ key, component, args, providers, dependsOn }: ExampleResource): string {
  const made = component === "Provider" ? "kubernetes.Provider" : `storage.${component}`;
  const options = Object.entries({ providers, dependsOn }).flatMap(([name, items]): [string, string][] =>
    items.length > 0 ? [[name, textOf({ kind: "list", items })]] : [],
  );
  const all = [JSON.stringify(key), record(args.map(([name, value]) => [name, textOf(value)]))];
  return `new ${made}(${[...all, ...(options.length > 0 ? [record(options)] : [])].join(", ")});`;
}

/** An example as a program in TypeScript, still to be formatted. */
export function inTypescript(example: Example): string {
  const { about, config, resources } = example;
  const named = referredTo(example);
  const imports = [
    ...(resources.some(({ component }) => component === "Provider")
      ? ['import * as kubernetes from "@pulumi/kubernetes";']
      : []),
    ...(config.length > 0 ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    'import * as storage from "eks-storage";',
  ];
  const settings = config.map((name) => `const ${name} = config.require("${name}");`);
  return [
    `// ${about}`,
    ...imports,
    "",
    ...(config.length > 0 ? ["const config = new pulumi.Config();", ...settings, ""] : []),
    ...resources.map((it) => (named.has(it.key) ? `const ${it.key} = ` : "") + resource(it)),
    "",
  ].join("\n");
}
