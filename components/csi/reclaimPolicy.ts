/** Reclaim policies of a class: https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy */
export const ReclaimPolicy = { Delete: "Delete", Retain: "Retain" } as const;
export type ReclaimPolicy = (typeof ReclaimPolicy)[keyof typeof ReclaimPolicy];
