import type { PosixIdentity } from "../efs/posixIdentity";

/** Labels that make a namespace refuse pods that break https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export const restrictedNamespaceLabels = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

/** A pod's security context under `restricted`: a numeric user, never root. */
export function restrictedPod({ uid, gid }: PosixIdentity, fsGroup?: number) {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    ...(fsGroup === undefined ? {} : { fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A container's security context under `restricted`, with a read-only root file system. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Replicas apart from each other, by zone and by node, but rather together than not running. */
export function spread(labels: Record<string, string>) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  }));
}
