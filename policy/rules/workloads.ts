import { NODE_GROUP, SUBNET, zonesOf } from "../aws";
import {
  claimsOf,
  CONFIG_MAP,
  containersOf,
  driverOfClaim,
  EBS_DRIVERS,
  EFS_DRIVER,
  goingWithPod,
  isWithin,
  namespaceOf,
  named,
  NFS_DRIVERS,
  podOf,
  REPLICATED,
  replicasOf,
  runsDatabase,
  S3_DRIVER,
  selects,
  SERVICE,
  STATEFUL_SET,
  VOLUME,
  volumeOf,
  volumesOf,
  WORKLOADS,
  ZONE_LABEL,
} from "../kubernetes";
import { type Rule, Severity } from "../rule";
import { Elsewhere, NotKnown, type Resource, type Stack } from "../stack";

/** Directories whose content nobody misses after a restart. */
const SCRATCH = ["/tmp", "/var/tmp", "/run", "/var/run", "/var/cache", "/var/log", "/dev/shm"];
const SECRET_NAME = /(passw(or)?d|secret|token|credential|private_?key|access_?key)(?!.*_?(file|path|name)$)/i;
const GRACE_IN_SECONDS = 60;

const mountsOf = (container: any): any[] => [...(container.volumeMounts ?? [])];

/** The zones that a pod, or the disk it mounts, is bound to. */
function zonesNeeded(workload: Resource, stack: Stack): string[] {
  const disks = claimsOf(workload, stack).filter(({ spec }) => EBS_DRIVERS.includes(driverOfClaim(spec, stack)!));
  if (disks.length === 0) return [];
  const terms = disks
    .map(({ spec }) => volumeOf(spec, stack)?.props.spec.nodeAffinity?.required?.nodeSelectorTerms)
    .flatMap((list) => [...(list ?? [])])
    .flatMap((term) => [...(term.matchExpressions ?? [])])
    .filter(({ key }) => key === ZONE_LABEL)
    .flatMap(({ values }) => [...(values as string[])]);
  const chosen = podOf(workload).spec.nodeSelector?.[ZONE_LABEL];
  return [...new Set([...terms, ...(chosen ? [chosen as string] : [])])];
}

/**
 * How many of some pods a budget lets go when all of them are well. Parts of a pod are rounded up; a budget that says
 * neither lets none go: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
 */
function mayGo({ props }: Resource, pods: number): number {
  const { maxUnavailable, minAvailable } = props.spec;
  const count = (said: unknown) =>
    String(said).endsWith("%") ? Math.ceil((parseFloat(String(said)) * pods) / 100) : Number(said);
  if ((maxUnavailable ?? undefined) !== undefined) return count(maxUnavailable);
  return (minAvailable ?? undefined) === undefined ? 0 : pods - count(minAvailable);
}

export const workloads: Rule[] = [
  {
    name: "no-data-on-empty-dir",
    description: "No data is kept in an emptyDir or an ephemeral volume, which go with their pod.",
    severity: Severity.High,
    standards: [],
    mend: ["Mount a claim there.", `An emptyDir is for scratch files: ${SCRATCH.join(", ")}.`],
    url: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    example: {
      wrong: '{ name: "data", emptyDir: {} }',
      right: '{ name: "data", persistentVolumeClaim: { claimName } }',
    },
    types: WORKLOADS,
    *check(workload) {
      const scratch = goingWithPod(workload);
      for (const container of containersOf(workload)) {
        for (const { name, mountPath } of mountsOf(container)) {
          const kind = scratch.get(name as string);
          if (kind && !SCRATCH.some((path) => isWithin(mountPath as string, path))) {
            yield `container ${container.name} has the ${kind} ${name} at ${mountPath}`;
          }
        }
      }
    },
  },
  {
    name: "no-host-path",
    description: "No pod and no volume uses a directory of its node.",
    severity: Severity.High,
    standards: ["Pod Security Standards Baseline: HostPath Volumes"],
    mend: ["Mount a claim, or an emptyDir for scratch files: a node's directories stay behind when the pod moves."],
    url: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    example: { wrong: '{ hostPath: { path: "/data" } }', right: "{ persistentVolumeClaim: { claimName } }" },
    types: [...WORKLOADS, VOLUME],
    *check(resource) {
      if (resource.type === VOLUME) {
        for (const kind of ["hostPath", "local"]) if (resource.props.spec[kind] !== undefined) yield `it is a ${kind}`;
        return;
      }
      for (const { name, hostPath } of volumesOf(resource)) {
        if (hostPath !== undefined) yield `volume ${name} is the node's ${hostPath.path}`;
      }
    },
  },
  {
    name: "no-empty-dir-over-claim",
    description: "No emptyDir lies over a claim.",
    severity: Severity.High,
    standards: [],
    mend: ["Give them different names and directories: what is written to the emptyDir looks kept, and isn't."],
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates",
    example: {
      wrong: 'an emptyDir and a claim template both named "data"',
      right: 'only the claim template named "data"',
    },
    types: WORKLOADS,
    *check(workload) {
      const volumes = volumesOf(workload);
      const templates = [...(workload.props.spec?.volumeClaimTemplates ?? [])].map(({ metadata }) => metadata?.name);
      for (const { name } of volumes)
        if (templates.includes(name)) yield `volume ${name} hides the claim template ${name}`;
      const scratch = volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [name]));
      const claims = volumes.flatMap(({ name, persistentVolumeClaim }) => (persistentVolumeClaim ? [name] : []));
      for (const container of containersOf(workload)) {
        const mounts = mountsOf(container);
        const kept = mounts.filter(({ name }) => [...templates, ...claims].includes(name));
        for (const { name, mountPath } of mounts.filter((mount) => scratch.includes(mount.name))) {
          if (kept.some((claim) => isWithin(mountPath as string, claim.mountPath as string))) {
            yield `container ${container.name} has the emptyDir ${name} over a claim, at ${mountPath}`;
          }
        }
      }
    },
  },
  {
    name: "no-database-on-shared-storage",
    description: "A database's files are on a disk, not on NFS or S3.",
    severity: Severity.High,
    standards: [],
    mend: ["Use a claim of an EBS class: databases need locks and writes in place that keep their order."],
    url: "https://dev.mysql.com/doc/refman/8.4/en/disk-issues.html",
    example: { wrong: 'image: "mysql:8.4" on { storageClassName: "efs" }', right: '{ storageClassName: "ebs" }' },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      if (!runsDatabase(workload)) return;
      for (const { volume, spec } of claimsOf(workload, stack)) {
        const driver = driverOfClaim(spec, stack);
        if ([EFS_DRIVER, S3_DRIVER, ...NFS_DRIVERS].includes(driver!)) yield `its volume ${volume} is one of ${driver}`;
      }
      for (const { name, nfs } of volumesOf(workload)) if (nfs !== undefined) yield `its volume ${name} is one of nfs`;
    },
  },
  {
    name: "stateful-set-headless-service",
    description: "A StatefulSet has a headless Service, which gives its pods their names.",
    severity: Severity.Medium,
    standards: [],
    mend: ["Add a Service under the set's serviceName with clusterIP None, which selects the set's pods."],
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    example: { wrong: 'clusterIP: "10.100.0.10"', right: '{ clusterIP: "None", selector: labels }' },
    types: [STATEFUL_SET],
    *checkInStack(set, stack) {
      const { serviceName } = set.props.spec;
      const service = serviceName && named(stack, SERVICE, serviceName as string, namespaceOf(set));
      if (!service) return yield serviceName ? `there is no Service ${serviceName}` : "serviceName is left out";
      if (service.props.spec.clusterIP !== "None") yield `Service ${serviceName} has an address of its own`;
      const { selector } = service.props.spec;
      if (!selects(selector && { matchLabels: selector }, podOf(set).metadata?.labels)) {
        yield `Service ${serviceName} doesn't select its pods`;
      }
    },
  },
  {
    name: "database-time-to-stop",
    description: "A database has a minute or more to write everything out before it is killed.",
    severity: Severity.Medium,
    standards: [],
    mend: [`Set terminationGracePeriodSeconds to ${GRACE_IN_SECONDS} or more; Kubernetes' default is 30.`],
    url: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    example: { wrong: "{ containers }", right: "{ containers, terminationGracePeriodSeconds: 120 }" },
    types: WORKLOADS,
    *check(workload) {
      const seconds = podOf(workload).spec.terminationGracePeriodSeconds;
      if (runsDatabase(workload) && Number(seconds ?? 30) < GRACE_IN_SECONDS) {
        yield `terminationGracePeriodSeconds is ${seconds ?? "left out, which means 30"}`;
      }
    },
  },
  {
    name: "replicas-spread",
    description: "Replicas run in more than one availability zone.",
    severity: Severity.Medium,
    standards: [],
    mend: [`Add a topologySpreadConstraint with the topologyKey ${ZONE_LABEL}.`],
    url: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    example: { wrong: "{ replicas: 2 }", right: `{ topologyKey: "${ZONE_LABEL}", maxSkew: 1, … }` },
    types: REPLICATED,
    *check(workload) {
      if (replicasOf(workload) < 2) return;
      const { topologySpreadConstraints, affinity } = podOf(workload).spec;
      const apart = affinity?.podAntiAffinity;
      const keys = [
        ...[...(topologySpreadConstraints ?? [])],
        ...(apart?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
        ...[...(apart?.preferredDuringSchedulingIgnoredDuringExecution ?? [])].map((it) => it.podAffinityTerm),
      ].map(({ topologyKey }) => topologyKey as string);
      if (!keys.includes(ZONE_LABEL)) yield "nothing keeps its pods from running in one zone";
    },
  },
  {
    name: "budget-lets-nodes-drain",
    description: "A disruption budget keeps replicas running while a node is drained, and lets it be drained.",
    severity: Severity.Medium,
    standards: [],
    mend: ["Add a PodDisruptionBudget that selects the pods, with maxUnavailable 1."],
    url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    example: { wrong: "{ minAvailable: 1 } // of 1 replica", right: "{ maxUnavailable: 1, selector }" },
    types: REPLICATED,
    *checkInStack(workload, stack) {
      const replicas = replicasOf(workload);
      if (replicas === 0) return;
      const finds = (budget: Resource, other: Resource) =>
        namespaceOf(budget) === namespaceOf(other) &&
        selects(budget.props.spec.selector, podOf(other).metadata?.labels);
      const budgets = stack.all("kubernetes:policy/v1:PodDisruptionBudget").filter((it) => finds(it, workload));
      if (budgets.length === 0 && replicas > 1) yield "no budget of its namespace selects its pods";
      for (const budget of budgets) {
        const others = stack.all(...REPLICATED).filter((it) => it !== workload && finds(budget, it));
        const pods = others.reduce((sum, it) => sum + replicasOf(it), replicas);
        if (mayGo(budget, pods) <= 0) yield `budget ${budget.name} never lets a pod of it go`;
      }
    },
  },
  {
    name: "nodes-in-the-disks-zone",
    description: "There are nodes in the availability zone of a pod's disk.",
    severity: Severity.High,
    standards: [],
    mend: ["Add a node group in that zone, or choose a zone that has nodes before the disk is made."],
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html",
    example: { wrong: `nodeSelector: { "${ZONE_LABEL}": "eu-west-1d" }`, right: `{ "${ZONE_LABEL}": "eu-west-1a" }` },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const needed = zonesNeeded(workload, stack);
      if (needed.length === 0) return;
      const groups = stack.all(NODE_GROUP).map((it) => stack.referred(it, "subnetIds", SUBNET));
      // Node groups in subnets of somebody else's stack: their zones can't be seen here.
      if (groups.length === 0 || groups.some(({ among }) => among.length === 0)) {
        return yield new Elsewhere("the node groups, or their subnets");
      }
      for (const zone of needed) {
        const possible = groups.filter((subnets) => zonesOf(subnets).has(zone));
        if (possible.length === 0) yield `its disk is in ${zone}, and no node group is`;
        else if (!possible.some(({ certain }) => certain)) throw new NotKnown("which subnet each node group is in");
      }
    },
  },
  {
    name: "no-secret-in-plain-text",
    description: "No password or token is written into a pod, a ConfigMap or a plain parameter.",
    severity: Severity.Critical,
    standards: ["Checkov CKV_AWS_384", "Checkov CKV2_AWS_34"],
    mend: [
      "Put it into a Secret and mount that as a file, or name it with valueFrom.secretKeyRef.",
      "In SSM use the type SecureString.",
      "Change the secret: it is in the state and in the cluster already, readable.",
    ],
    url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    example: {
      wrong: '{ name: "DB_PASSWORD", value: "…" }',
      right: '{ name: "DB_PASSWORD", valueFrom: { secretKeyRef } }',
    },
    types: [...WORKLOADS, CONFIG_MAP, "aws:ssm/parameter:Parameter"],
    *check(resource) {
      const { type, props } = resource;
      if (type === CONFIG_MAP) {
        for (const key of Object.keys((props.data ?? {}) as object)) if (SECRET_NAME.test(key)) yield `data has ${key}`;
      } else if (type.startsWith("aws:")) {
        if (props.type !== "SecureString" && /passw|secret|token|credential/i.test(`${props.name} ${props.value}`)) {
          yield `its type is ${props.type}`;
        }
      } else {
        for (const container of containersOf(resource)) {
          for (const variable of [...(container.env ?? [])]) {
            if (SECRET_NAME.test(variable.name as string) && variable.value) {
              yield `container ${container.name} has ${variable.name} with its value`;
            }
          }
        }
      }
    },
  },
];
