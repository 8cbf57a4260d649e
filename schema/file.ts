import * as fs from "node:fs";
import * as path from "node:path";

/** The components' schema as its file has it: what is read of it without an SDK. */
export interface SchemaFile {
  resources: Record<string, Component>;
  types: Record<string, Type>;
}

export interface Component {
  description: string;
  inputProperties: Record<string, Property>;
  requiredInputs?: string[];
  properties: Record<string, Property>;
}

/** An interface, or a closed set of values. */
export interface Type {
  description: string;
  properties?: Record<string, Property>;
  required?: string[];
  enum?: { name: string; value: string; description?: string }[];
}

export interface Property {
  description?: string;
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
  plain?: boolean;
  secret?: boolean;
}

/** The schema of the components, from which other languages' SDKs are made, and which the plugin answers: npm run schema. */
export const SCHEMA_FILE = path.join(__dirname, "..", "components", "schema.json");

export const readSchema = (): SchemaFile => JSON.parse(fs.readFileSync(SCHEMA_FILE, "utf8")) as SchemaFile;

/** A component's or a type's name, from its token or a reference to it. */
export const nameOf = (token: string): string => token.split(":").at(-1)!;

/** What a reference leads to. */
export const typeOf = ({ types }: SchemaFile, { $ref = "" }: Property): Type | undefined =>
  types[$ref.replace("#/types/", "")];
