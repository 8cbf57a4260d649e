import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { OverwriteProtectionDisabled } from "./overwriteProtection";
import {
  DEFAULT_THROUGHPUT_MODE,
  type FileSystemLifecycleArgs,
  lifecyclePolicies,
  PerformanceMode,
  validateFileSystemSettings,
  type ThroughputMode,
} from "./fileSystemSettings";
import { assertValid } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { FILE_SYSTEM, adoptableFileSystem, REPLICATION } from "./adoptableFileSystem";
import { adopt, adopted } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { protectAndRetain, type Retention } from "../retention/retention";
import { typeTokens } from "../typeTokens";

export interface FileSystemReplicaArgs {
  /** The file system whose files are copied. */
  sourceFileSystemId: pulumi.Input<string>;
  /** The region of the copy. Changing it makes another copy, and the one before goes (or is kept: `retention`). Plain. */
  region: string;
  /** Whether the copy outlives the stack, and is copied to meanwhile: the source's. Plain. */
  retention: Retention;
  /** ARN of a KMS key in the copy's region: keys don't leave theirs. Default: AWS's own key for EFS. */
  kmsKeyId?: pulumi.Input<string>;
  /** Plain. Default: `elastic`: the copy then keeps up with whatever is written to the source. */
  throughputMode?: ThroughputMode;
  /** MiB/s, from 1 to 3414, with `provisioned` only. Plain. */
  provisionedThroughputInMibps?: number;
  /** It isn't copied from the source. Default: as of a `FileSystem`. */
  lifecycle?: FileSystemLifecycleArgs;
  /** Id of the copy that an earlier stack kept and this one adopts, once, as of a `FileSystem`. Plain. Default: a new one is made. */
  adoptId?: string;
  /** Id of the source where it was kept with its copy: what copies was kept, too. Plain. */
  adoptSourceId?: string;
  /** What the arguments are called where they are configured, for messages. Plain. Default: as here. */
  argumentNames?: Record<string, string>;
}

/**
 * A read-only copy of a file system in another region, at most minutes behind (EFS aims at 15). Nobody mounts it until
 * the replication is deleted; docs/storage.md says how. Access points, mount targets and policy aren't copied.
 * https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
 */
export class FileSystemReplica extends pulumi.ComponentResource {
  public readonly fileSystemId: pulumi.Output<string>;

  constructor(name: string, args: FileSystemReplicaArgs, opts?: pulumi.ComponentResourceOptions) {
    assertValid("FileSystemReplica", name, validateFileSystemSettings(args));
    super(typeTokens.FileSystemReplica, name, {}, opts);
    const parent = this;
    const { region, retention, adoptId, adoptSourceId } = args;
    const adopter: Adopter = {
      ...{ type: typeTokens.FileSystemReplica, name, component: this },
      argumentNames: args.argumentNames,
    };
    const names = [name, `${name}-customer-key`];
    const { isCopiedTo, ...adoptableCopy } = adoptableFileSystem(
      "adoptId",
      PerformanceMode.GeneralPurpose,
      { parent },
      region,
    );
    const adoption = adopt(adopter, {
      ...{ argument: "adoptId", id: adoptId, region, type: FILE_SYSTEM, names },
      ...adoptableCopy,
    });
    const copying = adopt(adopter, {
      ...{ argument: "adoptSourceId", id: adoptSourceId, type: REPLICATION, names: [name] },
      check: async (id) => ((await isCopiedTo(adoptId)) ? [] : [notCopied(id)]),
    });

    const copy = new aws.efs.FileSystem(
      // Another one with a key than without, as its source is.
      args.kmsKeyId === undefined ? names[0]! : names[1]!,
      {
        region,
        encrypted: true,
        kmsKeyId: args.kmsKeyId,
        throughputMode: args.throughputMode ?? DEFAULT_THROUGHPUT_MODE,
        provisionedThroughputInMibps: args.provisionedThroughputInMibps,
        lifecyclePolicies: lifecyclePolicies(args.lifecycle),
        // Its protection is EFS's business: a copy that somebody works on is never overwritten by a later deployment.
        tags: { Name: name },
      },
      { parent, ...protectAndRetain(retention), ...adoption.options },
    );
    const opening = new OverwriteProtectionDisabled(
      name,
      { fileSystemId: copy.id, region, isNew: copy.id.apply((it) => it !== adoptId) },
      { parent },
    );
    new aws.efs.ReplicationConfiguration(
      name,
      { sourceFileSystemId: args.sourceFileSystemId, destination: { fileSystemId: copy.id, region } },
      {
        parent,
        dependsOn: [opening],
        // EFS copies a file system to one place only.
        deleteBeforeReplace: true,
        ...protectAndRetain(retention),
        ...copying.options,
      },
    );

    this.fileSystemId = copy.id;
    this.registerOutputs({ fileSystemId: this.fileSystemId, ...adopted({ adoptId, adoptSourceId }) });
  }
}

/** AWS shows a replication only by what it copies to. */
const notCopied = (sourceId: string): Violation => ({
  ...{ argument: "adoptSourceId", expected: "the id of a file system that EFS copies", actual: sourceId },
  fix: "Nothing is copied to the copy any more; docs/storage.md says how a copying is begun.",
});
