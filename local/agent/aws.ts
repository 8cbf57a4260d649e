import { type AwsRecord, changeRecords, hex, readRecords, token } from "../standins/aws/records";
import { type Mount, mayMount } from "./permissions";

// What the agent asks of the local AWS, and the disks that it makes there.

const of = (type: string, records: AwsRecord[]) => records.filter((record) => record.type === token(type));

/** What there is of a driver: its add-on runs; its controller, besides, has a role. */
export function driverState(addon: string, serviceAccount: string): { runs: boolean; provisions: boolean } {
  const records = readRecords();
  const runs = of("eks/addon", records).some(
    ({ status, properties }) => properties.addonName === addon && status === "ACTIVE",
  );
  const associations = of("eks/podIdentityAssociation", records);
  return {
    runs,
    provisions: runs && associations.some(({ properties }) => properties.serviceAccount === serviceAccount),
  };
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
    const isFromNodes = primary.includes(rule.referencedSecurityGroupId) || rule.cidrIpv4 !== undefined;
    return rule.securityGroupId === group && isNfs && isFromNodes;
  });
}
