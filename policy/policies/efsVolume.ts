import { ACCESS_POINT } from "../aws";
import {
  claimsOf,
  classOf,
  containersOf,
  driverOfVolume,
  EFS_DRIVER,
  NFS_DRIVERS,
  podOf,
  VOLUME,
  volumeOf,
  volumesOf,
  WORKLOADS,
} from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { holds, peek, type Resource, type Stack, unknown } from "../stack";

interface Identity {
  uid?: unknown;
  gid?: unknown;
}

/** The user of a container: its own security context overrides its pod's. */
function identityOf(container: any, pod: any): Identity {
  const setting = (key: string): unknown => container.securityContext?.[key] ?? pod.securityContext?.[key];
  return { uid: setting("runAsUser"), gid: setting("runAsGroup") };
}

/** A user in words, which `unset` has for one that isn't set. */
function text({ uid, gid }: Identity, unset: string): string {
  const shown = (id: unknown) => (id === undefined ? "unset" : (id as string));
  return uid === undefined && gid === undefined ? unset : `${shown(uid)}:${shown(gid)}`;
}

/** Numbers may be texts; a user that isn't set equals no other. */
const isSame = (one: Identity, other: Identity = {}): boolean =>
  Number(one.uid) === Number(other.uid) && Number(one.gid) === Number(other.gid);

/** The access point or class of an EFS claim that has another user than a container, in words. */
function otherUserOf(claimSpec: any, identity: Identity, stack: Stack): string | undefined {
  const bound = volumeOf(claimSpec, stack);
  if (bound) {
    if (driverOfVolume(bound) !== EFS_DRIVER) return;
    const points = stack.referred(bound, "spec.csi.volumeHandle", ACCESS_POINT);
    const userOf = ({ props }: Resource) => props.posixUser as Identity | undefined;
    if (holds(points, (point) => isSame(identity, userOf(point)))) return;
    const other = points.candidates.find((point) => !isSame(identity, userOf(point)))!;
    return `access point ${other.name} acts as ${text(userOf(other) ?? {}, "the user that its client names")}`;
  }
  const storageClass = classOf(claimSpec, stack);
  if (storageClass?.props.provisioner !== EFS_DRIVER) return;
  const { uid, gid } = storageClass.props.parameters ?? {};
  if (uid === undefined || gid === undefined) return `class ${storageClass.name} lets the driver choose the user`;
  if (!isSame(identity, { uid, gid })) return `class ${storageClass.name} creates access points of ${uid}:${gid}`;
}

export const efsVolume: Policy[] = [
  {
    name: "efs-volume-by-access-point",
    description: "An EFS volume is mounted through an access point.",
    severity: Severity.High,
    standards: [],
    fix: ["Set volumeHandle to FILE_SYSTEM_ID::ACCESS_POINT_ID, with an access point of the workload's own."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
    example: { wrong: "volumeHandle: fileSystem.id", right: "volumeHandle: `${fileSystem.id}::${accessPoint.id}`" },
    types: [VOLUME],
    *checkInStack(volume, stack) {
      if (driverOfVolume(volume) !== EFS_DRIVER) return;
      const path = "spec.csi.volumeHandle";
      const handle = peek(volume.props, path);
      // A handle that isn't known yet must come from an access point. A known one is fileSystem:path:accessPoint:
      // https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/pkg/driver/node.go (parseVolumeId)
      if (handle === unknown) stack.referred(volume, path, ACCESS_POINT);
      else if (!/^[^:]+:[^:]*:[^:]+$/.test(String(handle))) {
        yield `volumeHandle is ${String(handle)}, which names no access point`;
      }
    },
  },
  {
    name: "efs-volume-over-tls",
    description: "An EFS volume is mounted over TLS, and no volume as plain NFS.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Remove encryptInTransit from volumeAttributes: the driver uses TLS by default.",
      "Replace an nfs volume, for EFS by a volume of its driver: Kubernetes mounts nfs volumes without TLS, whoever's server it is.",
    ],
    url: "https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#encryption-in-transit",
    example: { wrong: 'volumeAttributes: { encryptInTransit: "false" }', right: "csi: { driver, volumeHandle }" },
    types: [VOLUME, ...WORKLOADS],
    *check(resource) {
      if (resource.type !== VOLUME) {
        for (const { name, nfs } of volumesOf(resource)) {
          if (nfs !== undefined) yield `volume ${name} is plain NFS of ${nfs.server}`;
        }
        return;
      }
      const driver = driverOfVolume(resource);
      if (NFS_DRIVERS.includes(driver!)) yield "it is plain NFS";
      if (driver !== EFS_DRIVER) return;
      const { encryptInTransit } = resource.props.spec.csi.volumeAttributes ?? {};
      if (String(encryptInTransit) === "false") yield "encryptInTransit is false";
    },
  },
  {
    name: "efs-identity-matches-pod",
    description: "A pod runs as the POSIX user of its access point.",
    severity: Severity.Medium,
    standards: [],
    fix: [
      "Set runAsUser and runAsGroup to the uid and gid of the access point's posixUser.",
      "For a dynamic claim, set the parameters uid and gid of its class.",
    ],
    url: "https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html",
    example: {
      wrong: "{ securityContext: { runAsUser: 1000 } } // on an access point of user 999",
      right: "{ securityContext: { runAsUser: 999, runAsGroup: 999 } }",
    },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const pod = podOf(workload).spec;
      for (const { spec, volume } of claimsOf(workload, stack)) {
        for (const container of containersOf(workload)) {
          if (!(container.volumeMounts ?? []).some((mount: any) => mount.name === volume)) continue;
          const identity = identityOf(container, pod);
          const other = otherUserOf(spec, identity, stack);
          if (other) yield `container ${container.name} runs as ${text(identity, "its image's user")}, ${other}`;
        }
      }
    },
  },
];
