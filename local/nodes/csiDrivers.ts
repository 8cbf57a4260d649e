import { readAccount } from "../aws/account";
import { isActive } from "../aws/eks/addons";
import { hasCredentials } from "../aws/eks/driverPods";
import { mayPods } from "../aws/eks/podIdentity";
import type { Question } from "../aws/iam/evaluation";
import type { KubernetesObject } from "../kubernetes/client";
import type { DiskType } from "./disks";

/** What creates a driver's dynamic volumes. */
export interface Provisioner {
  /** The service account of the driver's controller. */
  controller: string;
  /** What its role must be allowed: to make a disk, and to delete it. */
  needs: Question[];
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

/** Any disk, wherever it is. */
const DISK = "arn:aws:ec2:*:*:volume/vol-00000000";

export const DRIVERS: Record<string, Driver> = {
  "ebs.csi.aws.com": {
    addon: "aws-ebs-csi-driver",
    provisioner: {
      controller: "ebs-csi-controller-sa",
      needs: [
        { action: "ec2:CreateVolume", resource: DISK, context: { "aws:RequestTag/ebs.csi.aws.com/cluster": "true" } },
        { action: "ec2:DeleteVolume", resource: DISK, context: { "ec2:ResourceTag/ebs.csi.aws.com/cluster": "true" } },
      ],
      disk: "ebs/volume",
    },
    attaches: true,
  },
  "efs.csi.aws.com": {
    addon: "aws-efs-csi-driver",
    provisioner: {
      controller: "efs-csi-controller-sa",
      needs: [
        {
          action: "elasticfilesystem:CreateAccessPoint",
          resource: "arn:aws:elasticfilesystem:*:*:file-system/fs-00000000",
          context: { "aws:RequestTag/efs.csi.aws.com/cluster": "true", "aws:TagKeys": ["efs.csi.aws.com/cluster"] },
        },
        {
          action: "elasticfilesystem:DeleteAccessPoint",
          resource: "arn:aws:elasticfilesystem:*:*:access-point/fsap-00000000",
          context: { "aws:ResourceTag/efs.csi.aws.com/cluster": "true" },
        },
      ],
      disk: "efs/accessPoint",
    },
    attaches: false,
  },
  "s3.csi.aws.com": { addon: "aws-mountpoint-s3-csi-driver", attaches: false },
};

/** The drivers whose pods run now, and of them those whose controller has a role that may create and delete disks. */
export function workingDrivers(pods: KubernetesObject[] = []): { running: string[]; provisioning: string[] } {
  const account = readAccount();
  const running = Object.entries(DRIVERS).filter(([, { addon }]) => isActive(addon, account));
  const provisioning = running.filter(
    ([, { provisioner }]) =>
      provisioner &&
      isActive("eks-pod-identity-agent", account) &&
      hasCredentials(provisioner.controller, pods) &&
      provisioner.needs.every((need) => mayPods(provisioner.controller, need, account)),
  );
  const names = (drivers: typeof running) => drivers.map(([name]) => name);
  return { running: names(running), provisioning: names(provisioning) };
}
