import type * as pulumi from "@pulumi/pulumi";
import { REPLICATION } from "./adoptableFileSystem";
import { assertValid } from "../checks/assertValid";
import { ownState } from "../retention/ownState";
import { orEnd } from "../retention/refusals";
import { valuesOf } from "../retention/transformed";
import { typeTokens } from "../typeTokens";

/**
 * Refuses that another file system is copied to the copy that the stack has. EFS would overwrite it, and refuses that: the
 * `up` would fail after a good preview, each time.
 * https://docs.aws.amazon.com/efs/latest/ug/replicate-existing-destination.html
 *
 * @param name The name of the FileSystemReplica, and of its replication.
 */
export function oneSource(name: string): pulumi.ResourceTransform {
  const state = ownState();
  return async ({ props }) => {
    const isOurs = (it: { type: string; parentType?: string; name: string }) =>
      it.type === REPLICATION && it.parentType === typeTokens.FileSystemReplica && it.name === name;
    const own = (await state).find(isOurs)?.outputs;
    if (!own) return undefined;
    const { sourceFileSystemId, destination } = await valuesOf(props);
    const { fileSystemId } = await valuesOf(destination as object);
    const { fileSystemId: copyId } = own["destination"] as { fileSystemId: string };
    const source = own["sourceFileSystemId"] as string;
    // What isn't known yet is made anew.
    if (fileSystemId !== copyId || sourceFileSystemId === source) return undefined;
    const violation = {
      argument: "sourceFileSystemId",
      expected: `${source}, whose copy ${copyId} is`,
      actual: typeof sourceFileSystemId === "string" ? sourceFileSystemId : "a new file system",
      fix: "EFS overwrites no copy: remove the replica (efsReplicaRegion) first, and make another one afterwards.",
    };
    await orEnd((async () => assertValid("FileSystemReplica", name, [violation]))());
    return undefined;
  };
}
