import type { Fields, KubernetesObject } from "../kubernetes/client";
import { type DiskType, driverState } from "./disks";

/** What makes a driver's dynamic volumes. */
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

/** What the agent sees of the cluster at one moment. */
export interface World {
  claims: KubernetesObject[];
  volumes: KubernetesObject[];
  classes: KubernetesObject[];
  nodes: KubernetesObject[];
  pods: KubernetesObject[];
  attachments: KubernetesObject[];
  drivers: KubernetesObject[];
  snapshots: KubernetesObject[];
  contents: KubernetesObject[];
  snapshotClasses: KubernetesObject[];
}

/** The drivers whose pods run now, and of them those that may make and delete disks. */
export function workingDrivers(): { running: string[]; provisioning: string[] } {
  const states = Object.entries(DRIVERS).map(([name, driver]) => ({
    name,
    ...driverState(driver),
  }));
  const names = (key: "runs" | "provisions") => states.filter((state) => state[key]).map(({ name }) => name);
  return { running: names("runs"), provisioning: names("provisions") };
}

/** The volumes of a pod's claims, in its order, as far as they are bound. */
export function volumesOf(pod: KubernetesObject, { claims, volumes }: World): KubernetesObject[] {
  return ((pod.spec?.volumes ?? []) as Fields[]).flatMap(({ persistentVolumeClaim }) => {
    const claim = claims.find(
      ({ metadata }) =>
        metadata.namespace === pod.metadata.namespace && metadata.name === persistentVolumeClaim?.claimName,
    );
    return volumes.filter(({ metadata }) => metadata.name === claim?.spec?.volumeName);
  });
}
