import type { Violation } from "../checks/violations";

/** What is wrong with adopting a database's disk without its passwords. */
export function validateDiskCredentials(
  adoptDisk: unknown,
  adoptCredentials: boolean | string | undefined,
  names = { adoptDisk: "adoptDisk", adoptCredentials: "adoptCredentials" },
): Violation[] {
  const isAdopted = adoptCredentials !== undefined && adoptCredentials !== false;
  if (adoptDisk === undefined || isAdopted) return [];
  return [
    {
      argument: names.adoptCredentials,
      expected: `set with ${names.adoptDisk}`,
      actual: adoptCredentials,
      fix: "A disk knows only the passwords that it was made with: adopt the parameter that holds them, too.",
    },
  ];
}

/** What is wrong with adopting a database's disk and making one from a snapshot. */
export function validateOneDisk(
  adoptDisk: unknown,
  snapshotId: string | undefined,
  names = { adoptDisk: "adoptDisk", snapshotId: "snapshotId" },
): Violation[] {
  if (adoptDisk === undefined || snapshotId === undefined) return [];
  return [
    {
      argument: names.snapshotId,
      expected: `left out with ${names.adoptDisk}`,
      actual: snapshotId,
      fix: `The database has one disk. Remove ${names.snapshotId}, or, to restore the snapshot, ${names.adoptDisk}.`,
    },
  ];
}
