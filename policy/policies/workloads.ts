import { NODE_GROUP, SUBNET, zonesOf } from "../aws";
import {
  claimsOf,
  CONFIG_MAP,
  containersOf,
  driverOfClaim,
  EBS_DRIVERS,
  EFS_DRIVER,
  volumesDeletedWithPod,
  isWithin,
  namespaceOf,
  objectNamed,
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
import { type Policy, Severity } from "../policy";
import { OutsideStack, NotKnown, type Resource, type Stack } from "../stack";

/** Directories of temporary files. */
const TEMPORARY = ["/tmp", "/var/tmp", "/run", "/var/run", "/var/cache", "/var/log", "/dev/shm"];
const SECRET_NAME = /(passw(or)?d|secret|token|credential|private_?key|access_?key)(?!.*_?(file|path|name)$)/i;
const GRACE_IN_SECONDS = 60;

const mountsOf = (container: any): any[] => [...(container.volumeMounts ?? [])];

/** The zones of the disks that a workload mounts, by their node affinity or by its node selector. */
function zonesNeeded(workload: Resource, stack: Stack): string[] {
  const disks = claimsOf(workload, stack).filter(({ spec }) => EBS_DRIVERS.includes(driverOfClaim(spec, stack)!));
  if (disks.length === 0) return [];
  const terms = disks
    .map(({ spec }) => volumeOf(spec, stack)?.props.spec.nodeAffinity?.required?.nodeSelectorTerms)
    .flatMap((list) => [...(list ?? [])])
    .flatMap((term) => [...(term.matchExpressions ?? [])])
    .filter(({ key }) => key === ZONE_LABEL)
    .flatMap(({ values }) => [...(values as string[])]);
  const selected = podOf(workload).spec.nodeSelector?.[ZONE_LABEL];
  return [...new Set([...terms, ...(selected ? [selected as string] : [])])];
}

/**
 * The number of healthy pods that a budget allows to be evicted. Fractions are rounded up; without either setting it is 0:
 * https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
 */
function allowedEvictions({ props }: Resource, pods: number): number {
  const { maxUnavailable, minAvailable } = props.spec;
  const count = (value: unknown) =>
    String(value).endsWith("%") ? Math.ceil((parseFloat(String(value)) * pods) / 100) : Number(value);
  if ((maxUnavailable ?? undefined) !== undefined) return count(maxUnavailable);
  return (minAvailable ?? undefined) === undefined ? 0 : pods - count(minAvailable);
}

export const workloads: Policy[] = [
  {
    name: "no-data-on-empty-dir",
    description: "No data is kept in an emptyDir or ephemeral volume: both are deleted with their pod.",
    severity: Severity.High,
    standards: [],
    fix: ["Mount a claim there.", `Use an emptyDir for temporary files only: ${TEMPORARY.join(", ")}.`],
    url: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    example: {
      wrong: '{ name: "data", emptyDir: {} }',
      right: '{ name: "data", persistentVolumeClaim: { claimName } }',
    },
    types: WORKLOADS,
    *check(workload) {
      const deletedWithPod = volumesDeletedWithPod(workload);
      for (const container of containersOf(workload)) {
        for (const { name, mountPath } of mountsOf(container)) {
          const kind = deletedWithPod.get(name as string);
          if (kind && !TEMPORARY.some((path) => isWithin(mountPath as string, path))) {
            yield `container ${container.name} mounts the ${kind} volume ${name} at ${mountPath}`;
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
    fix: ["Mount a claim, or an emptyDir for temporary files: a node's directory doesn't move with the pod."],
    url: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    example: { wrong: '{ hostPath: { path: "/data" } }', right: "{ persistentVolumeClaim: { claimName } }" },
    types: [...WORKLOADS, VOLUME],
    *check(resource) {
      if (resource.type === VOLUME) {
        for (const kind of ["hostPath", "local"])
          if (resource.props.spec[kind] !== undefined) yield `it is a ${kind} volume`;
        return;
      }
      for (const { name, hostPath } of volumesOf(resource)) {
        if (hostPath !== undefined) yield `volume ${name} is the node's directory ${hostPath.path}`;
      }
    },
  },
  {
    name: "no-empty-dir-over-claim",
    description: "No emptyDir hides a claim.",
    severity: Severity.High,
    standards: [],
    fix: ["Give them different names and mount paths: files in the emptyDir are not kept."],
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
      const emptyDirs = volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [name]));
      const claims = volumes.flatMap(({ name, persistentVolumeClaim }) => (persistentVolumeClaim ? [name] : []));
      for (const container of containersOf(workload)) {
        const mounts = mountsOf(container);
        const kept = mounts.filter(({ name }) => [...templates, ...claims].includes(name));
        for (const { name, mountPath } of mounts.filter((mount) => emptyDirs.includes(mount.name))) {
          if (kept.some((claim) => isWithin(mountPath as string, claim.mountPath as string))) {
            yield `container ${container.name} mounts the emptyDir ${name} inside a claim, at ${mountPath}`;
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
    fix: ["Use a claim of an EBS class: databases need file locks and ordered writes."],
    url: "https://dev.mysql.com/doc/refman/8.4/en/disk-issues.html",
    example: { wrong: 'image: "mysql:8.4" on { storageClassName: "efs" }', right: '{ storageClassName: "ebs" }' },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      if (!runsDatabase(workload)) return;
      for (const { volume, spec } of claimsOf(workload, stack)) {
        const driver = driverOfClaim(spec, stack);
        if ([EFS_DRIVER, S3_DRIVER, ...NFS_DRIVERS].includes(driver!)) yield `its volume ${volume} is on ${driver}`;
      }
      for (const { name, nfs } of volumesOf(workload)) if (nfs !== undefined) yield `its volume ${name} is on nfs`;
    },
  },
  {
    name: "stateful-set-headless-service",
    description: "A StatefulSet has a headless Service, which gives its pods DNS names.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Add a Service named as the set's serviceName, with clusterIP None, that selects the set's pods."],
    url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    example: { wrong: 'clusterIP: "10.100.0.10"', right: '{ clusterIP: "None", selector: labels }' },
    types: [STATEFUL_SET],
    *checkInStack(set, stack) {
      const { serviceName } = set.props.spec;
      const service = serviceName && objectNamed(stack, SERVICE, serviceName as string, namespaceOf(set));
      if (!service) return yield serviceName ? `there is no Service ${serviceName}` : "serviceName is left out";
      if (service.props.spec.clusterIP !== "None") yield `Service ${serviceName} has a cluster IP`;
      const { selector } = service.props.spec;
      if (!selects(selector && { matchLabels: selector }, podOf(set).metadata?.labels)) {
        yield `Service ${serviceName} doesn't select its pods`;
      }
    },
  },
  {
    name: "database-time-to-stop",
    description: "A database has a minute or more to shut down.",
    severity: Severity.Medium,
    standards: [],
    fix: [`Set terminationGracePeriodSeconds to ${GRACE_IN_SECONDS} or more; Kubernetes' default is 30.`],
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
    fix: [`Add a topologySpreadConstraint with the topologyKey ${ZONE_LABEL}.`],
    url: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    example: { wrong: "{ replicas: 2 }", right: `{ topologyKey: "${ZONE_LABEL}", maxSkew: 1, … }` },
    types: REPLICATED,
    *check(workload) {
      if (replicasOf(workload) < 2) return;
      const { topologySpreadConstraints, affinity } = podOf(workload).spec;
      const antiAffinity = affinity?.podAntiAffinity;
      const keys = [
        ...[...(topologySpreadConstraints ?? [])],
        ...(antiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
        ...[...(antiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])].map((it) => it.podAffinityTerm),
      ].map(({ topologyKey }) => topologyKey as string);
      if (!keys.includes(ZONE_LABEL)) yield "all its pods may run in one zone";
    },
  },
  {
    name: "budget-lets-nodes-drain",
    description: "A disruption budget keeps replicas running while a node is drained, and allows the drain.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Add a PodDisruptionBudget that selects the pods, with maxUnavailable 1."],
    url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    example: { wrong: "{ minAvailable: 1 } // of 1 replica", right: "{ maxUnavailable: 1, selector }" },
    types: REPLICATED,
    *checkInStack(workload, stack) {
      const replicas = replicasOf(workload);
      if (replicas === 0) return;
      const isFor = (budget: Resource, other: Resource) =>
        namespaceOf(budget) === namespaceOf(other) &&
        selects(budget.props.spec.selector, podOf(other).metadata?.labels);
      const budgets = stack.all("kubernetes:policy/v1:PodDisruptionBudget").filter((it) => isFor(it, workload));
      if (budgets.length === 0 && replicas > 1) yield "no budget of its namespace selects its pods";
      for (const budget of budgets) {
        const others = stack.all(...REPLICATED).filter((it) => it !== workload && isFor(budget, it));
        const pods = others.reduce((sum, it) => sum + replicasOf(it), replicas);
        if (allowedEvictions(budget, pods) <= 0) yield `budget ${budget.name} never allows an eviction`;
      }
    },
  },
  {
    name: "nodes-in-the-disks-zone",
    description: "There are nodes in the availability zone of a pod's disk.",
    severity: Severity.High,
    standards: [],
    fix: ["Add a node group in that zone, or choose a zone that has nodes before the disk is made."],
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html",
    example: { wrong: `nodeSelector: { "${ZONE_LABEL}": "eu-west-1d" }`, right: `{ "${ZONE_LABEL}": "eu-west-1a" }` },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const needed = zonesNeeded(workload, stack);
      if (needed.length === 0) return;
      const groups = stack.all(NODE_GROUP).map((it) => stack.referred(it, "subnetIds", SUBNET));
      // The zones of subnets of another stack aren't known here.
      if (groups.length === 0 || groups.some(({ candidates }) => candidates.length === 0)) {
        return yield new OutsideStack("the node groups, or their subnets");
      }
      for (const zone of needed) {
        const possible = groups.filter((subnets) => zonesOf(subnets).has(zone));
        if (possible.length === 0) yield `its disk is in ${zone}, and no node group is`;
        else if (!possible.some(({ isCertain }) => isCertain)) throw new NotKnown("which subnet each node group is in");
      }
    },
  },
  {
    name: "no-secret-in-plain-text",
    description: "No password or token is in plain text in a pod, a ConfigMap or an SSM parameter.",
    severity: Severity.Critical,
    standards: ["Checkov CKV_AWS_384", "Checkov CKV2_AWS_34"],
    fix: [
      "Put it into a Secret. Mount that as a file, or use valueFrom.secretKeyRef.",
      "In SSM, use the type SecureString.",
      "Rotate the secret: the state and the cluster already contain it in plain text.",
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
        for (const key of Object.keys((props.data ?? {}) as object))
          if (SECRET_NAME.test(key)) yield `data contains ${key}`;
      } else if (type.startsWith("aws:")) {
        if (props.type !== "SecureString" && /passw|secret|token|credential/i.test(`${props.name} ${props.value}`)) {
          yield `its type is ${props.type}`;
        }
      } else {
        for (const container of containersOf(resource)) {
          for (const variable of [...(container.env ?? [])]) {
            if (SECRET_NAME.test(variable.name as string) && variable.value) {
              yield `container ${container.name} has the value of ${variable.name} in plain text`;
            }
          }
        }
      }
    },
  },
];
