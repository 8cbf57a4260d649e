import { NotKnown, peek, type Reference, type Resource, type Stack, unknown } from "./stack";

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
/** The driver of EKS Auto Mode, which no add-on brings: https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html */
const AUTO_MODE_EBS_DRIVER = "ebs.csi.eks.amazonaws.com";
/** What was part of Kubernetes, and is done by the EBS driver: https://kubernetes.io/docs/concepts/storage/volumes/#aws-ebs-csi-migration */
const OLD_EBS_PROVISIONER = "kubernetes.io/aws-ebs";
/** Everything that makes EBS disks. */
export const EBS_DRIVERS = [EBS_DRIVER, AUTO_MODE_EBS_DRIVER, OLD_EBS_PROVISIONER];
/** NFS as Kubernetes mounts it by itself, and by the driver for any server: neither of them over TLS. */
export const NFS_DRIVERS = ["nfs", "nfs.csi.k8s.io"];
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

/** Whether a workload is a database: not what waits for one before it starts, or works with one and ends. */
export function runsDatabase(workload: Resource): boolean {
  if (workload.type.startsWith("kubernetes:batch/")) return false;
  const { spec } = podOf(workload);
  const besides = [...(spec.initContainers ?? [])].filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...besides, ...(spec.containers ?? [])].some(({ image }) => DATABASES.test(image as string));
}

/** Volumes of a pod that go with it, by name: what kind they are of. */
export function goingWithPod(workload: Resource): Map<string, string> {
  const kindOf = (volume: any) => ["emptyDir", "ephemeral"].find((kind) => volume[kind] !== undefined);
  return new Map(
    volumesOf(workload).flatMap((volume) => {
      const kind = kindOf(volume);
      return kind ? [[volume.name as string, kind] as const] : [];
    }),
  );
}

export const namespaceOf = ({ props }: Resource): string => props.metadata?.namespace ?? "default";

/** An object of the stack by its name in the cluster. */
export function named(stack: Stack, type: string, name: string, namespace?: string): Resource | undefined {
  return stack
    .all(type)
    .find((it) => it.props.metadata?.name === name && (namespace === undefined || namespaceOf(it) === namespace));
}

/**
 * Whether a selector finds what has these labels. Without a selector nothing is found, with an empty one everything:
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/
 */
export function selects(selector: any, labels: Record<string, string> | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  const alike = Object.entries((selector.matchLabels ?? {}) as object).every(([key, value]) => labels?.[key] === value);
  return alike && [...(selector.matchExpressions ?? [])].every((expression) => meets(labels ?? {}, expression));
}

function meets(labels: Record<string, string>, { key, operator, values }: any): boolean {
  const label = labels[key as string];
  const isAmong = label !== undefined && [...(values ?? [])].includes(label);
  if (operator === "In") return isAmong;
  if (operator === "NotIn") return !isAmong;
  return operator === "Exists" ? label !== undefined : operator === "DoesNotExist" && label === undefined;
}

/** A claim that a workload mounts: an object of the stack, or a template that one is made from. */
export interface Mounted {
  volume: string;
  claim?: Resource;
  spec: any;
  /** Whether each pod has one of its own. */
  ofEachPod: boolean;
}

function claimsOfTemplates(workload: Resource, stack: Stack): Mounted[] {
  return [...(workload.props.spec?.volumeClaimTemplates ?? [])].flatMap(({ metadata, spec }) => {
    const volume = metadata.name as string;
    // A set adopts claims that bear its pods' names.
    const adopted = `${volume}-${workload.props.metadata?.name}-0`;
    const claim = named(stack, CLAIM, adopted, namespaceOf(workload));
    const made = { volume, spec, ofEachPod: true };
    return claim ? [made, { ...made, claim, spec: claim.props.spec }] : [made];
  });
}

/** The claims that a workload mounts, as far as the stack has them. */
export function claimsOf(workload: Resource, stack: Stack): Mounted[] {
  return [
    ...claimsOfTemplates(workload, stack),
    ...volumesOf(workload).flatMap((volume, place) => {
      const name = volume.name as string;
      if (volume.ephemeral !== undefined)
        return [{ volume: name, spec: volume.ephemeral.volumeClaimTemplate.spec, ofEachPod: true }];
      const { among, certain } = claimAt(workload, place, stack);
      if (!certain) throw new NotKnown("which claim each volume is");
      return among.map((claim) => ({ volume: name, claim, spec: claim.props.spec, ofEachPod: false }));
    }),
  ];
}

/** The claim that a volume of a pod is, by its name, or where that isn't known yet, by where the name comes from. */
function claimAt(workload: Resource, place: number, stack: Stack): Reference {
  const name = peek(volumesOf(workload)[place], "persistentVolumeClaim.claimName");
  if (name === unknown) {
    const pod = { Pod: "", CronJob: "spec.jobTemplate.spec.template." }[workload.type.split(":").pop()!];
    const path = `${pod ?? "spec.template."}spec.volumes.${place}.persistentVolumeClaim.claimName`;
    return stack.referred(workload, path, CLAIM);
  }
  const claim = name === undefined ? undefined : named(stack, CLAIM, name as string, namespaceOf(workload));
  return { among: claim ? [claim] : [], certain: true, elsewhere: name !== undefined && !claim };
}

/** The claims of the stack that a workload mounts, or may mount where it isn't known which each volume is. */
export function claimsMounted(workload: Resource, stack: Stack): Resource[] {
  const ofVolumes = volumesOf(workload).flatMap((_, place) => claimAt(workload, place, stack).among);
  const ofTemplates = claimsOfTemplates(workload, stack);
  return [...new Set([...ofVolumes, ...ofTemplates.flatMap(({ claim }) => (claim ? [claim] : []))])];
}

/** The volume that a claim names, if it is in the stack. */
export function volumeOf(claimSpec: any, stack: Stack): Resource | undefined {
  return claimSpec.volumeName ? named(stack, VOLUME, claimSpec.volumeName as string) : undefined;
}

/** Whether claims that name no class get this one. */
export function isDefault({ props }: Resource): boolean {
  const marks = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
  return marks.some((mark) => String(props.metadata?.annotations?.[mark]) === "true");
}

/** Whether a claim leaves its class to the cluster; an empty name means none. */
export const takesDefaultClass = (claimSpec: any): boolean => (claimSpec.storageClassName ?? undefined) === undefined;

/** The class that a claim names, or gets without naming one, if it is in the stack. */
export function classOf(claimSpec: any, stack: Stack): Resource | undefined {
  if (!takesDefaultClass(claimSpec)) return named(stack, STORAGE_CLASS, claimSpec.storageClassName as string);
  const defaults = stack.all(STORAGE_CLASS).filter(isDefault);
  if (defaults.length > 1) throw new NotKnown("which class is the default");
  return defaults[0];
}

/** What mounts a volume: its CSI driver, or one of {@link NFS_DRIVERS}. */
export function driverOfVolume({ props }: Resource): string | undefined {
  const { csi, nfs, awsElasticBlockStore } = props.spec;
  return csi?.driver ?? (nfs !== undefined ? "nfs" : awsElasticBlockStore !== undefined ? EBS_DRIVER : undefined);
}

const driverOfClass = ({ props }: Resource): string =>
  props.provisioner === OLD_EBS_PROVISIONER ? EBS_DRIVER : (props.provisioner as string);

/** The driver behind a claim. */
export function driverOfClaim(claimSpec: any, stack: Stack): string | undefined {
  const volume = volumeOf(claimSpec, stack);
  if (volume) return driverOfVolume(volume);
  const storageClass = classOf(claimSpec, stack);
  return storageClass && driverOfClass(storageClass);
}

/** The CSI drivers that a class, volume, claim or workload can't work without. */
export function driversOf(resource: Resource, stack: Stack): string[] {
  const { type, props } = resource;
  const found =
    type === STORAGE_CLASS
      ? [driverOfClass(resource)]
      : type === VOLUME
        ? [driverOfVolume(resource)]
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
