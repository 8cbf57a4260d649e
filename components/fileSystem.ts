import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessPointPathProblems } from "./accessPointPath";
import { fileSystemPolicy, MountAccess } from "./fileSystemAccess";
import {
  type FileSystemLifecycleArgs,
  lifecyclePolicies,
  PerformanceMode,
  settingsProblems,
  ThroughputMode,
} from "./fileSystemSettings";
import { identityProblems, type PosixIdentity } from "./posixIdentity";
import { type Problem, refuse, subnetsProblems } from "./problems";
import { durable, keepsData, type Retention } from "./retention";
import { types } from "./types";

export interface AccessPointArgs {
  /** Directory that clients see as `/`, such as `/assets`; made on first use. Plain. */
  path: string;
  /** Who owns that directory, and who every client acts as. Plain. */
  identity: PosixIdentity;
  /** Permissions of the directory when it is made, octal. Default: `0750`. */
  permissions?: string;
  /** Id of an access point that an earlier stack kept and this one takes up. Plain. Default: a new one is made. */
  importId?: string;
}

export interface FileSystemArgs {
  vpcId: pulumi.Input<string>;
  /** Availability zones to mount from, by name; one mount target each. Plain. */
  zones: string[];
  /** Subnet ids by zone: where each zone's mount target stands. */
  subnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Access points by name, one a workload. Plain. */
  accessPoints: Record<string, AccessPointArgs>;
  /** Whether the files outlive the stack. Plain. */
  retention: Retention;
  /** Id of a file system that an earlier stack kept and this one takes up. Plain. Default: a new one is made. */
  importId?: string;
  /**
   * How throughput is paid for. AWS lets it be changed once in 24 hours. Plain. Default: `elastic`, which needs no
   * capacity planning.
   */
  throughputMode?: ThroughputMode;
  /** MiB/s, from 1 to 3414, with `provisioned` only. AWS lets it be lowered once in 24 hours. Plain. */
  provisionedThroughputInMibps?: number;
  /** Changing it makes another, empty file system. Plain. Default: `generalPurpose`. */
  performanceMode?: PerformanceMode;
  /** Which files move to cheaper storage. Default: those that nobody used for 30 days, until they are used again. */
  lifecycle?: FileSystemLifecycleArgs;
  /** Whether clients must encrypt in transit. Plain. Default: true. */
  encryptedTransportOnly?: boolean;
  /** Who may mount, of those who reach a mount target. Plain. Default: `network`, all of them. */
  mountAccess?: MountAccess;
  /**
   * ARN of the KMS key that encrypts the files. Changing it, giving one or no longer giving one makes another, empty file
   * system. Whether there is one is plain. Default: AWS's own key for EFS.
   */
  kmsKeyId?: pulumi.Input<string>;
}

/**
 * An EFS file system with one mount target a zone, its own security group, and access points by name. Encrypted at rest,
 * and in transit unless told otherwise. It needs nothing from a cluster, so both are made at the same time;
 * {@link FileSystemClients} says who may reach it.
 */
export class FileSystem extends pulumi.ComponentResource {
  public readonly fileSystemId: pulumi.Output<string>;
  public readonly fileSystemArn: pulumi.Output<string>;
  /** The mount targets' security group: give it to {@link FileSystemClients}. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** Access point ids by name. */
  public readonly accessPointIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: FileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse("FileSystem", name, problems(args));
    super(types.FileSystem, name, {}, opts);
    const parent = this;

    const fileSystem = new aws.efs.FileSystem(
      // Another file system, also for the engine: it sees no change when a key is no longer given, and the key would go.
      args.kmsKeyId === undefined ? name : `${name}-customer-key`,
      {
        encrypted: true,
        kmsKeyId: args.kmsKeyId,
        performanceMode: args.performanceMode ?? PerformanceMode.GeneralPurpose,
        throughputMode: args.throughputMode ?? ThroughputMode.Elastic,
        provisionedThroughputInMibps: args.provisionedThroughputInMibps,
        lifecyclePolicies: lifecyclePolicies(args.lifecycle),
        tags: { Name: name },
      },
      { parent, ...durable(args.retention), ...(args.importId ? { import: args.importId } : {}) },
    );
    const policy = fileSystemPolicy(
      fileSystem.arn,
      args.mountAccess ?? MountAccess.Network,
      args.encryptedTransportOnly ?? true,
    );
    if (policy) new aws.efs.FileSystemPolicy(name, { fileSystemId: fileSystem.id, policy }, { parent });

    const securityGroup = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: args.vpcId,
        description: `Mount targets of the file system ${name}`,
        // Rules are resources of their own: an inline list would fight with them.
        revokeRulesOnDelete: true,
        tags: { Name: `${name}-mount-targets` },
      },
      { parent },
    );
    for (const zone of args.zones) {
      new aws.efs.MountTarget(
        `${name}-${zone}`,
        {
          fileSystemId: fileSystem.id,
          // Lifted, not applied: a zone that is being added must not make the others unknown in a preview.
          subnetId: pulumi.output(args.subnetIds)[zone]!,
          securityGroups: [securityGroup.id],
        },
        { parent },
      );
    }

    const accessPointIds: Record<string, pulumi.Output<string>> = {};
    for (const [key, { path, identity, permissions, importId }] of Object.entries(args.accessPoints)) {
      const accessPoint = new aws.efs.AccessPoint(
        `${name}-${key}`,
        {
          fileSystemId: fileSystem.id,
          posixUser: identity,
          rootDirectory: {
            path,
            creationInfo: { ownerUid: identity.uid, ownerGid: identity.gid, permissions: permissions ?? "0750" },
          },
          tags: { Name: `${name}-${key}` },
        },
        // Not protected: a new path makes a new access point, and the files under the old one stay where they are.
        { parent, retainOnDelete: keepsData(args.retention), ...(importId ? { import: importId } : {}) },
      );
      accessPointIds[key] = accessPoint.id;
    }

    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.securityGroupId = securityGroup.id;
    this.accessPointIds = pulumi.output(accessPointIds);
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      fileSystemArn: this.fileSystemArn,
      securityGroupId: this.securityGroupId,
      accessPointIds: this.accessPointIds,
    });
  }
}

function problems({ zones, subnetIds, accessPoints, ...settings }: FileSystemArgs): Problem[] {
  const noZone = {
    argument: "zones",
    expected: "at least one availability zone",
    found: zones,
    mend: "Name every zone that has nodes: a pod can't mount from a zone without a mount target.",
  };
  return [
    ...(zones.length === 0 ? [noZone] : []),
    ...subnetsProblems("subnetIds", zones, subnetIds),
    ...settingsProblems(settings),
    ...Object.entries(accessPoints).flatMap(([key, { path, identity }]) => [
      ...accessPointPathProblems(`accessPoints.${key}.path`, path),
      ...identityProblems(`accessPoints.${key}.identity`, identity),
    ]),
  ];
}
