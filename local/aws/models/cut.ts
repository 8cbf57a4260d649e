import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { services } from "../services";
import { copyInfo, readWheel } from "../wheel";
import type { Model, Shape } from "./model";

// Cuts out of the botocore that botocore.txt pins what the AWS provider sends for the types of resources that the
// stand-in knows: the requests' shapes, without their documentation. `npm run models`; needs Python with pip.

/** botocore's `service-2.json`, as far as it is read. */
interface Service {
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

function readService(directory: string, name: string): Service {
  const versions = path.join(directory, "botocore", "data", name);
  const newest = fs.readdirSync(versions).sort().pop()!;
  const packed = fs.readFileSync(path.join(versions, newest, "service-2.json.gz"));
  return JSON.parse(gunzipSync(packed).toString()) as Service;
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

function cut({ metadata, operations, shapes }: Service, asked: string[]): Model {
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
function print({ apiVersion, operations, shapes }: Model): string {
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

readWheel(path.join(__dirname, "botocore.txt"), (directory) => {
  for (const [name, { resources = {} }] of Object.entries(services)) {
    const calls = Object.values(resources).flatMap(({ calls: { create = [], update = [] } = {} }) => [
      ...create,
      ...update,
    ]);
    if (calls.length === 0) continue;
    fs.writeFileSync(path.join(__dirname, `${name}.json`), print(cut(readService(directory, name), calls)));
  }
  copyInfo(directory, "LICENSE.txt", path.join(__dirname, "LICENSE"));
  copyInfo(directory, "NOTICE", path.join(__dirname, "NOTICE"));
});
