import * as pulumi from "@pulumi/pulumi";
import { ACCESS_POINT } from "./adoptableFileSystem";
import type { PosixIdentity } from "./posixIdentity";
import type { Adopter } from "../retention/adopter";
import { ownState } from "../retention/ownState";

/** What is asked for: of the arguments of an access point. */
interface Wanted {
  path: string;
  identity: PosixIdentity;
}

/** What the stack's state has of an access point. */
interface Deployed {
  posixUser?: PosixIdentity;
  rootDirectory?: { path?: string };
}

/**
 * What is said of an access point that gets another user for the same directory: EFS sets a directory's owner when it makes the
 * directory, and never again. Undefined for any other.
 * https://docs.aws.amazon.com/efs/latest/ug/API_CreationInfo.html
 */
export function ownerChangeOf(
  key: string,
  { posixUser, rootDirectory }: Deployed,
  { path, identity }: Wanted,
): string | undefined {
  const of = ({ uid, gid }: PosixIdentity) => `${uid}:${gid}`;
  if (posixUser === undefined || rootDirectory?.path !== path || of(posixUser) === of(identity)) return undefined;
  return (
    `The access point ${key} changes its user from ${of(posixUser)} to ${of(identity)}, and keeps the path ${path}. EFS sets a ` +
    `directory's owner only when it makes the directory: where ${path} is there already, it stays ${of(posixUser)}'s, which the ` +
    'new user may not be able to read or write. Choose another path, too: docs/operations.md, "Changes".'
  );
}

/** Says so at a preview. @param name The component's, by which its access points are named. */
export async function sayOwnerChanges(
  name: string,
  accessPoints: Record<string, Wanted>,
  { component }: Adopter,
): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  const state = await ownState();
  for (const [key, accessPoint] of Object.entries(accessPoints)) {
    const found = state.find((it) => it.type === ACCESS_POINT && it.name === `${name}-${key}`);
    const said = found && ownerChangeOf(key, found.outputs, accessPoint);
    if (said) await pulumi.log.warn(said, component);
  }
}
