import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { validateAccessPointPath } from "./accessPointPath";
import { validatePosixIdentity, type PosixIdentity } from "./posixIdentity";
import type { Violation } from "../checks/violations";
import { DEFAULT_DIRECTORY_PERMISSIONS } from "./directoryPermissions";
import { ACCESS_POINT, validateAdoptableAccessPoint } from "./adoptableFileSystem";
import { adopt } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { sayOwnerChanges } from "./ownerChange";
import { retained, type Retention } from "../retention/retention";

/** An EFS access point: a directory of a file system, and the user that every client of it acts as. */
export interface AccessPointArgs {
  /** Directory that clients see as `/`, such as `/assets`; made on first use. Plain. */
  path: string;
  /**
   * Who every client acts as, and who owns that directory when EFS makes it. A directory that is there keeps its owner
   * (https://docs.aws.amazon.com/efs/latest/ug/API_CreationInfo.html): with another identity give another path, too. Plain.
   */
  identity: PosixIdentity;
  /** Permissions of the directory when EFS makes it, in octal. Plain. Default: `0750`. */
  permissions?: string;
  /**
   * Id of an access point that an earlier stack kept, to be adopted, once: afterwards the argument may stay or go. Plain.
   * Default: a new one is made.
   */
  adoptId?: string;
}

/** Access points of a file system, by name; returns their ids. */
export function makeAccessPoints(
  name: string,
  args: {
    fileSystemId: pulumi.Input<string>;
    accessPoints: Record<string, AccessPointArgs>;
    retention: Retention;
    /** The file system's id, where it is plain. */
    ofFileSystem?: string;
  },
  adopter: Adopter,
): pulumi.Output<Record<string, string>> {
  const accessPointIds: Record<string, pulumi.Output<string>> = {};
  const parent = adopter.component;
  void sayOwnerChanges(name, args.accessPoints, adopter);
  for (const [key, accessPointArgs] of Object.entries(args.accessPoints)) {
    const { path, identity, permissions, adoptId } = accessPointArgs;
    const argument = adoptArgument(key);
    const adoption = adopt(adopter, {
      ...{ argument, id: adoptId, type: ACCESS_POINT, names: [`${name}-${key}`] },
      check: (id) => validateAdoptableAccessPoint(argument, id, accessPointArgs, args.ofFileSystem, { parent }),
    });
    const accessPoint = new aws.efs.AccessPoint(
      `${name}-${key}`,
      {
        fileSystemId: args.fileSystemId,
        posixUser: identity,
        rootDirectory: {
          path,
          creationInfo: {
            ownerUid: identity.uid,
            ownerGid: identity.gid,
            permissions: permissions ?? DEFAULT_DIRECTORY_PERMISSIONS,
          },
        },
        tags: { Name: `${name}-${key}` },
      },
      // Not protected: a new path makes a new access point, and the files under the old one stay where they are.
      { parent, ...retained(args.retention), ...adoption.options },
    );
    accessPointIds[key] = accessPoint.id;
  }
  return pulumi.output(accessPointIds);
}

const adoptArgument = (key: string) => `accessPoints.${key}.adoptId`;

/** Ids of the access points to adopt, by argument. */
export function adoptedAccessPoints(accessPoints: Record<string, AccessPointArgs>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(accessPoints).map(([key, { adoptId }]) => [adoptArgument(key), adoptId]));
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
