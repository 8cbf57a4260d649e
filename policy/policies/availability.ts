import { namespaceOf, podOf, replicasOf, REPLICATED, selects, ZONE_LABEL } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import type { Resource } from "../stack";

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

export const availability: Policy[] = [
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
];
