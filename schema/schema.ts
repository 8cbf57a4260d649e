import * as fs from "node:fs";
import * as path from "node:path";
import { Analyzer, type AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema, type PackageSpec, type Property } from "@pulumi/pulumi/provider/experimental/schema";
import type * as ts from "typescript";
import { typeTokens } from "../components/typeTokens";
import { flattenComments, interfaceDescriptions } from "./documentation";

const CHECKOUT = path.dirname(__dirname);

const NAME = "eks-storage";

/** A part of a schema as other languages' users are shown it. */
export interface Described {
  description?: string;
  /** Whether its value is hidden; the SDK's types leave it out. */
  secret?: boolean;
}

/** A kubeconfig is a secret however it is given; an output that is one says so. */
const isSecret = (name: string, { description }: Property) =>
  name === "kubeconfig" || /\bSecret\.$/.test(description ?? "");

/** As the analyser has a property: whether it is optional stands in its object's list of required ones. */
function propertyOf(
  name: string,
  { optional: _, ...property }: Property & { optional?: boolean },
): Property & Described {
  return isSecret(name, property) ? { ...property, secret: true } : property;
}

const propertiesOf = (properties: Record<string, Property> = {}) =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, propertyOf(name, property)]));

/** What is analysed, with every comment as one text. Of the analyser's program, its types say that it is private. */
function analyse(directory: string): AnalyzeResult & { interfaces: Record<string, string> } {
  const names = new Set(Object.keys(typeTokens));
  const analyser = new Analyzer(directory, NAME, { main: "index.ts" }, names);
  const { program } = analyser as unknown as { program: ts.Program };
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(directory + path.sep));
  files.forEach(flattenComments);
  const interfaces = Object.assign({}, ...files.map(interfaceDescriptions)) as Record<string, string>;
  return { ...analyser.analyze(), interfaces };
}

/** SDKs add `Args` to the name of each type that they take. */
function withoutArgs(schema: PackageSpec): PackageSpec {
  const names = Object.keys(schema.types).map((token) => token.split(":")[2]!);
  const renamed = names.filter((name) => name.endsWith("Args"));
  const taken = renamed.filter((name) => names.includes(name.replace(/Args$/, "")));
  if (taken.length > 0)
    throw new Error(
      `${taken.join(", ")}: without Args, which SDKs add themselves, it is the name of another type. Rename one of the two.`,
    );
  const anywhere = new RegExp(`\\b(${renamed.join("|")})\\b`, "g");
  return JSON.parse(JSON.stringify(schema).replace(anywhere, (name) => name.replace(/Args$/, ""))) as PackageSpec;
}

/**
 * The components' schema, read from their sources by Pulumi's analyser: 10 s, which is why the plugin has it in a file.
 * https://www.pulumi.com/docs/iac/using-pulumi/extending-pulumi/schema/
 *
 * @throws Error for an argument's or output's type that has no form in a schema, naming it.
 */
export function componentsSchema(): PackageSpec {
  const manifest = JSON.parse(fs.readFileSync(path.join(CHECKOUT, "components", "package.json"), "utf8")) as {
    version: string;
    description: string;
  };
  const { components, typeDefinitions, dependencies, interfaces } = analyse(path.join(CHECKOUT, "components"));
  const { version, description } = manifest;
  const schema = generateSchema(NAME, version, description, components, typeDefinitions, dependencies);
  for (const resource of Object.values(schema.resources)) {
    resource.inputProperties = propertiesOf(resource.inputProperties);
    resource.properties = propertiesOf(resource.properties);
  }
  for (const [token, type] of Object.entries(schema.types)) {
    const name = token.split(":")[2]!;
    // As of 3.248 the analyser's own descriptions of types get lost on the way.
    type.description = typeDefinitions[name]?.description ?? interfaces[name];
    if (type.properties) type.properties = propertiesOf(type.properties);
  }
  return withoutArgs(schema);
}

/** As the file has it. */
export const schemaText = (schema: PackageSpec): string => `${JSON.stringify(schema, undefined, 2)}\n`;
