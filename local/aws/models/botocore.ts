import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { readWheel } from "../wheel";
import type { Model, Shape } from "./model";

/** botocore's `service-2.json`, as far as it is read. */
export interface BotocoreService {
  metadata: { apiVersion: string };
  operations: Record<string, { input?: { shape: string } }>;
  shapes: Record<string, BotocoreShape>;
}

interface Reference {
  shape: string;
  /** The SDK fills it in. */
  idempotencyToken?: boolean;
}

interface BotocoreShape extends Omit<Shape, "members" | "member" | "key" | "value"> {
  members?: Record<string, Reference>;
  member?: Reference;
  key?: Reference;
  value?: Reference;
}

/** Reads the botocore that botocore.txt pins; needs Python with pip. */
export const readBotocore = (read: (directory: string) => void) =>
  readWheel(path.join(__dirname, "botocore.txt"), read);

/** @param directory where botocore is. */
export function readService(directory: string, name: string): BotocoreService {
  const versions = path.join(directory, "botocore", "data", name);
  const newest = fs.readdirSync(versions).sort().pop()!;
  const packed = fs.readFileSync(path.join(versions, newest, "service-2.json.gz"));
  return JSON.parse(gunzipSync(packed).toString()) as BotocoreService;
}

/** A shape with what a request can violate, and nothing else. */
function cutShape({ type, members, member, key, value, required = [], ...constraints }: BotocoreShape): Shape {
  const given = Object.entries(members ?? {});
  const isAsked = (name: string) => members?.[name]?.idempotencyToken !== true;
  const { enum: values, pattern, min, max, sensitive } = constraints;
  return {
    type,
    required: required.some(isAsked) ? required.filter(isAsked) : undefined,
    members: members && Object.fromEntries(given.map(([name, { shape }]) => [name, shape])),
    member: member?.shape,
    key: key?.shape,
    value: value?.shape,
    enum: values,
    pattern,
    min,
    max,
    sensitive,
  };
}

/** The requests of some operations: their shapes, without documentation. */
export function cut({ metadata, operations, shapes }: BotocoreService, asked: string[]): Model {
  const model: Model = { apiVersion: metadata.apiVersion, operations: {}, shapes: {} };
  const take = (name: string | undefined): void => {
    if (name === undefined || name in model.shapes) return;
    const shape = cutShape(shapes[name]!);
    model.shapes[name] = shape;
    [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value].forEach(take);
  };
  for (const operation of asked) {
    const input = operations[operation]?.input?.shape;
    if (!input) throw new Error(`botocore knows no operation ${operation} with a request`);
    model.operations[operation] = input;
    take(input);
  }
  return model;
}

const sorted = (record: object) => Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));

/** JSON with one shape a line, so that a difference can be read. */
export function print({ apiVersion, operations, shapes }: Model): string {
  const lines = (record: object) =>
    sorted(record)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(",\n");
  return [
    `{\n  "apiVersion": ${JSON.stringify(apiVersion)},\n`,
    `  "operations": {\n${lines(operations)}\n  },\n`,
    `  "shapes": {\n${lines(shapes)}\n  }\n}\n`,
  ].join("");
}
