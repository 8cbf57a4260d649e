import type { Violation } from "../checks/violations";

/** The tag of the disks and snapshots that the driver's policy lets it use: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html */
export const DRIVER_TAG = "ebs.csi.aws.com/cluster";

/** A size such as `20Gi` or `1Ti` in GiB; NaN, which is smaller than nothing, where it isn't known. */
export function gibOf(storage: string | undefined): number {
  const [, number, unit] = /^(\d+)(Gi|Ti)$/.exec(storage ?? "") ?? [];
  return Number(number) * (unit === "Ti" ? 1024 : 1);
}

/** What is wrong with a disk or a snapshot that lacks a tag, with the command that gives it. */
export function validateTag(
  { argument, what, id, why }: { argument: string; what: string; id: string; why: string },
  tags: Record<string, string>,
  key: string,
  value: string,
): Violation[] {
  if (tags[key] === value) return [];
  const fix = `${why}: aws ec2 create-tags --resources ${id} --tags Key=${key},Value=${value}`;
  return [{ argument, expected: `${what} with the tag ${key}=${value}`, actual: id, fix }];
}
