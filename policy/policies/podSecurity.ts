import { containersOf, NAMESPACE, podOf, WORKLOADS } from "../kubernetes";
import { type Policy, Severity } from "../policy";

const STANDARD = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted";
const LABEL = "pod-security.kubernetes.io/enforce";

export const podSecurity: Policy[] = [
  {
    name: "namespace-restricted",
    description: "A namespace refuses pods that break the restricted Pod Security Standard.",
    severity: Severity.High,
    standards: [
      "Pod Security Standards Restricted",
      "CIS EKS 4.2.1",
      "CIS EKS 4.2.2",
      "CIS EKS 4.2.3",
      "CIS EKS 4.2.4",
      "CIS EKS 4.2.5",
    ],
    fix: [`Set its label ${LABEL} to restricted.`],
    url: "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
    example: { wrong: '{ metadata: { name: "shop" } }', right: `{ labels: { "${LABEL}": "restricted" } }` },
    types: [NAMESPACE],
    *check({ props }) {
      const level = props.metadata?.labels?.[LABEL];
      if (level !== "restricted") yield `${LABEL} is ${level ?? "left out"}`;
    },
  },
  {
    name: "pod-restricted",
    description: "A pod meets the restricted Pod Security Standard.",
    severity: Severity.High,
    standards: [
      "Pod Security Standards Restricted",
      "Checkov CKV_K8S_16",
      "Checkov CKV_K8S_20",
      "Checkov CKV_K8S_23",
      "Checkov CKV_K8S_31",
      "Checkov CKV_K8S_37",
    ],
    fix: [
      "For the pod: runAsNonRoot true, a runAsUser that isn't 0, seccompProfile RuntimeDefault, no host namespaces.",
      "For each container: allowPrivilegeEscalation false, capabilities.drop ALL, not privileged.",
    ],
    url: STANDARD,
    example: {
      wrong: "{ securityContext: { privileged: true } }",
      right: '{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } }',
    },
    types: WORKLOADS,
    *check(workload) {
      const { spec } = podOf(workload);
      const pod = spec.securityContext ?? {};
      for (const key of ["hostNetwork", "hostPID", "hostIPC"]) if (spec[key] === true) yield `${key} is true`;
      for (const { name, securityContext } of containersOf(workload)) {
        const own = securityContext ?? {};
        const of = `of container ${name}`;
        if ((own.runAsNonRoot ?? pod.runAsNonRoot) !== true) yield `runAsNonRoot ${of} is not true`;
        if (Number(own.runAsUser ?? pod.runAsUser ?? 1) === 0) yield `runAsUser ${of} is 0, root`;
        const seccomp = (own.seccompProfile ?? pod.seccompProfile)?.type;
        if (!["RuntimeDefault", "Localhost"].includes(seccomp as string))
          yield `seccompProfile ${of} is ${seccomp ?? "left out"}`;
        if (own.allowPrivilegeEscalation !== false) yield `allowPrivilegeEscalation ${of} is not false`;
        if (own.privileged === true) yield `privileged ${of} is true`;
        if (![...(own.capabilities?.drop ?? [])].includes("ALL")) yield `capabilities.drop ${of} lacks ALL`;
        const added = [...(own.capabilities?.add ?? [])].filter((it) => it !== "NET_BIND_SERVICE");
        if (added.length > 0) yield `capabilities.add ${of} has ${added.join(", ")}`;
      }
    },
  },
];
