import type { Violation } from "../checks/violations";

/** What is wrong with a number of replicas. */
export function validateReplicas(replicas: number | undefined, argument = "replicas"): Violation[] {
  if (replicas === undefined || (Number.isInteger(replicas) && replicas >= 1)) return [];
  return [
    {
      argument,
      expected: "a whole number of at least 1",
      actual: replicas,
      fix: "To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.",
    },
  ];
}
