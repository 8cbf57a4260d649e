import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { isMissing } from "../checks/lookups";
import type { Violation } from "../checks/violations";
import { differing, lookedAt } from "../retention/adoptable";
import type { OwnResource } from "../retention/ownState";

/** What AWS is asked of a file system that exists, and of its mount targets. */
interface Existing {
  fileSystemId: string;
  zones: string[];
  /** The group of mount targets that are there; undefined where they are to be made. */
  securityGroupId?: string;
  /** The VPC that they must be in. Default: not checked. */
  vpcId?: string;
}

/** What EC2 says of one mount target. */
export interface MountTarget {
  availabilityZone: string;
  vpcId: string;
  securityGroups: string[];
}

/**
 * What is wrong with a file system that somebody else manages, by what AWS says of it.
 *
 * @param state What the stack has: its own mount targets are no reason to make none.
 */
export async function validateExistingFileSystem(
  existing: Existing,
  state: OwnResource[],
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const { fileSystemId: id, zones, securityGroupId } = existing;
  const named = { argument: "fileSystemId", what: "a file system", id };
  const right = "elasticfilesystem:DescribeFileSystems";
  const ofFileSystem = await lookedAt(
    { ...named, right },
    aws.efs.getFileSystem({ fileSystemId: id }, opts),
    ({ availabilityZoneName, protections = [] }) => [
      ...validateZone(id, zones, availabilityZoneName),
      ...validateWritable(
        id,
        protections.map(({ replicationOverwrite }) => replicationOverwrite),
      ),
    ],
  );
  const isOwn = state.some(({ type, outputs }) => type === MOUNT_TARGET && outputs["fileSystemId"] === id);
  if (ofFileSystem.length > 0 || (isOwn && securityGroupId === undefined)) return ofFileSystem;
  const listed = {
    ...named,
    what: "a file system whose mount targets can be listed, and",
    right: "ec2:DescribeNetworkInterfaces",
  };
  return [
    ...(await lookedAt(listed, mountTargets(id, opts), ({ found }) =>
      found ? validateFoundMountTargets(existing, found) : [],
    )),
    ...(securityGroupId === undefined ? [] : await validateGroup(securityGroupId, existing.vpcId, opts)),
  ];
}

const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";

/** https://docs.aws.amazon.com/efs/latest/ug/availability-durability.html */
function validateZone(id: string, zones: string[], itsZone: string | undefined): Violation[] {
  if (!itsZone || (zones.length === 1 && zones[0] === itsZone)) return [];
  const expected = `a file system in several zones, or of ${zones.length === 1 ? zones[0]! : "a stack with one zone"}`;
  const fix = "One Zone file systems have one mount target, in their zone: pods in others couldn't mount it.";
  return [{ argument: "fileSystemId", expected, actual: `${id}, which is in ${itsZone} alone`, fix }];
}

/** https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html */
function validateWritable(id: string, protections: string[]): Violation[] {
  if (!protections.includes("REPLICATING")) return [];
  const fix = "Nobody can write to a copy: name the file system that it is copied from, or end the replication first.";
  return [{ argument: "fileSystemId", expected: "a file system that isn't a copy", actual: id, fix }];
}

/**
 * A file system's mount targets, by their network interfaces: the provider finds mount targets one by one, by ids that nobody
 * knows. EFS describes the interfaces in the second way, the API's page says the first:
 * https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
 *
 * @returns none where nobody answers, as mocks of other programs don't.
 */
async function mountTargets(id: string, opts: pulumi.InvokeOptions): Promise<{ found?: MountTarget[] }> {
  const values = [`Mount target * for file system ${id}`, `EFS mount target for ${id} (*`];
  const filters = [{ name: "description", values }];
  const answer: Partial<aws.ec2.GetNetworkInterfacesResult> = await aws.ec2.getNetworkInterfaces({ filters }, opts);
  const asked = answer.ids?.map((it) =>
    aws.ec2.getNetworkInterface({ id: it }, opts).catch((error: unknown) => {
      // One that is being replaced goes meanwhile.
      if (!isMissing(error)) throw error;
      return [];
    }),
  );
  return asked ? { found: (await Promise.all(asked)).flat() } : {};
}

/** What is wrong with the mount targets that are there. Pure. */
export function validateFoundMountTargets(
  { fileSystemId, zones, securityGroupId, vpcId }: Existing,
  found: MountTarget[],
): Violation[] {
  if (securityGroupId === undefined) {
    if (found.length === 0) return [];
    const groups = [...new Set(found.flatMap(({ securityGroups }) => securityGroups))].sort();
    const fix =
      "EFS makes no second one in a zone, and none in a second VPC. Name the security group of those that are there" +
      `: ${groups.join(" or ")}.`;
    const expected = "a file system without mount targets, where their security group isn't named";
    return [{ argument: "fileSystemId", expected, actual: fileSystemId, fix }];
  }
  const argument = "securityGroupId";
  const usable = found.filter((it) => vpcId === undefined || it.vpcId === vpcId);
  const inZone = (zone: string) => usable.filter(({ availabilityZone }) => availabilityZone === zone);
  const without = zones.filter((zone) => inZone(zone).length === 0);
  const missing = {
    argument: "fileSystemId",
    expected: `a file system with a mount target in ${without.join(", ")}${vpcId === undefined ? "" : `, in ${vpcId}`}`,
    actual: fileSystemId,
    fix: "A pod mounts through the mount target of its node's zone: let its owner add one.",
  };
  const others = zones.filter((zone) =>
    inZone(zone).some(({ securityGroups }) => !securityGroups.includes(securityGroupId)),
  );
  const closed = {
    argument,
    expected: `a security group of the mount targets in ${others.join(", ")}`,
    actual: securityGroupId,
    fix: `They have ${[...new Set(others.flatMap(inZone).flatMap((it) => it.securityGroups))].join(" and ")}: name one that all have.`,
  };
  return [...(without.length > 0 ? [missing] : []), ...(others.length > 0 ? [closed] : [])];
}

/** A rule can name members of another VPC's group only across a peering. */
function validateGroup(id: string, vpcId: string | undefined, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  const argument = "securityGroupId";
  const named = { argument, what: "a security group", id, right: "ec2:DescribeSecurityGroups" };
  return lookedAt(named, aws.ec2.getSecurityGroup({ id }, opts), (found) =>
    differing(argument, id, "Name the group of the mount targets.")(`a security group of ${vpcId}`, found.vpcId, vpcId),
  );
}
