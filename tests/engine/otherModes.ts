import * as kubernetes from "@pulumi/kubernetes";
import type { OutputMap } from "@pulumi/pulumi/automation";
import * as storage from "../../components/index";

export const NAMESPACE = "modes";
const identity = { uid: 999, gid: 999 };

/** A pod that mounts a claim. */
export const podOn = (name: string, claimName: string) => ({
  metadata: { name, namespace: NAMESPACE },
  spec: {
    securityContext: { runAsUser: identity.uid, runAsGroup: identity.gid },
    containers: [{ name: "reader", image: "reader", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
  },
});

/**
 * Somebody's program beside a stack that runs, on its file system, bucket and classes: volumes in the access modes that
 * the project's own program has no use for, a pod on each.
 *
 * @param outputs the stack's.
 */
export const otherModes = (outputs: OutputMap) => async () => {
  const given = (name: string) => outputs[name]!.value;
  const provider = new kubernetes.Provider("kubernetes", {
    kubeconfig: given("kubeconfig"),
    clusterIdentifier: given("clusterName"),
    enableServerSideApply: true,
  });
  const within = new kubernetes.core.v1.Namespace(NAMESPACE, { metadata: { name: NAMESPACE } }, { provider });
  const inNamespace = { providers: [provider], dependsOn: [within] };
  const common = { namespace: NAMESPACE };
  const { ReadWriteOnce, ReadOnlyMany } = storage.AccessMode;

  const efs = {
    ...{ fileSystemId: given("fileSystemId"), accessPointId: given("accessPointIds").assets },
    ...{ path: "/assets", identity },
  };
  const once = { ...common, claimName: "efs-static", accessMode: ReadWriteOnce, efs };
  const own = { ...common, claimName: "efs-dynamic", accessMode: ReadWriteOnce, storageClassName: "efs", identity };
  const s3 = { bucketName: given("bucketName"), region: "eu-west-1", identity };
  const readers = { ...common, claimName: "s3-static", accessMode: ReadOnlyMany, s3 };
  const volumes = [
    new storage.StaticVolume("efs-static", once, inNamespace),
    new storage.DynamicVolume("efs-dynamic", own, inNamespace),
    new storage.StaticVolume("s3-static", readers, inNamespace),
  ];
  const disk = new kubernetes.core.v1.PersistentVolumeClaim(
    "ebs-dynamic",
    {
      metadata: { ...common, name: "ebs-dynamic" },
      spec: {
        storageClassName: "ebs",
        accessModes: ["ReadWriteOncePod"],
        resources: { requests: { storage: "1Gi" } },
      },
    },
    { provider, dependsOn: [within] },
  );
  const mounted = [
    ["efs-static", storage.staticClaimName(once)],
    ["efs-dynamic", storage.dynamicClaimName(own)],
    ["s3-static", storage.staticClaimName(readers)],
    ["ebs-dynamic", "ebs-dynamic"],
  ];
  for (const [name, claim] of mounted) {
    new kubernetes.core.v1.Pod(name!, podOn(name!, claim!), { provider, dependsOn: [...volumes, disk] });
  }
  return {};
};
