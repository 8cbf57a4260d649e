import { containersOf, isWithin, VOLUME, volumesDeletedWithPod, volumesOf, WORKLOADS } from "../kubernetes";
import { type Policy, Severity } from "../policy";

/** Directories of temporary files. */
const TEMPORARY = ["/tmp", "/var/tmp", "/run", "/var/run", "/var/cache", "/var/log", "/dev/shm"];
const mountsOf = (container: any): any[] => [...(container.volumeMounts ?? [])];

export const podVolume: Policy[] = [
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
];
