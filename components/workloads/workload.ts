import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { restrictedNamespaceLabels } from "./podSecurity";

/** What every workload's objects share: where they are, and how its pods are found. */
export interface Workload {
  namespace: string;
  /** Labels that select its pods and nobody else's. */
  labels: Record<string, string>;
}

/** The recommended labels of a component of the retail store. */
export function labelsOf(component: string): Record<string, string> {
  return { "app.kubernetes.io/name": component, "app.kubernetes.io/part-of": "retail-store" };
}

/**
 * Annotations of what runs pods: an update wins back fields that somebody changed by hand, such as the replicas after
 * `kubectl scale`, which the API server would otherwise refuse as a conflict of field managers.
 * https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export const asDeclared = { "pulumi.com/patchForce": "true" };

/** A namespace whose pods must meet the restricted Pod Security Standard. */
export function restrictedNamespace(
  name: string,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Namespace {
  return new kubernetes.core.v1.Namespace(
    name,
    { metadata: { name: namespace, labels: restrictedNamespaceLabels } },
    opts,
  );
}

/** A service account that carries no token, since no workload of ours calls the API server. */
export function serviceAccount(name: string, { namespace, labels }: Workload, opts: pulumi.CustomResourceOptions) {
  const account = labels["app.kubernetes.io/name"]!;
  return new kubernetes.core.v1.ServiceAccount(
    name,
    { metadata: { name: account, namespace, labels }, automountServiceAccountToken: false },
    opts,
  );
}

/** A Service that reaches a workload's pods on one port. Made after them: the engine waits until it reaches one. */
export function service(
  name: string,
  { namespace, labels }: Workload,
  ports: { port: number; targetPort: number; name: string },
  opts: pulumi.CustomResourceOptions,
) {
  return new kubernetes.core.v1.Service(
    name,
    {
      metadata: { name: labels["app.kubernetes.io/name"]!, namespace, labels },
      spec: { selector: labels, ports: [{ ...ports, protocol: "TCP" }] },
    },
    opts,
  );
}

/** Lets a node be drained, one pod of the workload at a time. */
export function disruptionBudget(name: string, { namespace, labels }: Workload, opts: pulumi.CustomResourceOptions) {
  return new kubernetes.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata: { name: labels["app.kubernetes.io/name"]!, namespace, labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    },
    opts,
  );
}

/** Who may talk to a workload's pods, on which port, and whom they may talk to. Everything else is refused. */
export function networkPolicy(
  name: string,
  { namespace, labels }: Workload,
  rules: {
    port: number;
    from: kubernetes.types.input.networking.v1.NetworkPolicyPeer[];
    egress: kubernetes.types.input.networking.v1.NetworkPolicyEgressRule[];
  },
  opts: pulumi.CustomResourceOptions,
) {
  return new kubernetes.networking.v1.NetworkPolicy(
    name,
    {
      metadata: { name: labels["app.kubernetes.io/name"]!, namespace, labels },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: rules.from, ports: [{ port: rules.port, protocol: "TCP" }] }],
        egress: rules.egress,
      },
    },
    opts,
  );
}

/** Name resolution by the cluster's DNS. */
export const dnsEgress = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/** Everybody in the cluster. */
export const anyNamespace = [{ namespaceSelector: {} }];

/** A writable `/tmp` in memory, beside a read-only root file system. */
export const temporary = {
  volume: { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
  mount: { name: "tmp", mountPath: "/tmp" },
};
