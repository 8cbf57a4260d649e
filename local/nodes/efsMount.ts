import { type Account, readAccount } from "../aws/account";
import { mayMount, type Mount } from "../aws/efs/mountAccess";
import type { Fields, KubernetesObject } from "../kubernetes/client";

/** How a node mounts a volume of the EFS driver. */
export function mountOf({ spec }: KubernetesObject): Mount {
  const { volumeHandle, volumeAttributes } = spec?.csi as Fields;
  const [fileSystem = "", accessPoint] = (volumeHandle as string).split("::");
  const iam = ((spec?.mountOptions ?? []) as string[]).includes("iam");
  return { fileSystem, accessPoint, iam, encrypted: volumeAttributes?.encryptInTransit !== "false" };
}

/**
 * Why a node in a zone can't mount an EFS file system; undefined: it can. The words are mount.efs's and mount.nfs's.
 * https://docs.aws.amazon.com/efs/latest/ug/troubleshooting-efs-mounting.html
 */
export function efsMountError(mount: Mount, zone: string): string | undefined {
  const account = readAccount();
  const { fileSystem, accessPoint } = mount;
  const denied = "mount.nfs4: access denied by server while mounting 127.0.0.1:/";
  if (accessPoint && !account.find("efs/accessPoint", accessPoint)) return `${denied} (no access point ${accessPoint})`;
  const target = account
    .where("efs/mountTarget", "fileSystemId", fileSystem)
    .find(({ properties }) => properties.availabilityZoneName === zone);
  if (!target) {
    return (
      `Failed to resolve "${fileSystem}.efs" - check that your file system ID is correct, and ensure that the VPC has ` +
      `an EFS mount target for this file system ID (none in ${zone})`
    );
  }
  const subnet = account.find("ec2/subnet", target.properties.subnetId);
  const vpc = account.find("ec2/vpc", subnet?.properties.vpcId);
  if (vpc?.properties.enableDnsSupport === false || (vpc && !vpc.properties.enableDnsHostnames)) {
    return `Failed to resolve "${fileSystem}.efs" - the VPC must have both DNS settings, enableDnsSupport and enableDnsHostnames`;
  }
  const groups = (target.properties.securityGroups ?? []) as string[];
  if (!groups.some((group) => isOpenForNodes(group, account))) return "mount.nfs4: Connection timed out";
  return mayMount(mount, account) ? undefined : denied;
}

/** Whether the nodes reach NFS behind a security group: they have the cluster's primary one. */
const isOpenForNodes = (group: string, account: Account): boolean =>
  account.where("vpc/securityGroupIngressRule", "securityGroupId", group).some(({ properties: rule }) => {
    const isNfs = rule.ipProtocol === "-1" || (Number(rule.fromPort) <= 2049 && Number(rule.toPort) >= 2049);
    const source = rule.referencedSecurityGroupId;
    return isNfs && account.where("eks/cluster", "vpcConfig.clusterSecurityGroupId", source).length > 0;
  });
