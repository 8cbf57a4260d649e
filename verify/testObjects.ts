import type { V1Namespace, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { restrictedContainer, restrictedNamespaceLabels, restrictedPod } from "../components/workloads/podSecurity";

/** A pod that does nothing but hold a volume. */
export interface TestPod {
  namespace: string;
  name: string;
  claim: string;
  image: { name: string; pullPolicy: string | undefined };
  /** A node on which it isn't to run. */
  notOn?: string | undefined;
}

export const namespaceOf = (name: string): V1Namespace => ({ metadata: { name, labels: restrictedNamespaceLabels } });

export const claimOf = (
  { namespace, claim }: TestPod,
  accessMode: string,
  storageClassName: string,
): V1PersistentVolumeClaim => ({
  metadata: { namespace, name: claim },
  spec: { accessModes: [accessMode], storageClassName, resources: { requests: { storage: "1Gi" } } },
});

export function podOf({ namespace, name, claim, image, notOn }: TestPod): V1Pod {
  const elsewhere = { key: "kubernetes.io/hostname", operator: "NotIn", values: [notOn ?? ""] };
  const required = { nodeSelectorTerms: [{ matchExpressions: [elsewhere] }] };
  return {
    metadata: { namespace, name },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      securityContext: restrictedPod({ uid: 1000, gid: 1000 }),
      ...(notOn === undefined
        ? {}
        : { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }),
      containers: [
        {
          name: "holder",
          image: image.name,
          imagePullPolicy: image.pullPolicy,
          command: ["sh", "-c", "sleep 3600"],
          volumeMounts: [{ name: "volume", mountPath: "/volume" }],
          securityContext: restrictedContainer,
          resources: { requests: { cpu: "1m", memory: "8Mi" }, limits: { memory: "32Mi" } },
        },
      ],
      volumes: [{ name: "volume", persistentVolumeClaim: { claimName: claim } }],
    },
  };
}
