import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fileSystemPolicy } from "./fileSystemPolicy";
import { type AccessPointArgs, adoptedAccessPoints, validateAccessPoints, makeAccessPoints } from "./accessPoints";
import {
  DEFAULT_THROUGHPUT_MODE,
  type FileSystemLifecycleArgs,
  lifecyclePolicies,
  PerformanceMode,
  validateFileSystemSettings,
  type ThroughputMode,
} from "./fileSystemSettings";
import { defaultFileSystemName } from "./fileSystemName";
import { MountAccess } from "./mountAccess";
import { makeMountTargets, validateMountTargets } from "./mountTargets";
import { assertArguments } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { FILE_SYSTEM, adoptableFileSystem } from "./adoptableFileSystem";
import { adopt, adopted } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { protectAndRetain, type Retention } from "../retention/retention";
import { sayThroughputChanges } from "./throughputChange";
import { typeTokens } from "../typeTokens";

export interface FileSystemArgs {
  /** The VPC of the mount targets and of their security group. */
  vpcId: pulumi.Input<string>;
  /** Availability zones to mount from, by name; one mount target each. Plain. */
  zones: string[];
  /** Subnet ids by zone: where each zone's mount target stands. */
  subnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Access points by name, one a workload. Plain. */
  accessPoints: Record<string, AccessPointArgs>;
  /** Whether the files outlive the stack. Plain. */
  retention: Retention;
  /**
   * Id of a file system that an earlier stack kept, to be adopted, once: afterwards the argument may stay or go. The
   * preview refuses what can't be adopted. Plain. Default: a new one is made.
   */
  adoptId?: string;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
  /**
   * How throughput is paid for. AWS lets it be changed once in 24 hours. Plain. Default: `elastic`, which needs no
   * capacity planning.
   */
  throughputMode?: ThroughputMode;
  /**
   * Throughput in MiB/s, from 1 to 3414: required with `provisioned`, and only there. AWS lets it be lowered once in 24 hours.
   * Plain. Default: none.
   */
  provisionedThroughputInMibps?: number;
  /**
   * `maxIO` is refused with `elastic`, the default throughput mode. A change makes another, empty file system. Plain. Default:
   * `generalPurpose`.
   */
  performanceMode?: PerformanceMode;
  /** Which files move to cheaper storage. Plain. Default: files that weren't used for 30 days, until they are used again. */
  lifecycle?: FileSystemLifecycleArgs;
  /** Whether clients must encrypt in transit. Plain. Default: true. */
  encryptedTransportOnly?: boolean;
  /** Which of the clients that reach a mount target may mount. Plain. Default: `network`, all of them. */
  mountAccess?: MountAccess;
  /**
   * ARN of the KMS key that encrypts the files. Changing it, giving one or no longer giving one makes another, empty file
   * system. Whether there is one is plain. Default: AWS's own key for EFS.
   */
  kmsKeyId?: pulumi.Input<string>;
  /**
   * A name of your choice that tells this file system from one that replaces it later: under another name the new mount
   * targets are made before the old ones are deleted. Plain. Default: `customer-key`, `maxIO` or both, if it has them.
   */
  fileSystemName?: string;
}

/**
 * An EFS file system with one mount target a zone, its own security group, and access points by name. Encrypted at rest,
 * and in transit unless told otherwise. It needs nothing from a cluster, so both are made at the same time;
 * {@link FileSystemClients} says who may reach it.
 *
 * Use it for files that several pods share, in any zone; {@link ExistingFileSystem} takes one that is there.
 *
 * @throws pulumi.RunError for a zone without a subnet, for an access point's path that EFS doesn't accept, and for settings
 *   that EFS doesn't combine: `maxIO` with `elastic`, the default; `toArchive` without `elastic`, or not later than the move to
 *   Infrequent Access; `provisionedThroughputInMibps` without `provisioned`, or with it missing or not from 1 to 3414. At a
 *   preview already, for an `adoptId` that can't be adopted.
 */
export class FileSystem extends pulumi.ComponentResource {
  /** The file system's id, `fs-…`. */
  public readonly fileSystemId: pulumi.Output<string>;
  /** The file system's ARN. */
  public readonly fileSystemArn: pulumi.Output<string>;
  /** The mount targets' security group: give it to {@link FileSystemClients}. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** Access point ids by name. */
  public readonly accessPointIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: FileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("FileSystem", name, args, () => validate(args));
    super(typeTokens.FileSystem, name, {}, opts);
    const parent = this;
    const { adoptId, performanceMode = PerformanceMode.GeneralPurpose } = args;
    const adopter: Adopter = { type: typeTokens.FileSystem, name, component: this, argumentNames: args.argumentNames };
    const names = [name, `${name}-customer-key`];
    const adoption = adopt(adopter, {
      ...{ argument: "adoptId", id: adoptId, type: FILE_SYSTEM, names },
      ...adoptableFileSystem("adoptId", performanceMode, { parent }),
    });

    // A key makes another file system, so it has another name. Otherwise the engine would see no change when the key is
    // left out, and would delete the key that the files still need.
    const resourceName = args.kmsKeyId === undefined ? names[0]! : names[1]!;
    const { throughputMode = DEFAULT_THROUGHPUT_MODE, provisionedThroughputInMibps } = args;
    const throughput = { throughputMode, provisionedThroughputInMibps };
    void sayThroughputChanges(resourceName, throughput, this);
    const fileSystem = new aws.efs.FileSystem(
      resourceName,
      {
        encrypted: true,
        kmsKeyId: args.kmsKeyId,
        performanceMode,
        ...throughput,
        lifecyclePolicies: lifecyclePolicies(args.lifecycle),
        tags: { Name: name },
      },
      { parent, ...protectAndRetain(args.retention), ...adoption.options },
    );
    const policy = fileSystemPolicy(
      fileSystem.arn,
      args.mountAccess ?? MountAccess.Network,
      args.encryptedTransportOnly ?? true,
    );
    if (policy) new aws.efs.FileSystemPolicy(name, { fileSystemId: fileSystem.id, policy }, { parent });

    const fileSystemId = fileSystem.id;
    const fileSystemName =
      args.fileSystemName ?? defaultFileSystemName(args.kmsKeyId !== undefined, args.performanceMode);
    const { vpcId, zones, subnetIds, accessPoints, retention } = args;
    this.securityGroupId = makeMountTargets(name, { fileSystemId, vpcId, zones, subnetIds, fileSystemName }, parent);
    this.accessPointIds = makeAccessPoints(
      name,
      { fileSystemId, accessPoints, retention, ofFileSystem: adoptId },
      adopter,
    );
    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      fileSystemArn: this.fileSystemArn,
      securityGroupId: this.securityGroupId,
      accessPointIds: this.accessPointIds,
      ...adopted({ adoptId, ...adoptedAccessPoints(accessPoints) }),
    });
  }
}

function validate({ zones, subnetIds, accessPoints, ...settings }: FileSystemArgs): Violation[] {
  return [
    ...validateMountTargets({ zones, subnetIds }),
    ...validateFileSystemSettings(settings),
    ...validateAccessPoints(accessPoints),
  ];
}
