import { type AwsRecord, changeRecords, hex, readRecords, token } from "../aws/records";
import type { Driver } from "./csiDrivers";
import { type Mount, mayMount, mayUseKey, rolesOf } from "../aws/iam/policies";

// What the agent asks of the local AWS, and the disks that it makes there.

const of = (type: string, records: AwsRecord[]) => records.filter((record) => record.type === token(type));

/** Whether an add-on's pods run. */
export const isActive = (addon: string, records = readRecords()) =>
  of("eks/addon", records).some(({ status, properties }) => properties.addonName === addon && status === "ACTIVE");

/** What there is of a driver: its add-on runs; its controller, besides, gets a role that may do what it does. */
export function driverState({ addon, provisioner }: Driver): { runs: boolean; provisions: boolean } {
  const records = readRecords();
  const runs = isActive(addon, records);
  if (!runs || !provisioner || !isActive("eks-pod-identity-agent", records)) return { runs, provisions: false };
  const provisions = rolesOf(provisioner.controller, records).some((role) =>
    of("iam/rolePolicyAttachment", records).some(
      ({ properties }) => properties.role === role && provisioner.policy.test(String(properties.policyArn)),
    ),
  );
  return { runs, provisions };
}

/** The type of what a dynamic volume is made of: an EBS volume, or an EFS access point. */
export type DiskType = "ebs/volume" | "efs/accessPoint";

const nameOf = ({ properties }: AwsRecord) => (properties.tags as Record<string, string> | undefined)?.CSIVolumeName;

/** Makes the disk of a volume, or finds the one made before; its id. */
export function makeDisk(type: DiskType, volume: string, properties: Record<string, unknown>): string {
  return changeRecords((records) => {
    const made = of(type, records).find((record) => nameOf(record) === volume);
    if (made) return made.id;
    const [prefix, driver] = type === "ebs/volume" ? ["vol", "ebs.csi.aws.com"] : ["fsap", "efs.csi.aws.com"];
    const fileSystemId = properties.fileSystemId as string | undefined;
    if (fileSystemId && !of("efs/fileSystem", records).some(({ id }) => id === fileSystemId)) {
      throw new Error(`FileSystemNotFound: File system '${fileSystemId}' does not exist.`);
    }
    const id = `${prefix}-${hex(17)}`;
    const tags = { ...tagsOf(driver, properties, records), CSIVolumeName: volume, [`${driver}/cluster`]: "true" };
    records.push({ type: token(type), id, status: "ACTIVE", properties: { ...properties, tags } });
    return id;
  });
}

/** The tags that the driver's add-on is configured with, and those of the class's parameters. */
function tagsOf(driver: string, parameters: Record<string, unknown>, records: AwsRecord[]): Record<string, string> {
  const addon = of("eks/addon", records).find(
    ({ properties }) => properties.addonName === `aws-${driver.split(".")[0]}-csi-driver`,
  );
  const { controller } = JSON.parse((addon?.properties.configurationValues as string | undefined) || "{}") as {
    controller?: { extraVolumeTags?: Record<string, string> };
  };
  const pairs = Object.entries(parameters).filter(([key]) => key.startsWith("tagSpecification_"));
  const own = pairs.map(([, pair]) => /^(.*?)=(.*)$/.exec(String(pair))!.slice(1) as [string, string]);
  return { ...controller?.extraVolumeTags, ...Object.fromEntries(own) };
}

/** Takes a snapshot of a disk, or finds the one taken before. */
export function makeSnapshot(content: string, volumeId: string) {
  return changeRecords((records) => {
    const made = records.find(({ properties }) => Object(properties.tags).CSIVolumeSnapshotName === content);
    const volume = records.find(({ id }) => id === volumeId);
    if (!made && !volume) return undefined;
    const tags = { CSIVolumeSnapshotName: content, "ebs.csi.aws.com/cluster": "true" };
    const properties = { volumeId, volumeSize: volume?.properties.size, kmsKeyId: volume?.properties.kmsKeyId, tags };
    const record = made ?? { type: token("ebs/snapshot"), id: `snap-${hex(17)}`, status: "ACTIVE", properties };
    if (!made) records.push(record);
    return snapshotOf(record);
  });
}

/** A snapshot by its id, whoever took it: its size in GiB, and whether the driver's policy lets it be used. */
export function findSnapshot(id: string) {
  const record = of("ebs/snapshot", readRecords()).find((record) => record.id === id);
  return record && snapshotOf(record);
}

const snapshotOf = ({ id, properties }: AwsRecord) => ({
  id,
  size: Number(properties.volumeSize),
  kmsKeyId: properties.kmsKeyId as string | undefined,
  isManaged: Object(properties.tags)["ebs.csi.aws.com/cluster"] === "true",
});

/** Whether the EBS driver may use the key of a disk or a snapshot. */
export const mayUse = (kmsKeyArn: string | undefined) => mayUseKey(kmsKeyArn, readRecords());

/** The key of a disk that is there. */
export const keyOfDisk = (id: string) =>
  readRecords().find((record) => record.id === id)?.properties.kmsKeyId as string | undefined;

export function deleteDisk(id: string): void {
  changeRecords((records) => {
    const index = records.findIndex((record) => record.id === id);
    if (index >= 0) records.splice(index, 1);
  });
}

export function growDisk(id: string, size: number): void {
  changeRecords((records) => {
    const disk = records.find((record) => record.id === id);
    if (disk) disk.properties.size = size;
  });
}

/**
 * Why a node in a zone can't mount an EFS file system; undefined: it can. The words are mount.efs's and mount.nfs's.
 * https://docs.aws.amazon.com/efs/latest/ug/troubleshooting-efs-mounting.html
 */
export function whyNotMountable(mount: Mount, zone: string): string | undefined {
  const records = readRecords();
  const { fileSystem, accessPoint } = mount;
  if (accessPoint && !of("efs/accessPoint", records).some(({ id }) => id === accessPoint)) {
    return `mount.nfs4: access denied by server while mounting 127.0.0.1:/ (no access point ${accessPoint})`;
  }
  const target = of("efs/mountTarget", records).find(
    ({ properties }) => properties.fileSystemId === fileSystem && properties.availabilityZoneName === zone,
  );
  if (!target) {
    return (
      `Failed to resolve "${fileSystem}.efs" - check that your file system ID is correct, and ensure that the VPC has ` +
      `an EFS mount target for this file system ID (none in ${zone})`
    );
  }
  const subnet = of("ec2/subnet", records).find(({ id }) => id === target.properties.subnetId);
  const vpc = of("ec2/vpc", records).find(({ id }) => id === subnet?.properties.vpcId);
  if (vpc?.properties.enableDnsSupport === false || (vpc && !vpc.properties.enableDnsHostnames)) {
    return `Failed to resolve "${fileSystem}.efs" - the VPC must have both DNS settings, enableDnsSupport and enableDnsHostnames`;
  }
  const groups = (target.properties.securityGroups ?? []) as string[];
  if (!groups.some((group) => isOpenForNodes(group, records))) return "mount.nfs4: Connection timed out";
  return mayMount(mount, records) ? undefined : "mount.nfs4: access denied by server while mounting 127.0.0.1:/";
}

/** Whether the nodes reach NFS behind a security group: they have the cluster's primary one. */
function isOpenForNodes(group: string, records: AwsRecord[]): boolean {
  const primary = of("eks/cluster", records).map(
    ({ properties }) => (properties.vpcConfig as Record<string, unknown> | undefined)?.clusterSecurityGroupId,
  );
  return of("vpc/securityGroupIngressRule", records).some(({ properties: rule }) => {
    const isNfs = rule.ipProtocol === "-1" || (Number(rule.fromPort) <= 2049 && Number(rule.toPort) >= 2049);
    return rule.securityGroupId === group && isNfs && primary.includes(rule.referencedSecurityGroupId);
  });
}
