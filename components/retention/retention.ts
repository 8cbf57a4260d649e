import { ReclaimPolicy } from "../csi/reclaimPolicy";

/**
 * What becomes of data when the stack goes: one decision per environment, from which protection, reclaim policies and
 * deletion windows follow.
 *
 * - `delete`: everything goes with the stack. For environments that are torn down and made anew.
 * - `retain`: data, and what is needed to use it again, can't be deleted and outlives the stack.
 * - `release`: data still outlives the stack, but the stack may be destroyed: the step between `retain` and a destroy.
 */
export const Retention = { Delete: "delete", Retain: "retain", Release: "release" } as const;
export type Retention = (typeof Retention)[keyof typeof Retention];

/** Whether data outlives the stack. */
export function keepsData(retention: Retention): boolean {
  return retention !== Retention.Delete;
}

/** Whether deletion is refused, by the engine and by AWS where AWS can. */
export function isProtected(retention: Retention): boolean {
  return retention === Retention.Retain;
}

/**
 * Options of a resource that holds data or is needed to read it. Under `delete` these are the component's own: whoever
 * protects it protects what is in it.
 */
export function protectAndRetain(retention: Retention): { protect?: true; retainOnDelete?: true } {
  return { protect: isProtected(retention) || undefined, ...retained(retention) };
}

/** Options of a resource that stays with the data, and may be replaced or deleted by itself: settings, an access point. */
export function retained(retention: Retention): { retainOnDelete?: true } {
  return { retainOnDelete: keepsData(retention) || undefined };
}

/** The policy of classes whose volumes, or snapshots, go or stay as the retention says. */
export function reclaimPolicyOf(retention: Retention): ReclaimPolicy {
  return keepsData(retention) ? ReclaimPolicy.Retain : ReclaimPolicy.Delete;
}
