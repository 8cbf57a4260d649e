import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { oneSource } from "./oneSource";
import { OverwriteProtectionDisabled } from "./overwriteProtection";
import {
  DEFAULT_THROUGHPUT_MODE,
  type FileSystemLifecycleArgs,
  lifecyclePolicies,
  PerformanceMode,
  validateFileSystemSettings,
  type ThroughputMode,
} from "./fileSystemSettings";
import { assertArguments } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { FILE_SYSTEM, adoptableFileSystem, REPLICATION } from "./adoptableFileSystem";
import { adopt, adopted } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { protectAndRetain, type Retention } from "../retention/retention";
import { typeTokens } from "../typeTokens";

export interface FileSystemReplicaArgs {
  /** Id of the file system whose files are copied, `fs-…`. */
  sourceFileSystemId: pulumi.Input<string>;
  /** The region of the copy. Changing it makes another copy; `retention` decides on the old one. Plain. */
  region: string;
  /** Whether the copy and its replication outlive the stack. Give the source's. Plain. */
  retention: Retention;
  /** ARN of a KMS key in the copy's region. Default: AWS's own key for EFS. */
  kmsKeyId?: pulumi.Input<string>;
  /** How the copy's throughput is paid for. Plain. Default: `elastic`, which keeps up with whatever is written to the source. */
  throughputMode?: ThroughputMode;
  /** Throughput in MiB/s, from 1 to 3414: required with `provisioned`, and only there. Plain. Default: none. */
  provisionedThroughputInMibps?: number;
  /**
   * Which files of the copy move to cheaper storage: EFS doesn't take it from the source. Plain. Default: files that weren't
   * used for 30 days, until they are used again.
   */
  lifecycle?: FileSystemLifecycleArgs;
  /** Id of a copy that an earlier stack kept, to be adopted, once. Plain. Default: a new one is made. */
  adoptId?: string;
  /** Id of the source that the earlier stack kept with the copy: its replication is adopted. Plain. Default: a new one. */
  adoptSourceId?: string;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * A read-only copy of a file system in another region, minutes behind (EFS aims at 15). If the first region fails, delete
 * the replication, and mount the copy: docs/storage.md says how. Access points, mount targets and policy aren't copied.
 * Where Pulumi runs, it runs `aws efs describe-file-systems` and `update-file-system-protection`, with the AWS CLI's own
 * credentials: EFS protects a new file system from being copied to.
 * https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
 *
 * Use it where the files must outlive the loss of a region.
 *
 * @throws pulumi.RunError for settings that EFS doesn't combine, as with a {@link FileSystem}; at a preview already, for an `adoptId` or
 *   an `adoptSourceId` that can't be adopted.
 */
export class FileSystemReplica extends pulumi.ComponentResource {
  /** The copy's id, `fs-…`. */
  public readonly fileSystemId: pulumi.Output<string>;

  constructor(name: string, args: FileSystemReplicaArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("FileSystemReplica", name, args, () => validateFileSystemSettings(args));
    super(typeTokens.FileSystemReplica, name, {}, opts);
    const parent = this;
    const { region, retention, adoptId, adoptSourceId } = args;
    const adopter: Adopter = {
      ...{ type: typeTokens.FileSystemReplica, name, component: this },
      argumentNames: args.argumentNames,
    };
    const names = [name, `${name}-customer-key`];
    const { isCopiedTo, checkOpen, ...adoptableCopy } = adoptableFileSystem(
      "adoptId",
      PerformanceMode.GeneralPurpose,
      { parent },
      region,
    );
    const adoption = adopt(adopter, {
      ...{ argument: "adoptId", id: adoptId, region, type: FILE_SYSTEM, names },
      ...adoptableCopy,
      // Without its source it is to be copied to from another one.
      check: async (id) => [
        ...(await adoptableCopy.check(id)),
        ...(adoptSourceId === undefined ? await checkOpen(id) : []),
      ],
    });
    const copying = adopt(adopter, {
      ...{ argument: "adoptSourceId", id: adoptSourceId, type: REPLICATION, names: [name] },
      check: async (id) => ((await isCopiedTo(adoptId)) ? [] : [notCopied(id)]),
      compare: ({ sourceFileSystemId: it }) => (it === adoptSourceId ? [] : [otherSource(adoptSourceId, it)]),
    });

    const copy = new aws.efs.FileSystem(
      // With a key it has another name, as its source has.
      args.kmsKeyId === undefined ? names[0]! : names[1]!,
      {
        region,
        encrypted: true,
        kmsKeyId: args.kmsKeyId,
        throughputMode: args.throughputMode ?? DEFAULT_THROUGHPUT_MODE,
        provisionedThroughputInMibps: args.provisionedThroughputInMibps,
        lifecyclePolicies: lifecyclePolicies(args.lifecycle),
        // Its overwrite protection isn't set here, so that no later deployment lets EFS overwrite a copy in use.
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
        transforms: [oneSource(name), ...(copying.options.transforms ?? [])],
      },
    );

    this.fileSystemId = copy.id;
    this.registerOutputs({ fileSystemId: this.fileSystemId, ...adopted({ adoptId, adoptSourceId }) });
  }
}

/** @param source The file system that the stack copies; unknown where it is still to be made. */
const otherSource = (adoptSourceId: string | undefined, source: unknown): Violation => ({
  argument: "adoptSourceId",
  expected:
    typeof source === "string" ? `${source}, the stack's file system` : "left out: the stack makes a new file system",
  actual: adoptSourceId,
  fix: "A copy is adopted with its source, and the source's key: adopt these, too, or leave out both for a new copy.",
});

/** AWS shows by the copy alone whether it is replicated to. */
const notCopied = (sourceId: string): Violation => ({
  ...{ argument: "adoptSourceId", expected: "the id of a file system that EFS copies", actual: sourceId },
  fix: "Nothing is copied to the copy any more; docs/storage.md says how a copying is begun.",
});
