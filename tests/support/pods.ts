import assert from "node:assert/strict";
import type * as kubernetes from "@pulumi/kubernetes";
import type { Registration } from "./registrations";

/** What the tests read of a pod template. */
export type Container = kubernetes.types.output.core.v1.Container;
export type PodSpec = Omit<kubernetes.types.output.core.v1.PodSpec, "initContainers"> & {
  initContainers?: Container[];
};

/** The pod template of a Deployment or StatefulSet. */
export function podOf({ inputs }: Registration): PodSpec {
  return inputs.spec.template.spec as PodSpec;
}

export function containersOf(pod: PodSpec): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

/** Asserts the restricted Pod Security Standard, and what this project asks for beyond it. */
export function assertRestricted(pod: PodSpec): void {
  const { runAsNonRoot, runAsUser, seccompProfile } = pod.securityContext;
  assert.equal(runAsNonRoot, true);
  assert.ok(runAsUser > 0, "a user by name can't be checked by the kubelet");
  assert.equal(seccompProfile.type, "RuntimeDefault");
  assert.equal(pod.automountServiceAccountToken, false, "nothing of ours calls the API server");
  for (const { name, securityContext, resources } of containersOf(pod)) {
    assert.equal(securityContext.allowPrivilegeEscalation, false, name);
    assert.equal(securityContext.readOnlyRootFilesystem, true, name);
    assert.deepEqual(securityContext.capabilities.drop, ["ALL"], name);
    assert.ok(!("runAsUser" in securityContext), `${name}: a pod has one user`);
    assert.ok(resources.requests["cpu"] && resources.requests["memory"] && resources.limits["memory"], name);
  }
}

/** The claim mounted at a path, by name; a volume of another kind there is an error. */
export function claimAt(pod: PodSpec, container: Container, mountPath: string): string {
  const mounts = container.volumeMounts.filter((mount) => mount.mountPath === mountPath);
  assert.equal(mounts.length, 1, `mounts at ${mountPath}`);
  const volumes = pod.volumes.filter(({ name }) => name === mounts[0]!.name);
  assert.equal(volumes.length, 1, `volumes named ${mounts[0]!.name}`);
  assert.ok("persistentVolumeClaim" in volumes[0]!, `the volume at ${mountPath} is no claim`);
  return volumes[0].persistentVolumeClaim.claimName;
}
