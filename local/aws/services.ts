import { backup } from "./backup/resources";
import { cluster } from "./eks/resources";
import { identity } from "./iam/resources";
import { network } from "./ec2/resources";
import { s3 } from "./s3/resources";
import { storage } from "./efs/resources";
import { token } from "./records";
import type { ResourceType, ResourceTypes } from "./service";

export type * from "./service";

/** Every type that the stand-in knows, by the part of its token between the colons' first and second. */
export const types: ResourceTypes = { ...network, ...identity, ...storage, ...s3, ...backup, ...cluster };

const byToken = new Map(Object.keys(types).map((type) => [token(type), type]));

/** The paths of a type's properties that hold ids of things of another type. */
export const references = (type: string, referredType: string): string[] =>
  (types[type]?.refersTo ?? "")
    .split(" ")
    .filter((reference) => reference.endsWith(`:${referredType}`))
    .map((reference) => reference.split(":")[0]!);

/** @throws when the stand-in doesn't know the type, naming where to add it. */
export function typeOf(typeToken: string): { type: string } & ResourceType {
  const type = byToken.get(typeToken);
  if (type) return { type, ...types[type]! };
  throw new Error(
    `The stand-in for AWS doesn't know the resource type ${typeToken}.\n` +
      `Add it to local/aws/, or install the real aws plugin. Known: ${Object.keys(types).sort().join(", ")}.`,
  );
}
