import type { Violation } from "../checks/violations";

/** https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html */
export const IOPS = { least: 3000, most: 80_000, perGib: 500 };
export const THROUGHPUT = { least: 125, most: 2000, perIops: 0.25 };

/** The largest disk, in GiB, by the same page. */
export const LARGEST_DISK_IN_GIB = 64 * 1024;

/** What is wrong with the performance asked of gp3 disks: operations a second, MiB a second. */
export function validateGp3(
  { iops, throughputInMibps }: { iops?: number; throughputInMibps?: number },
  names = { iops: "iops", throughputInMibps: "throughputInMibps" },
): Violation[] {
  const violations: Violation[] = [];
  if (iops !== undefined && !within(iops, IOPS)) {
    violations.push({
      argument: names.iops,
      expected: `a whole number from ${IOPS.least} to ${IOPS.most}`,
      actual: iops,
      fix: `Leave it out for ${IOPS.least}; more than ${IOPS.most} need another type of disk.`,
    });
  }
  const most = (iops ?? IOPS.least) * THROUGHPUT.perIops;
  if (throughputInMibps !== undefined && !within(throughputInMibps, THROUGHPUT)) {
    violations.push({
      argument: names.throughputInMibps,
      expected: `a whole number from ${THROUGHPUT.least} to ${THROUGHPUT.most}`,
      actual: throughputInMibps,
      fix: `Leave it out for ${THROUGHPUT.least}.`,
    });
  } else if (throughputInMibps !== undefined && violations.length === 0 && throughputInMibps > most) {
    violations.push({
      argument: names.throughputInMibps,
      expected: `at most ${most}, a quarter of the IOPS`,
      actual: throughputInMibps,
      fix: `Set ${names.iops} to ${Math.ceil(throughputInMibps / THROUGHPUT.perIops)} or more.`,
    });
  }
  return violations;
}

/** The smallest disk, in GiB, that can have so many IOPS; one of any size has those in its price. */
export function smallestDiskInGib(iops: number): number {
  return iops <= IOPS.least ? 1 : Math.ceil(iops / IOPS.perGib);
}

/** Parameters of a class for what goes beyond the price; the driver refuses the rest for a disk below 6 GiB. */
export function gp3Parameters(iops = IOPS.least, throughputInMibps = THROUGHPUT.least): Record<string, string> {
  return {
    ...(iops > IOPS.least ? { iops: iops.toFixed(0) } : {}),
    ...(throughputInMibps > THROUGHPUT.least ? { throughput: throughputInMibps.toFixed(0) } : {}),
  };
}

const within = (value: number, { least, most }: { least: number; most: number }) =>
  Number.isInteger(value) && value >= least && value <= most;
