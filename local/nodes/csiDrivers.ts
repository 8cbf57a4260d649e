import { readAccount } from "../aws/account";
import { isActive } from "../aws/eks/addons";
import { rolesOf } from "../aws/eks/podIdentity";
import type { DiskType } from "./disks";

/** What creates a driver's dynamic volumes. */
export interface Provisioner {
  /** The service account of the driver's controller. */
  controller: string;
  /** What its role must be allowed, by one of these policies. */
  policy: RegExp;
  disk: DiskType;
}

/** A CSI driver as Kubernetes and AWS see it. */
export interface Driver {
  addon: string;
  /** Without one there are static volumes only. */
  provisioner?: Provisioner;
  /** Whether a volume must be attached to a node first; such a disk lives in one zone, and can grow. */
  attaches: boolean;
}

export const DRIVERS: Record<string, Driver> = {
  "ebs.csi.aws.com": {
    addon: "aws-ebs-csi-driver",
    provisioner: {
      controller: "ebs-csi-controller-sa",
      policy: /\/AmazonEBSCSIDriver(Policy|PolicyV2|EKSClusterScopedPolicy)$/,
      disk: "ebs/volume",
    },
    attaches: true,
  },
  "efs.csi.aws.com": {
    addon: "aws-efs-csi-driver",
    provisioner: {
      controller: "efs-csi-controller-sa",
      policy: /\/AmazonEFSCSIDriverPolicy$/,
      disk: "efs/accessPoint",
    },
    attaches: false,
  },
  "s3.csi.aws.com": { addon: "aws-mountpoint-s3-csi-driver", attaches: false },
};

/** The drivers whose pods run now, and of them those whose controller has a role that may create and delete disks. */
export function workingDrivers(): { running: string[]; provisioning: string[] } {
  const account = readAccount();
  const running = Object.entries(DRIVERS).filter(([, { addon }]) => isActive(addon, account));
  const provisioning = running.filter(
    ([, { provisioner }]) =>
      provisioner &&
      isActive("eks-pod-identity-agent", account) &&
      rolesOf(provisioner.controller, account)
        .flatMap((role) => account.where("iam/rolePolicyAttachment", "role", role))
        .some(({ properties }) => provisioner.policy.test(String(properties.policyArn))),
  );
  const names = (drivers: typeof running) => drivers.map(([name]) => name);
  return { running: names(running), provisioning: names(provisioning) };
}
