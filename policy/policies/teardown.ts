import { ADDON, MOUNT_TARGET, NODE_GROUP } from "../aws";
import {
  ADDONS,
  CLAIM,
  claimsMounted,
  classOf,
  driversOf,
  EFS_DRIVER,
  STORAGE_CLASS,
  VOLUME,
  volumeOf,
  WORKLOADS,
} from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { OutsideStack, type Resource, type Stack } from "../stack";

const USERS = [STORAGE_CLASS, VOLUME, CLAIM, ...WORKLOADS];
const DRAIN = "pulumi-nodejs:dynamic:Resource";
const TEARDOWN = "https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1483";

const addonsOf = (driver: string, stack: Stack): Resource[] =>
  stack.all(ADDON).filter(({ props }) => props.addonName === ADDONS[driver]);

const drainsOf = (driver: string, stack: Stack): Resource[] =>
  stack.all(DRAIN).filter(({ props }) => props.driver === driver);

/** The resources that a resource doesn't depend on: a destroy may delete them first. */
const notDependedOn = (resource: Resource, earlier: Resource[], stack: Stack): string[] =>
  earlier
    .filter((it) => !stack.predecessors(resource).has(it))
    .map(({ type, name }) => `${type.split(":").pop()} ${name}`);

export const teardown: Policy[] = [
  {
    name: "claims-outlive-workloads",
    description: "A workload is deleted before the claims that it mounts.",
    severity: Severity.High,
    standards: [],
    fix: ["Let the workload depend on the claim: by its name's output, or by dependsOn."],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection",
    example: { wrong: 'claimName: "data"', right: "claimName: claim.metadata.name" },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const missing = notDependedOn(workload, claimsMounted(workload, stack), stack);
      if (missing.length > 0) yield `it doesn't depend on ${missing.join(", ")}`;
    },
  },
  {
    name: "volumes-outlive-claims",
    description: "A claim is deleted before its volume or its class.",
    severity: Severity.High,
    standards: [],
    fix: ["Let the claim depend on the volume or the class, by dependsOn."],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection",
    example: {
      wrong: "new PersistentVolumeClaim(name, args)",
      right: "new PersistentVolumeClaim(name, args, { dependsOn: [volume] })",
    },
    types: [CLAIM],
    *checkInStack(claim, stack) {
      const { spec } = claim.props;
      const [volume, storageClass] = [volumeOf(spec, stack), classOf(spec, stack)];
      if (spec.volumeName && !volume) yield new OutsideStack("its volume");
      if (spec.storageClassName && !storageClass) yield new OutsideStack("its class");
      const needed = [volume, storageClass].filter((it) => it !== undefined);
      const missing = notDependedOn(claim, needed, stack);
      if (missing.length > 0) yield `it doesn't depend on ${missing.join(", ")}`;
    },
  },
  {
    name: "drivers-outlive-volumes",
    description: "A resource that uses a CSI driver is deleted before the driver's add-on and nodes.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Let it depend on the add-on, and the add-on on the node groups: only a running driver can delete a volume and its disk.",
    ],
    url: TEARDOWN,
    example: { wrong: "new StorageClass(name, args)", right: "new StorageClass(name, args, { dependsOn: [addon] })" },
    types: [...USERS, ADDON],
    *checkInStack(user, stack) {
      if (user.type === ADDON) {
        if (!Object.values(ADDONS).includes(user.props.addonName as string)) return;
        const missing = notDependedOn(user, stack.all(NODE_GROUP), stack);
        return missing.length > 0 ? yield `it runs on nodes, and doesn't depend on ${missing.join(", ")}` : undefined;
      }
      for (const driver of driversOf(user, stack)) {
        const addons = addonsOf(driver, stack);
        if (addons.length === 0) {
          yield new OutsideStack(`the add-on of ${driver}`);
          continue;
        }
        const missing = notDependedOn(user, [...addons, ...stack.all(NODE_GROUP)], stack);
        if (missing.length > 0) yield `it uses ${driver}, and doesn't depend on ${missing.join(", ")}`;
      }
    },
  },
  {
    name: "drivers-drained",
    description: "A CSI driver is deleted only when its dynamic volumes are gone.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Have the add-on in another stack, which is destroyed after this one.",
      "Or install the driver with CsiDriver of the npm package eks-storage, and let its users depend on that: its drain waits for the volumes. Let CsiDriver depend on the node groups, and for EFS on the mount targets: without them volumes can't be deleted.",
    ],
    url: TEARDOWN,
    example: {
      wrong: "{ dependsOn: [addon] }",
      right: "{ dependsOn: [csiDriver] } // of eks-storage",
    },
    types: USERS,
    *checkInStack(user, stack) {
      for (const driver of driversOf(user, stack)) {
        const addons = addonsOf(driver, stack);
        if (addons.length === 0) {
          yield new OutsideStack(`the add-on of ${driver}`);
          continue;
        }
        // Volumes can be deleted only while the driver, the nodes and the mount targets exist.
        const targets = driver === EFS_DRIVER ? stack.all(MOUNT_TARGET) : [];
        const needed = [...addons, ...stack.all(NODE_GROUP), ...targets];
        const drains = drainsOf(driver, stack);
        if (drains.length === 0) yield `nothing waits for the volumes of ${driver} before its add-on is deleted`;
        else if (notDependedOn(user, drains, stack).length > 0)
          yield `it uses ${driver}, and doesn't depend on its drain`;
        for (const drain of drains) {
          const missing = notDependedOn(drain, needed, stack);
          if (missing.length > 0) yield `the drain ${drain.name} doesn't depend on ${missing.join(", ")}`;
        }
      }
    },
  },
  {
    name: "mount-targets-outlive-users",
    description: "A resource that uses EFS is deleted before the mount targets.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Let it depend on the file system's mount targets: without them a pod hangs when it starts and when it stops.",
    ],
    url: "https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html",
    example: { wrong: "{ dependsOn: [csiDriver] }", right: "{ dependsOn: [csiDriver, fileSystem] }" },
    types: USERS,
    *checkInStack(user, stack) {
      if (!driversOf(user, stack).includes(EFS_DRIVER)) return;
      const targets = stack.all(MOUNT_TARGET);
      if (targets.length === 0) return yield new OutsideStack("the mount targets");
      const missing = notDependedOn(user, targets, stack);
      if (missing.length > 0) yield `it doesn't depend on ${missing.join(", ")}`;
    },
  },
];
