import { peek, type Resource, type Stack } from "./stack";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
export const VOLUME = "kubernetes:core/v1:PersistentVolume";
export const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const SERVICE = "kubernetes:core/v1:Service";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** What keeps pods running. */
export const REPLICATED = [DEPLOYMENT, STATEFUL_SET, "kubernetes:apps/v1:ReplicaSet"];
/** Everything that brings pods with it. */
export const WORKLOADS = [
  ...REPLICATED,
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:batch/v1:Job",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:core/v1:Pod",
];

export const EFS_DRIVER = "efs.csi.aws.com";
export const EBS_DRIVER = "ebs.csi.aws.com";
export const S3_DRIVER = "s3.csi.aws.com";
export const ADDONS: Record<string, string> = {
  [EFS_DRIVER]: "aws-efs-csi-driver",
  [EBS_DRIVER]: "aws-ebs-csi-driver",
  [S3_DRIVER]: "aws-mountpoint-s3-csi-driver",
};

/** A node's, and a disk's, availability zone. */
export const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Images of databases, which need a disk of their own and time to stop. */
const DATABASES = /(^|\/)(mysql|mariadb|percona|postgres|postgresql|mongo|mongodb)(-server)?(:|@|$)/;

/** The pod that a workload makes: its metadata and spec. */
export function podOf({ type, props }: Resource): { metadata: any; spec: any } {
  if (type.endsWith(":Pod")) return props;
  return type.endsWith(":CronJob") ? props.spec.jobTemplate.spec.template : props.spec.template;
}

export function containersOf(workload: Resource): any[] {
  const { spec } = podOf(workload);
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
}

export const volumesOf = (workload: Resource): any[] => [...(podOf(workload).spec.volumes ?? [])];

export const runsDatabase = (workload: Resource): boolean =>
  containersOf(workload).some(({ image }) => DATABASES.test(image as string));

export const namespaceOf = ({ props }: Resource): string => props.metadata?.namespace ?? "default";

/** An object of the stack by its name in the cluster. */
export function named(stack: Stack, type: string, name: string, namespace?: string): Resource | undefined {
  return stack
    .all(type)
    .find((it) => it.props.metadata?.name === name && (namespace === undefined || namespaceOf(it) === namespace));
}

/** Whether a selector, by its matchLabels, finds what has these labels. */
export function selects(selector: any, labels: Record<string, string> | undefined): boolean {
  return Object.entries((selector?.matchLabels ?? {}) as object).every(([key, value]) => labels?.[key] === value);
}

/** A claim that a workload mounts: an object of the stack, or a template that one is made from. */
export interface Mounted {
  volume: string;
  claim?: Resource;
  spec: any;
  /** Whether each pod has one of its own. */
  ofEachPod: boolean;
}

/** The claims that a workload mounts, as far as the stack has them. */
export function claimsOf(workload: Resource, stack: Stack): Mounted[] {
  const templates = [...(workload.props.spec?.volumeClaimTemplates ?? [])];
  const given = volumesOf(workload).filter((volume) => volume.persistentVolumeClaim !== undefined);
  return [
    ...templates.flatMap(({ metadata, spec }) => {
      const volume = metadata.name as string;
      // A set adopts claims that bear its pods' names.
      const adopted = `${volume}-${workload.props.metadata?.name}-0`;
      const claim = named(stack, CLAIM, adopted, namespaceOf(workload));
      const made = { volume, spec, ofEachPod: true };
      return claim ? [made, { ...made, claim, spec: claim.props.spec }] : [made];
    }),
    ...given.flatMap(({ name, persistentVolumeClaim }) => {
      const claim = named(stack, CLAIM, persistentVolumeClaim.claimName as string, namespaceOf(workload));
      return claim ? [{ volume: name as string, claim, spec: claim.props.spec, ofEachPod: false }] : [];
    }),
  ];
}

/** The volume that a claim names, if it is in the stack. */
export function volumeOf(claimSpec: any, stack: Stack): Resource | undefined {
  return claimSpec.volumeName ? named(stack, VOLUME, claimSpec.volumeName as string) : undefined;
}

/** The class that a claim names, if it is in the stack. */
export function classOf(claimSpec: any, stack: Stack): Resource | undefined {
  return claimSpec.storageClassName ? named(stack, STORAGE_CLASS, claimSpec.storageClassName as string) : undefined;
}

/** The CSI driver behind a claim. */
export function driverOfClaim(claimSpec: any, stack: Stack): string | undefined {
  return volumeOf(claimSpec, stack)?.props.spec.csi?.driver ?? classOf(claimSpec, stack)?.props.provisioner;
}

/** The CSI drivers that a class, volume, claim or workload can't work without. */
export function driversOf(resource: Resource, stack: Stack): string[] {
  const { type, props } = resource;
  const found =
    type === STORAGE_CLASS
      ? [props.provisioner]
      : type === VOLUME
        ? [props.spec.csi?.driver]
        : type === CLAIM
          ? [driverOfClaim(props.spec, stack)]
          : claimsOf(resource, stack).map(({ spec }) => driverOfClaim(spec, stack));
  return found.filter((driver): driver is string => typeof driver === "string" && driver in ADDONS);
}

/** Replicas; without a number Kubernetes runs one. */
export const replicasOf = ({ props }: Resource): number => Number(props.spec.replicas ?? 1);

/** Whether a path is another or lies below it. */
export const isWithin = (path: string, directory: string): boolean =>
  `${path}/`.startsWith(`${directory.replace(/\/$/, "")}/`);

/** Whether a name was made up by Pulumi or Kubernetes: a new one is a new object. */
export function isAutoNamed({ props }: Resource): boolean {
  const metadata = peek(props, "metadata") === undefined ? {} : props.metadata;
  return metadata.name === undefined || metadata.annotations?.["pulumi.com/autonamed"] === "true";
}
