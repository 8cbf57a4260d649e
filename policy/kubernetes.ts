import { NotKnown, peek, type Reference, type Resource, type Stack, unknown } from "./stack";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
export const VOLUME = "kubernetes:core/v1:PersistentVolume";
export const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const SERVICE = "kubernetes:core/v1:Service";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** Controllers that keep a number of pods running. */
export const REPLICATED = [DEPLOYMENT, STATEFUL_SET, "kubernetes:apps/v1:ReplicaSet"];
/** Every type of resource that creates pods. */
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
/** The driver of EKS Auto Mode, which is part of it and no add-on: https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html */
const AUTO_MODE_EBS_DRIVER = "ebs.csi.eks.amazonaws.com";
/** The in-tree provisioner; the EBS driver does its work: https://kubernetes.io/docs/concepts/storage/volumes/#aws-ebs-csi-migration */
const IN_TREE_EBS_PROVISIONER = "kubernetes.io/aws-ebs";
/** Every provisioner of EBS disks. */
export const EBS_DRIVERS = [EBS_DRIVER, AUTO_MODE_EBS_DRIVER, IN_TREE_EBS_PROVISIONER];
/** NFS mounted by Kubernetes itself, and by the generic NFS driver: neither uses TLS. */
export const NFS_DRIVERS = ["nfs", "nfs.csi.k8s.io"];
export const ADDONS: Record<string, string> = {
  [EFS_DRIVER]: "aws-efs-csi-driver",
  [EBS_DRIVER]: "aws-ebs-csi-driver",
  [S3_DRIVER]: "aws-mountpoint-s3-csi-driver",
};

/** A node's, and a disk's, availability zone. */
export const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Images of databases. */
const DATABASES = /(^|\/)(mysql|mariadb|percona|postgres|postgresql|mongo|mongodb)(-server)?(:|@|$)/;

/** The pod template of a workload: metadata and spec. */
export function podOf({ type, props }: Resource): { metadata: any; spec: any } {
  if (type.endsWith(":Pod")) return props;
  return type.endsWith(":CronJob") ? props.spec.jobTemplate.spec.template : props.spec.template;
}

export function containersOf(workload: Resource): any[] {
  const { spec } = podOf(workload);
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
}

export const volumesOf = (workload: Resource): any[] => [...(podOf(workload).spec.volumes ?? [])];

/** Whether a workload runs a database: in a container or a sidecar, not in an init container or a job. */
export function runsDatabase(workload: Resource): boolean {
  if (workload.type.startsWith("kubernetes:batch/")) return false;
  const { spec } = podOf(workload);
  const sidecars = [...(spec.initContainers ?? [])].filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...sidecars, ...(spec.containers ?? [])].some(({ image }) => DATABASES.test(image as string));
}

/** The volumes that are deleted with their pod: their kind by name. */
export function volumesDeletedWithPod(workload: Resource): Map<string, string> {
  const kindOf = (volume: any) => ["emptyDir", "ephemeral"].find((kind) => volume[kind] !== undefined);
  return new Map(
    volumesOf(workload).flatMap((volume) => {
      const kind = kindOf(volume);
      return kind ? [[volume.name as string, kind] as const] : [];
    }),
  );
}

export const namespaceOf = ({ props }: Resource): string => props.metadata?.namespace ?? "default";

/** The object of the stack with a name in the cluster. */
export function objectNamed(stack: Stack, type: string, name: string, namespace?: string): Resource | undefined {
  return stack
    .all(type)
    .find((it) => it.props.metadata?.name === name && (namespace === undefined || namespaceOf(it) === namespace));
}

/**
 * Whether a selector matches labels. No selector matches nothing, an empty one everything:
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/
 */
export function selects(selector: any, labels: Record<string, string> | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  const labelsMatch = Object.entries((selector.matchLabels ?? {}) as object).every(
    ([key, value]) => labels?.[key] === value,
  );
  return labelsMatch && [...(selector.matchExpressions ?? [])].every((expression) => matches(labels ?? {}, expression));
}

function matches(labels: Record<string, string>, { key, operator, values }: any): boolean {
  const label = labels[key as string];
  const isListed = label !== undefined && [...(values ?? [])].includes(label);
  if (operator === "In") return isListed;
  if (operator === "NotIn") return !isListed;
  return operator === "Exists" ? label !== undefined : operator === "DoesNotExist" && label === undefined;
}

/** A claim that a workload mounts: an object of the stack, or a claim template. */
export interface MountedClaim {
  volume: string;
  claim?: Resource;
  spec: any;
  /** Whether each pod has its own claim. */
  isPerPod: boolean;
}

function claimsOfTemplates(workload: Resource, stack: Stack): MountedClaim[] {
  return [...(workload.props.spec?.volumeClaimTemplates ?? [])].flatMap(({ metadata, spec }) => {
    const volume = metadata.name as string;
    // A StatefulSet uses an existing claim of this name.
    const claimName = `${volume}-${workload.props.metadata?.name}-0`;
    const claim = objectNamed(stack, CLAIM, claimName, namespaceOf(workload));
    const template = { volume, spec, isPerPod: true };
    return claim ? [template, { ...template, claim, spec: claim.props.spec }] : [template];
  });
}

/** The claims that a workload mounts, as far as the stack has them. */
export function claimsOf(workload: Resource, stack: Stack): MountedClaim[] {
  return [
    ...claimsOfTemplates(workload, stack),
    ...volumesOf(workload).flatMap((volume, index) => {
      const name = volume.name as string;
      if (volume.ephemeral !== undefined)
        return [{ volume: name, spec: volume.ephemeral.volumeClaimTemplate.spec, isPerPod: true }];
      const { candidates, isCertain } = claimOfVolume(workload, index, stack);
      if (!isCertain) throw new NotKnown("which claim each volume is");
      return candidates.map((claim) => ({ volume: name, claim, spec: claim.props.spec, isPerPod: false }));
    }),
  ];
}

/** The claim of a pod's volume: by its name, or where that isn't known yet, by the name's origin. */
function claimOfVolume(workload: Resource, index: number, stack: Stack): Reference {
  const name = peek(volumesOf(workload)[index], "persistentVolumeClaim.claimName");
  if (name === unknown) {
    const pod = { Pod: "", CronJob: "spec.jobTemplate.spec.template." }[workload.type.split(":").pop()!];
    const path = `${pod ?? "spec.template."}spec.volumes.${index}.persistentVolumeClaim.claimName`;
    return stack.referred(workload, path, CLAIM);
  }
  const claim = name === undefined ? undefined : objectNamed(stack, CLAIM, name as string, namespaceOf(workload));
  return { candidates: claim ? [claim] : [], isCertain: true, isOutside: name !== undefined && !claim };
}

/** The claims of the stack that a workload mounts, or may mount where that isn't certain. */
export function claimsMounted(workload: Resource, stack: Stack): Resource[] {
  const ofVolumes = volumesOf(workload).flatMap((_, index) => claimOfVolume(workload, index, stack).candidates);
  const ofTemplates = claimsOfTemplates(workload, stack);
  return [...new Set([...ofVolumes, ...ofTemplates.flatMap(({ claim }) => (claim ? [claim] : []))])];
}

/** The volume of a claim, if it is in the stack. */
export function volumeOf(claimSpec: any, stack: Stack): Resource | undefined {
  return claimSpec.volumeName ? objectNamed(stack, VOLUME, claimSpec.volumeName as string) : undefined;
}

/** Whether a class is a default class. */
export function isDefault({ props }: Resource): boolean {
  const annotations = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
  ];
  return annotations.some((it) => String(props.metadata?.annotations?.[it]) === "true");
}

/** Whether a claim gets the default class; an empty class name means no class. */
export const usesDefaultClass = (claimSpec: any): boolean => (claimSpec.storageClassName ?? undefined) === undefined;

/** The class of a claim, named or by default, if it is in the stack. */
export function classOf(claimSpec: any, stack: Stack): Resource | undefined {
  if (!usesDefaultClass(claimSpec)) return objectNamed(stack, STORAGE_CLASS, claimSpec.storageClassName as string);
  const defaults = stack.all(STORAGE_CLASS).filter(isDefault);
  if (defaults.length > 1) throw new NotKnown("which class is the default");
  return defaults[0];
}

/** The driver that mounts a volume: a CSI driver, or one of {@link NFS_DRIVERS}. */
export function driverOfVolume({ props }: Resource): string | undefined {
  const { csi, nfs, awsElasticBlockStore } = props.spec;
  return csi?.driver ?? (nfs !== undefined ? "nfs" : awsElasticBlockStore !== undefined ? EBS_DRIVER : undefined);
}

const driverOfClass = ({ props }: Resource): string =>
  props.provisioner === IN_TREE_EBS_PROVISIONER ? EBS_DRIVER : (props.provisioner as string);

/** The driver of a claim's volume. */
export function driverOfClaim(claimSpec: any, stack: Stack): string | undefined {
  const volume = volumeOf(claimSpec, stack);
  if (volume) return driverOfVolume(volume);
  const storageClass = classOf(claimSpec, stack);
  return storageClass && driverOfClass(storageClass);
}

/** The CSI drivers that a class, volume, claim or workload needs. */
export function driversOf(resource: Resource, stack: Stack): string[] {
  const { type, props } = resource;
  const drivers =
    type === STORAGE_CLASS
      ? [driverOfClass(resource)]
      : type === VOLUME
        ? [driverOfVolume(resource)]
        : type === CLAIM
          ? [driverOfClaim(props.spec, stack)]
          : claimsOf(resource, stack).map(({ spec }) => driverOfClaim(spec, stack));
  return drivers.filter((driver): driver is string => typeof driver === "string" && driver in ADDONS);
}

/** The number of replicas; Kubernetes' default is one. */
export const replicasOf = ({ props }: Resource): number => Number(props.spec.replicas ?? 1);

/** Whether a path is a directory, or a path in it. */
export const isWithin = (path: string, directory: string): boolean =>
  `${path}/`.startsWith(`${directory.replace(/\/$/, "")}/`);

/** Whether an object's name is generated by Pulumi or Kubernetes. */
export function isAutoNamed({ props }: Resource): boolean {
  const metadata = peek(props, "metadata") === undefined ? {} : props.metadata;
  return metadata.name === undefined || metadata.annotations?.["pulumi.com/autonamed"] === "true";
}
