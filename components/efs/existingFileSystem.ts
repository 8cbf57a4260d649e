import * as pulumi from "@pulumi/pulumi";
import { type AccessPointArgs, adoptedAccessPoints, validateAccessPoints, makeAccessPoints } from "./accessPoints";
import { makeMountTargets, validateMountTargets } from "./mountTargets";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import { validateExistingFileSystem } from "./existingMountTargets";
import { lookAtOthers } from "../retention/refusals";
import { adopted } from "../retention/adoption";
import type { Retention } from "../retention/retention";
import { partitionOf } from "../partitions";
import { typeTokens } from "../typeTokens";

export interface ExistingFileSystemArgs {
  /** The file system's id, `fs-…`. */
  fileSystemId: pulumi.Input<string>;
  /** The file system's region, such as `eu-west-1`. */
  region: pulumi.Input<string>;
  /** The AWS account that owns the file system. */
  accountId: pulumi.Input<string>;
  /**
   * The security group of its mount targets; every zone with nodes must have a mount target. EFS takes one in a zone, and all
   * in one VPC (https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html). Whether it is given is plain. Default:
   * the file system has no mount targets, and they are made here.
   */
  securityGroupId?: pulumi.Input<string>;
  /** The VPC of the mount targets: of those that are made here, or that those which are there must be in. */
  vpcId: pulumi.Input<string>;
  /** Availability zones that get a mount target, or must have one. Plain. */
  zones: string[];
  /** Subnet ids by zone: where each zone's mount target is made. With a `securityGroupId` none is: give `{}`. */
  subnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * A name of your choice that tells this file system from one that replaces it later, such as its id: under another name the
   * new mount targets are made before the old ones are deleted. Plain. Default: none.
   */
  fileSystemName?: string;
  /** Access points by name, one a workload. Plain. */
  accessPoints: Record<string, AccessPointArgs>;
  /** Whether the access points outlive the stack. Plain. */
  retention: Retention;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * Access points on a file system that somebody else manages, and mount targets if it has none. The file system itself, its
 * policy and its settings are neither changed nor deleted.
 *
 * Use it where another program made the file system; {@link FileSystem} makes one.
 *
 * @throws pulumi.RunError, at a preview already, for a file system that isn't there, is in one zone alone or is a copy; for
 *   mount targets where none may be, or that lack a zone, the VPC or the security group. Once deployed, previews only warn of
 *   it. An id that isn't known yet isn't looked at.
 */
export class ExistingFileSystem extends pulumi.ComponentResource {
  /** The file system's id, `fs-…`. */
  public readonly fileSystemId: pulumi.Output<string>;
  /** The file system's ARN. */
  public readonly fileSystemArn: pulumi.Output<string>;
  /** The mount targets' security group: give it to {@link FileSystemClients}. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** Access point ids by name. */
  public readonly accessPointIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ExistingFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    const { fileSystemId, securityGroupId, region, accountId } = args;
    const ownMountTargets = securityGroupId === undefined;
    assertArguments("ExistingFileSystem", name, args, () => [
      ...(ownMountTargets ? validateMountTargets(args) : []),
      ...validateAccessPoints(args.accessPoints),
    ]);
    super(typeTokens.ExistingFileSystem, name, {}, opts);

    const id = known(fileSystemId);
    const adopter = { type: typeTokens.ExistingFileSystem, name, component: this, argumentNames: args.argumentNames };
    const passed = lookAtOthers(adopter, { fileSystemId: id }, async (state) => {
      const plain = { vpcId: known(args.vpcId), securityGroupId: known(securityGroupId) };
      if (id === undefined || (plain.securityGroupId === undefined && !ownMountTargets)) return [];
      return validateExistingFileSystem({ ...args, ...plain, fileSystemId: id }, state, { parent: this });
    });
    this.fileSystemId = pulumi.output(passed.then(() => fileSystemId));
    const partition = pulumi.output(region).apply(partitionOf);
    this.fileSystemArn = pulumi.interpolate`arn:${partition}:elasticfilesystem:${region}:${accountId}:file-system/${this.fileSystemId}`;
    this.securityGroupId = ownMountTargets
      ? makeMountTargets(name, { ...args, fileSystemId: this.fileSystemId }, this)
      : pulumi.output(securityGroupId);
    this.accessPointIds = makeAccessPoints(
      name,
      { ...args, fileSystemId: this.fileSystemId, ofFileSystem: id },
      adopter,
    );
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      fileSystemArn: this.fileSystemArn,
      securityGroupId: this.securityGroupId,
      accessPointIds: this.accessPointIds,
      ...adopted(adoptedAccessPoints(args.accessPoints)),
    });
  }
}
