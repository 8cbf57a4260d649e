import type { Violation } from "../checks/violations";

/** https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html */
export const MOST_INSTANCE_TYPES = 20;

export const DEFAULT_INSTANCE_TYPES = ["m7i.large"];
export const DEFAULT_NODES_PER_ZONE = 1;

/** What is wrong with the types of a node group's instances. */
export function validateInstanceTypes(types: unknown[] | undefined, argument = "instanceTypes"): Violation[] {
  if (types === undefined) return [];
  const repeated = types.filter((type, index) => typeof type === "string" && types.indexOf(type) < index);
  if (types.length <= MOST_INSTANCE_TYPES && types.length > 0 && repeated.length === 0) return [];
  const fix = repeated.length > 0 ? `Remove the repeated ${repeated.join(", ")}.` : "A node group takes no others.";
  return [{ argument, expected: `1 to ${MOST_INSTANCE_TYPES} instance types, each once`, actual: types, fix }];
}
