import type { Violation } from "../checks/violations";

/**
 * The POSIX user that a workload's files belong to: one identity feeds the access point, the pod's security context and
 * the mount options, so that they can't disagree.
 *
 * An access point enforces it on every client; see
 * https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html
 */
export interface PosixIdentity {
  /** User id, a whole number from 1 to 4294967295. Plain. */
  uid: number;
  /** Group id, a whole number from 1 to 4294967295. Plain. */
  gid: number;
}

const MAXIMUM_ID = 4294967295;

/** What is wrong with an identity; root is refused, since an access point's root can do anything to its files. */
export function validatePosixIdentity(
  identity: PosixIdentity,
  names = { uid: "identity.uid", gid: "identity.gid" },
): Violation[] {
  return (["uid", "gid"] as const)
    .filter((key) => !Number.isInteger(identity[key]) || identity[key] < 1 || identity[key] > MAXIMUM_ID)
    .map((key) => ({
      argument: names[key],
      expected: `a whole number from 1 to ${MAXIMUM_ID}`,
      actual: identity[key],
      fix: "Choose the number that the workload's image runs as, never 0 (root).",
    }));
}
