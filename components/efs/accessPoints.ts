import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { validateAccessPointPath } from "./accessPointPath";
import { validatePosixIdentity, type PosixIdentity } from "./posixIdentity";
import type { Violation } from "../checks/violations";
import { keepsData, type Retention } from "../retention/retention";

export interface AccessPointArgs {
  /** Directory that clients see as `/`, such as `/assets`; made on first use. Plain. */
  path: string;
  /** Who owns that directory, and who every client acts as. Plain. */
  identity: PosixIdentity;
  /** Permissions of the directory when it is made, octal. Default: `0750`. */
  permissions?: string;
  /** Id of an access point that an earlier stack kept and this one adopts. Plain. Default: a new one is made. */
  adoptId?: string;
}

/** Access points of a file system, by name; returns their ids. */
export function makeAccessPoints(
  name: string,
  args: {
    fileSystemId: pulumi.Input<string>;
    accessPoints: Record<string, AccessPointArgs>;
    retention: Retention;
  },
  parent: pulumi.Resource,
): pulumi.Output<Record<string, string>> {
  const accessPointIds: Record<string, pulumi.Output<string>> = {};
  for (const [key, { path, identity, permissions, adoptId }] of Object.entries(args.accessPoints)) {
    const accessPoint = new aws.efs.AccessPoint(
      `${name}-${key}`,
      {
        fileSystemId: args.fileSystemId,
        posixUser: identity,
        rootDirectory: {
          path,
          creationInfo: { ownerUid: identity.uid, ownerGid: identity.gid, permissions: permissions ?? "0750" },
        },
        tags: { Name: `${name}-${key}` },
      },
      // Not protected: a new path makes a new access point, and the files under the old one stay where they are.
      { parent, retainOnDelete: keepsData(args.retention), ...(adoptId ? { import: adoptId } : {}) },
    );
    accessPointIds[key] = accessPoint.id;
  }
  return pulumi.output(accessPointIds);
}

/** What is wrong with access points that are to be made. */
export function validateAccessPoints(accessPoints: Record<string, AccessPointArgs>): Violation[] {
  return Object.entries(accessPoints).flatMap(([key, { path, identity }]) => [
    ...validateAccessPointPath(path, `accessPoints.${key}.path`),
    ...validatePosixIdentity(identity, {
      uid: `accessPoints.${key}.identity.uid`,
      gid: `accessPoints.${key}.identity.gid`,
    }),
  ]);
}
