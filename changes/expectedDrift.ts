import type { PropertyChange } from "./changes";

/** A property that others may change behind the program's back. */
export interface ExpectedDrift {
  type: RegExp;
  path: RegExp;
  /** Where it is expected only as one of these. Default: any. */
  kinds?: PropertyChange["kind"][];
  /** Who changes it, and why that is right. */
  reason: string;
}

const KUBERNETES = /^kubernetes:/;

/** What changes by itself. Whatever isn't here is told: a wrong entry would hide what somebody did. */
export const expectedDrift: ExpectedDrift[] = [
  {
    type: /^aws:eks\/nodeGroup:NodeGroup$/,
    path: /^scalingConfig\.desiredSize$/,
    // https://docs.aws.amazon.com/eks/latest/userguide/autoscaling.html
    reason: "An autoscaler sets how many nodes there are, between the smallest and the largest number.",
  },
  {
    type: /^aws:eks\/cluster:Cluster$/,
    path: /^platformVersion$/,
    // https://docs.aws.amazon.com/eks/latest/userguide/platform-versions.html
    reason: "EKS raises its platform version by itself, within a version of Kubernetes.",
  },
  {
    type: /^aws:/,
    path: /^tags(All)?\["?aws:/,
    // https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
    reason: "AWS alone sets tags that begin with aws:, EKS those of nodes and their groups.",
  },
  {
    type: /^aws:efs\/fileSystem:FileSystem$/,
    path: /^(sizeInBytes|numberOfMountTargets)\b/,
    reason: "AWS counts what is in it, and its mount targets; a mount target that is gone is told by itself.",
  },
  {
    type: KUBERNETES,
    path: /^(status\b|metadata\.(resourceVersion|generation|managedFields|uid|creationTimestamp)\b)/,
    // https://kubernetes.io/docs/concepts/overview/working-with-objects/
    reason: "The API server and its controllers write how an object is; the program says how it shall be.",
  },
  {
    type: KUBERNETES,
    path: /^metadata\.finalizers\b/,
    kinds: ["add"],
    // https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
    reason: "A controller holds an object until it has tidied up; a finalizer that is taken away is told.",
  },
  {
    type: KUBERNETES,
    path: /^metadata\.(annotations|labels)\["?((deployment|pv|volume|volume\.beta)\.kubernetes\.io\/|kubernetes\.io\/metadata\.name)/,
    // https://kubernetes.io/docs/reference/labels-annotations-taints/
    reason: "Kubernetes notes there what it has done: a revision, a provisioner, a binding, a namespace's name.",
  },
  {
    type: /^kubernetes:core\/v1:PersistentVolumeClaim$/,
    path: /^spec\.volumeName$/,
    kinds: ["add"],
    // https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding
    reason: "Kubernetes binds a claim to its volume.",
  },
  {
    type: /^kubernetes:core\/v1:PersistentVolume$/,
    path: /^spec\.claimRef\.(apiVersion|kind|uid|resourceVersion)$/,
    kinds: ["add"],
    reason: "Kubernetes notes which claim the volume is bound to.",
  },
];

/** Why a change is expected; `undefined` where it isn't. */
export const reasonFor = (type: string, { path, kind }: PropertyChange): string | undefined =>
  expectedDrift.find((it) => it.type.test(type) && it.path.test(path) && (it.kinds ?? [kind]).includes(kind))?.reason;
