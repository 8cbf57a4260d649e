import { durableTypesWith } from "../../components/retention/durable";
import { CLUSTER, CLUSTER_COMPONENT } from "../aws";
import {
  ADDONS,
  CLAIM,
  claimsOf,
  DEPLOYMENT,
  EBS_DRIVERS,
  isAutoNamed,
  isDefault,
  namespaceOf,
  objectNamed,
  replicasOf,
  REPLICATED,
  STATEFUL_SET,
  STORAGE_CLASS,
  usesDefaultClass,
  VOLUME,
  volumeOf,
} from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { NotKnown, OutsideStack, peek, type Resource, unknown } from "../stack";

const modesOf = (claimSpec: any): string[] => [...(claimSpec.accessModes ?? [])] as string[];
const label = (claim: Resource): string => `${namespaceOf(claim)}/${claim.props.metadata?.name}`;

export const volume: Policy[] = [
  {
    name: "volumes-retained",
    description: "A volume is kept when its claim is deleted.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Set the class's reclaimPolicy to Retain. Existing volumes keep theirs: patch them.",
      "For a static volume, set persistentVolumeReclaimPolicy to Retain.",
    ],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming",
    example: { wrong: '{ reclaimPolicy: "Delete" }', right: '{ reclaimPolicy: "Retain" }' },
    types: [STORAGE_CLASS, VOLUME],
    *check({ type, props }) {
      if (type === VOLUME) {
        if ((props.spec.persistentVolumeReclaimPolicy ?? "Retain") !== "Retain") {
          yield `persistentVolumeReclaimPolicy is ${props.spec.persistentVolumeReclaimPolicy}`;
        }
      } else if (
        [...Object.keys(ADDONS), ...EBS_DRIVERS].includes(props.provisioner as string) &&
        props.reclaimPolicy !== "Retain"
      ) {
        yield `reclaimPolicy is ${props.reclaimPolicy ?? "left out, which means Delete"}`;
      }
    },
  },
  {
    name: "one-default-class",
    description: "Exactly one storage class is the default.",
    severity: Severity.Medium,
    standards: [],
    fix: ['Set the annotation storageclass.kubernetes.io/is-default-class to "true" on one class only.'],
    url: "https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass",
    example: { wrong: "two classes with is-default-class", right: "one class with is-default-class" },
    types: [STORAGE_CLASS, CLAIM, STATEFUL_SET],
    *checkInStack(resource, stack) {
      const all = stack.all(STORAGE_CLASS);
      // In a cluster of another stack there may be other classes.
      const hasCluster = stack.all(CLUSTER, CLUSTER_COMPONENT).length > 0;
      if (resource.type !== STORAGE_CLASS) {
        // Without any class only claims that name none need a default; EKS has none since 1.30:
        // https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-extended.html
        if (!hasCluster || all.length > 0) return;
        const { spec } = resource.props;
        const specs = resource.type === CLAIM ? [spec] : [...(spec.volumeClaimTemplates ?? [])].map((it) => it.spec);
        const staysPending = (it: any) => usesDefaultClass(it) && !it.volumeName;
        if (specs.some(staysPending)) yield "it names no class, and there is none: it stays pending";
        return;
      }
      const defaults = all.filter(isDefault);
      if (defaults.length === 0 && all[0] === resource) {
        yield hasCluster
          ? "no class is the default: claims without a class stay pending"
          : new OutsideStack("the cluster's other classes");
      }
      if (defaults.length > 1 && isDefault(resource)) {
        yield `${defaults.map(({ name }) => name).join(" and ")} are default classes: a claim gets the one that was created last`;
      }
    },
  },
  {
    name: "static-volume-bound",
    description: "A static volume and its claim name each other.",
    severity: Severity.High,
    standards: [],
    fix: ["Set the volume's claimRef to the claim's namespace and name, and the claim's volumeName to the volume's."],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume",
    example: { wrong: "{ csi }", right: "{ csi, claimRef: { namespace, name } }" },
    types: [VOLUME, CLAIM],
    *checkInStack({ type, props, ...rest }, stack) {
      if (type === VOLUME) {
        const { claimRef } = props.spec;
        if (!claimRef?.name || !claimRef.namespace)
          return yield "claimRef names no claim and its namespace: any claim can bind to it";
        const claim = objectNamed(stack, CLAIM, claimRef.name as string, claimRef.namespace as string);
        if (claim && claim.props.spec.volumeName !== props.metadata.name) {
          yield `its claim ${label(claim)} names ${claim.props.spec.volumeName ? `the volume ${claim.props.spec.volumeName}` : "no volume"}`;
        }
        return;
      }
      const claim = { type, props, ...rest };
      const volume = volumeOf(props.spec, stack);
      if (props.spec.volumeName && !volume && stack.all(VOLUME).length > 0) {
        yield `it names the volume ${props.spec.volumeName}, which isn't among the stack's`;
      }
      const ref = volume?.props.spec.claimRef;
      if (volume && (ref?.name !== props.metadata.name || ref?.namespace !== namespaceOf(claim))) {
        const reserved = ref?.name ? `${ref.namespace ?? "no namespace"}/${ref.name}` : "no claim";
        yield `its volume ${volume.props.metadata.name} is reserved for ${reserved}`;
      }
    },
  },
  {
    name: "volume-handle-unique",
    description: "No two volumes have the same handle.",
    severity: Severity.High,
    standards: [],
    fix: ["Give each volume an access point of its own. On S3, any text will do that no other volume has."],
    url: "https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/CONFIGURATION.md",
    example: {
      wrong: 'volumeHandle: "s3-csi-driver-volume" // on two volumes',
      right: "volumeHandle: `${bucket}-assets`",
    },
    types: [VOLUME],
    *checkInStack(volume, stack) {
      if (volume.props.spec.csi === undefined) return;
      const path = "spec.csi.volumeHandle";
      const handle = peek(volume.props, path);
      const originsOf = ({ propertyDependencies }: Resource) => [...(propertyDependencies["spec"] ?? [])].sort().join();
      for (const other of stack.all(VOLUME)) {
        if (other === volume || peek(other.props, "spec.csi.driver") !== volume.props.spec.csi.driver) continue;
        const theirs = peek(other.props, path);
        if (handle === unknown || theirs === unknown) {
          if (handle === theirs && originsOf(other) === originsOf(volume)) throw new NotKnown(path);
        } else if (handle === theirs) yield `volumes ${volume.name} and ${other.name} share ${String(handle)}`;
      }
      if (handle === undefined) yield "volumeHandle is left out";
      else if (handle === unknown && originsOf(volume) === "") throw new NotKnown(path);
    },
  },
  {
    name: "durable-objects-named",
    description: "A Kubernetes object that holds data has a fixed name, not a generated one.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Set metadata.name. A generated name changes when the object is replaced, and a new name means an empty disk.",
    ],
    url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/#resource-names-and-auto-naming",
    example: { wrong: 'new PersistentVolumeClaim("data", { spec })', right: '{ metadata: { name: "data" }, spec }' },
    types: [...durableTypesWith("isFoundByName"), STORAGE_CLASS],
    *check(resource) {
      if (isAutoNamed(resource)) yield "metadata.name is left out";
    },
  },
  {
    name: "shared-volume-read-write-many",
    description: "A volume that several pods share can be mounted on several nodes.",
    severity: Severity.High,
    standards: [],
    fix: ["Use a claim with ReadWriteMany, on EFS or S3.", "Or give each pod a claim of its own, with a StatefulSet."],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
    example: { wrong: '{ accessModes: ["ReadWriteOnce"] } // 2 replicas', right: '{ accessModes: ["ReadWriteMany"] }' },
    types: REPLICATED,
    *checkInStack(workload, stack) {
      for (const { claim, isPerPod } of claimsOf(workload, stack)) {
        if (claim === undefined || isPerPod || replicasOf(workload) < 2) continue;
        const modes = modesOf(claim.props.spec);
        if (!modes.includes("ReadWriteMany") && !modes.includes("ReadOnlyMany")) {
          yield `${replicasOf(workload)} replicas share the claim ${label(claim)}, which is ${modes.join(", ")}`;
        }
      }
    },
  },
  {
    name: "single-writer-recreates",
    description: "A Deployment with a volume for one node stops its old pod before it starts the new one.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Set strategy.type to Recreate: in a rolling update, the new pod waits for the volume of the old one."],
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment",
    example: { wrong: '{ strategy: { type: "RollingUpdate" } }', right: '{ strategy: { type: "Recreate" } }' },
    types: [DEPLOYMENT],
    *checkInStack(workload, stack) {
      for (const { claim } of claimsOf(workload, stack)) {
        if (claim === undefined || modesOf(claim.props.spec).some((mode) => mode.endsWith("Many"))) continue;
        const strategy = workload.props.spec.strategy?.type ?? "RollingUpdate";
        if (strategy !== "Recreate")
          yield `the claim ${label(claim)} is for one node, and strategy.type is ${strategy}`;
      }
    },
  },
];
