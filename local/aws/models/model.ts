import * as fs from "node:fs";
import * as path from "node:path";

/** One of AWS's shapes, without its documentation; other shapes go by their names. */
export interface Shape {
  /** `structure`, `list`, `map`, `string`, `integer`, `long`, `float`, `double`, `boolean`, `timestamp`, `blob`. */
  type: string;
  /** Of a structure: the shape of each member, and the members that can't be left out. */
  members?: Record<string, string>;
  required?: string[];
  /** Of a list. */
  member?: string;
  /** Of a map. */
  key?: string;
  value?: string;
  enum?: string[];
  pattern?: string;
  /** Of a number its value, of everything else its length. */
  min?: number;
  max?: number;
  /** It is not repeated in an answer. */
  sensitive?: true;
}

/** What AWS takes in requests of a service: cut out of botocore by `npm run models`. */
export interface Model {
  apiVersion: string;
  /** The shape of each operation's request. */
  operations: Record<string, string>;
  shapes: Record<string, Shape>;
}

const models = new Map<string, Model>();

/** @param service as botocore calls it, such as `efs`. */
export function modelOf(service: string): Model {
  const known = models.get(service);
  if (known) return known;
  const model = JSON.parse(fs.readFileSync(path.join(__dirname, `${service}.json`), "utf8")) as Model;
  models.set(service, model);
  return model;
}

/** @throws when a shape isn't in the model, which then isn't what `npm run models` writes. */
export function shapeOf(model: Model, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`No shape ${name} in the model: run npm run models`);
  return shape;
}
