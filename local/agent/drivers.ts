import type { KubernetesObject } from "../standins/kubernetes/api";
import { type DiskType, driverState } from "./aws";

/** A CSI driver as Kubernetes and AWS see it. */
export interface Driver {
  addon: string;
  /** The service account of its controller, which provisions. */
  controller: string;
  /** What its controller's role must be allowed, by one of these policies. */
  policy: RegExp;
  disk: DiskType;
  /** Whether a volume must be attached to a node first; such a disk lives in one zone, and can grow. */
  attaches: boolean;
}

export const DRIVERS: Record<string, Driver> = {
  "ebs.csi.aws.com": {
    addon: "aws-ebs-csi-driver",
    controller: "ebs-csi-controller-sa",
    policy: /\/AmazonEBSCSIDriver(Policy|PolicyV2|EKSClusterScopedPolicy)$/,
    disk: "ebs/volume",
    attaches: true,
  },
  "efs.csi.aws.com": {
    addon: "aws-efs-csi-driver",
    controller: "efs-csi-controller-sa",
    policy: /\/AmazonEFSCSIDriverPolicy$/,
    disk: "efs/accessPoint",
    attaches: false,
  },
};

/** What the agent sees of the cluster at one moment. */
export interface World {
  claims: KubernetesObject[];
  volumes: KubernetesObject[];
  classes: KubernetesObject[];
  nodes: KubernetesObject[];
  pods: KubernetesObject[];
  attachments: KubernetesObject[];
  drivers: KubernetesObject[];
}

/** The drivers whose pods run now, and of them those that may make and delete disks. */
export function workingDrivers(): { running: string[]; provisioning: string[] } {
  const states = Object.entries(DRIVERS).map(([name, { addon, controller, policy }]) => ({
    name,
    ...driverState(addon, controller, policy),
  }));
  const names = (key: "runs" | "provisions") => states.filter((state) => state[key]).map(({ name }) => name);
  return { running: names("runs"), provisioning: names("provisions") };
}
