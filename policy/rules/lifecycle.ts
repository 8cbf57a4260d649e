import { ADDON, BUCKET, DISK, FILE_SYSTEM, listOf, MOUNT_TARGET, NODE_GROUP, parsed, VAULT } from "../aws";
import {
  ADDONS,
  CLAIM,
  claimsMounted,
  classOf,
  driversOf,
  EFS_DRIVER,
  NAMESPACE,
  namespaceOf,
  STORAGE_CLASS,
  VOLUME,
  volumeOf,
  WORKLOADS,
} from "../kubernetes";
import { type Rule, Severity } from "../rule";
import { Elsewhere, type Resource, type Stack } from "../stack";

const USERS = [STORAGE_CLASS, VOLUME, CLAIM, ...WORKLOADS];
const DRAIN = "pulumi-nodejs:dynamic:Resource";
const TEARDOWN = "https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1483";

const addonsOf = (driver: string, stack: Stack): Resource[] =>
  stack.all(ADDON).filter(({ props }) => props.addonName === ADDONS[driver]);
const drainsOf = (driver: string, stack: Stack): Resource[] =>
  stack.all(DRAIN).filter(({ props }) => props.driver === driver);

/** Those that nothing makes a resource wait for: a destroy may take them first. */
const unordered = (resource: Resource, earlier: Resource[], stack: Stack): string[] =>
  earlier
    .filter((it) => !stack.predecessors(resource).has(it))
    .map(({ type, name }) => `${type.split(":").pop()} ${name}`);

/**
 * A dynamic claim, whose disk goes with it or is found by nobody. Where an EFS class names directories after their claims,
 * the files stay, and the claim made anew has them:
 * https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#storage-class-parameters-for-dynamic-provisioning
 */
function holdsData({ props }: Resource, stack: Stack): boolean {
  if (props.spec.storageClassName === "") return false;
  const behind = classOf(props.spec, stack)?.props;
  return behind?.provisioner !== EFS_DRIVER || String(behind.parameters?.ensureUniqueDirectory) !== "false";
}

export const lifecycle: Rule[] = [
  {
    name: "durable-protected",
    description: "What holds data can't be deleted by a destroy, or by a change that replaces it.",
    severity: Severity.High,
    standards: [],
    mend: ["Set the option protect to true, and retainOnDelete to true for the day on which it is taken off."],
    url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    example: {
      wrong: "new aws.efs.FileSystem(name, args)",
      right: "new aws.efs.FileSystem(name, args, { protect: true })",
    },
    types: [FILE_SYSTEM, BUCKET, VAULT, DISK, CLAIM, NAMESPACE],
    *checkInStack(resource, stack) {
      if (resource.protect) return;
      if (resource.type === CLAIM && !holdsData(resource, stack)) return;
      if (resource.type !== NAMESPACE) return yield "protect is not true";
      const name = resource.props.metadata?.name;
      const claim = stack.all(CLAIM).find((it) => namespaceOf(it) === name && holdsData(it, stack));
      if (claim) yield `protect is not true, and with the namespace goes its claim ${claim.props.metadata?.name}`;
    },
  },
  {
    name: "nothing-force-destroyed",
    description: "No bucket and no vault is emptied so that it can be deleted.",
    severity: Severity.High,
    standards: [],
    mend: ["Leave forceDestroy out."],
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_nodejs",
    example: { wrong: "{ forceDestroy: true }", right: "{}" },
    types: [BUCKET, VAULT, "aws:ecr/repository:Repository"],
    *check({ props }) {
      for (const key of ["forceDestroy", "forceDelete"]) if (props[key] === true) yield `${key} is true`;
    },
  },
  {
    name: "kubernetes-provider-careful",
    description: "The Kubernetes provider forgets no object, and takes over none that it finds.",
    severity: Severity.High,
    standards: [],
    mend: [
      "Leave deleteUnreachable out: a cluster that is away for a moment would empty the state.",
      "Leave upsertExistingObjects out: take existing objects up by the option import.",
    ],
    url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    example: { wrong: "{ kubeconfig, deleteUnreachable: true }", right: "{ kubeconfig, clusterIdentifier }" },
    types: ["pulumi:providers:kubernetes"],
    *check({ props }) {
      for (const key of ["deleteUnreachable", "upsertExistingObjects"]) {
        if (String(props[key]) === "true") yield `${key} is true`;
      }
    },
  },
  {
    name: "claims-outlive-workloads",
    description: "A workload is deleted before the claims that it mounts.",
    severity: Severity.High,
    standards: [],
    mend: ["Let the workload depend on the claim: by its name's output, or by dependsOn."],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection",
    example: { wrong: 'claimName: "data"', right: "claimName: claim.metadata.name" },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const loose = unordered(workload, claimsMounted(workload, stack), stack);
      if (loose.length > 0) yield `it doesn't depend on ${loose.join(", ")}`;
    },
  },
  {
    name: "volumes-outlive-claims",
    description: "A claim is deleted before its volume or its class.",
    severity: Severity.High,
    standards: [],
    mend: ["Let the claim depend on the volume or the class, by dependsOn."],
    url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection",
    example: {
      wrong: "new PersistentVolumeClaim(name, args)",
      right: "new PersistentVolumeClaim(name, args, { dependsOn: [volume] })",
    },
    types: [CLAIM],
    *checkInStack(claim, stack) {
      const { spec } = claim.props;
      const [volume, storageClass] = [volumeOf(spec, stack), classOf(spec, stack)];
      if (spec.volumeName && !volume) yield new Elsewhere("its volume");
      if (spec.storageClassName && !storageClass) yield new Elsewhere("its class");
      const behind = [volume, storageClass].filter((it) => it !== undefined);
      const loose = unordered(claim, behind, stack);
      if (loose.length > 0) yield `it doesn't depend on ${loose.join(", ")}`;
    },
  },
  {
    name: "drivers-outlive-volumes",
    description: "Whatever uses a CSI driver is deleted before its add-on and the nodes that it runs on.",
    severity: Severity.High,
    standards: [],
    mend: [
      "Let it depend on the add-on, and the add-on on the node groups: without its driver a volume hangs, and its disk leaks.",
    ],
    url: TEARDOWN,
    example: { wrong: "new StorageClass(name, args)", right: "new StorageClass(name, args, { dependsOn: [addon] })" },
    types: [...USERS, ADDON],
    *checkInStack(user, stack) {
      if (user.type === ADDON) {
        if (!Object.values(ADDONS).includes(user.props.addonName as string)) return;
        const loose = unordered(user, stack.all(NODE_GROUP), stack);
        return loose.length > 0 ? yield `it runs on nodes, and doesn't depend on ${loose.join(", ")}` : undefined;
      }
      for (const driver of driversOf(user, stack)) {
        const addons = addonsOf(driver, stack);
        if (addons.length === 0) {
          yield new Elsewhere(`the add-on of ${driver}`);
          continue;
        }
        const loose = unordered(user, [...addons, ...stack.all(NODE_GROUP)], stack);
        if (loose.length > 0) yield `it uses ${driver}, and doesn't depend on ${loose.join(", ")}`;
      }
    },
  },
  {
    name: "drivers-drained",
    description: "Between a CSI driver and its users stands what waits until dynamic volumes are gone.",
    severity: Severity.High,
    standards: [],
    mend: [
      "Install the driver with CsiDriver of this package, and let its users depend on that: its drain waits.",
      "Let CsiDriver depend on the node groups, on EFS on the mount targets too: without them the drain waits for ever.",
    ],
    url: TEARDOWN,
    example: { wrong: "{ dependsOn: [addon] }", right: "{ dependsOn: [csiDriver] }" },
    types: USERS,
    *checkInStack(user, stack) {
      for (const driver of driversOf(user, stack)) {
        const addons = addonsOf(driver, stack);
        if (addons.length === 0) {
          yield new Elsewhere(`the add-on of ${driver}`);
          continue;
        }
        // What it waits for goes only while the driver, the nodes and the way to the files are there.
        const targets = driver === EFS_DRIVER ? stack.all(MOUNT_TARGET) : [];
        const needed = [...addons, ...stack.all(NODE_GROUP), ...targets];
        const drains = drainsOf(driver, stack);
        if (drains.length === 0) yield `nothing drains ${driver} before its add-on goes`;
        else if (unordered(user, drains, stack).length > 0) yield `it uses ${driver}, and doesn't depend on its drain`;
        for (const drain of drains) {
          const loose = unordered(drain, needed, stack);
          if (loose.length > 0) yield `the drain ${drain.name} doesn't depend on ${loose.join(", ")}`;
        }
      }
    },
  },
  {
    name: "mount-targets-outlive-users",
    description: "Whatever mounts EFS is deleted before the mount targets.",
    severity: Severity.High,
    standards: [],
    mend: ["Let it depend on the file system's mount targets: without them a pod hangs, at its start and at its end."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html",
    example: { wrong: "{ dependsOn: [csiDriver] }", right: "{ dependsOn: [csiDriver, fileSystem] }" },
    types: USERS,
    *checkInStack(user, stack) {
      if (!driversOf(user, stack).includes(EFS_DRIVER)) return;
      const targets = stack.all(MOUNT_TARGET);
      if (targets.length === 0) return yield new Elsewhere("the mount targets");
      const loose = unordered(user, targets, stack);
      if (loose.length > 0) yield `it doesn't depend on ${loose.join(", ")}`;
    },
  },
  {
    name: "tagged",
    description: "What is made in AWS carries the tags project and environment.",
    severity: Severity.Low,
    standards: [],
    mend: ["Set the AWS provider's defaultTags."],
    url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    example: {
      wrong: "new aws.Provider(name, { region })",
      right: "{ region, defaultTags: { tags: { project, environment } } }",
    },
    types: ["pulumi:providers:aws"],
    *check({ props }) {
      // A provider's inputs travel as JSON texts.
      const given = parsed(props.defaultTags);
      const missing = ["project", "environment"].filter((tag) => !given?.tags?.[tag]);
      if (missing.length > 0) yield `defaultTags lacks ${missing.join(" and ")}`;
    },
  },
  {
    name: "one-account",
    description: "The AWS provider works in named accounts only.",
    severity: Severity.Medium,
    standards: [],
    mend: ["Set allowedAccountIds to the environment's account: whoever is signed in to another one is refused."],
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/provider/",
    example: { wrong: "new aws.Provider(name, { region })", right: '{ region, allowedAccountIds: ["111122223333"] }' },
    types: ["pulumi:providers:aws"],
    *check({ props }) {
      const given = listOf<string>(parsed(props.allowedAccountIds ?? []));
      if (given.filter(Boolean).length === 0) yield "allowedAccountIds is left out";
    },
  },
];
