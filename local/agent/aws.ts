import { type AwsRecord, changeRecords, hex, readRecords, token } from "../standins/aws/records";
import type { Driver } from "./drivers";
import { type Mount, mayMount, rolesOf } from "./permissions";

// What the agent asks of the local AWS, and the disks that it makes there.

const of = (type: string, records: AwsRecord[]) => records.filter((record) => record.type === token(type));

/** What there is of a driver: its add-on runs; its controller, besides, gets a role that may do what it does. */
export function driverState({ addon, provisioner }: Driver): { runs: boolean; provisions: boolean } {
  const records = readRecords();
  const isActive = (name: string) =>
    of("eks/addon", records).some(({ status, properties }) => properties.addonName === name && status === "ACTIVE");
  const runs = isActive(addon);
  if (!runs || !provisioner || !isActive("eks-pod-identity-agent")) return { runs, provisions: false };
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
    const tags = { CSIVolumeName: volume, [`${driver}/cluster`]: "true" };
    records.push({ type: token(type), id, status: "ACTIVE", properties: { ...properties, tags } });
    return id;
  });
}

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
