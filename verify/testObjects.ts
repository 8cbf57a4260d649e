import type { V1Affinity, V1Namespace, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { ZONE } from "./nodes";
import { restrictedContainer, restrictedNamespaceLabels, restrictedPod } from "../components/workloads/podSecurity";

/** A pod that does nothing but hold a volume. */
export interface TestPod {
  namespace: string;
  name: string;
  claim: string;
  image: { name: string; pullPolicy: string | undefined };
  /** Where alone it is to run. */
  place?: Place;
}

/** A zone, and a node of it that isn't meant. */
export interface Place {
  zone: string;
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

function affinityTo({ zone, notOn }: Place): V1Affinity {
  const matchExpressions = [{ key: ZONE, operator: "In", values: [zone] }];
  const matchFields = notOn === undefined ? [] : [{ key: "metadata.name", operator: "NotIn", values: [notOn] }];
  const nodeSelectorTerms = [{ matchExpressions, matchFields }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

export function podOf({ namespace, name, claim, image, place }: TestPod): V1Pod {
  return {
    metadata: { namespace, name },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      securityContext: restrictedPod({ uid: 1000, gid: 1000 }),
      ...(place && { affinity: affinityTo(place) }),
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
