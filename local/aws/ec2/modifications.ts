import type { AwsRecord } from "../records";

const DAY = 24 * 60 * 60 * 1000;

/**
 * How often EC2 changes a disk within any 24 hours; each time the last change must be complete. Until January 2026 it was
 * once in six hours.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html,
 * https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ebs-up-to-four-volume-modifications/
 */
export const MOST_MODIFICATIONS = 4;

export const modificationsToday = (disk: AwsRecord | undefined): number =>
  (disk?.modifications ?? []).filter(({ startTime }) => Date.now() - Date.parse(startTime) < DAY).length;

export const isBeingModified = (disk: AwsRecord | undefined): boolean =>
  (disk?.modifications ?? []).some(({ endTime }) => Date.parse(endTime) > Date.now());

/** Counts a change of a disk. It takes EKS_STORAGE_MODIFICATION_SECONDS, by default none; on AWS minutes to hours. */
export function countModification(disk: AwsRecord): void {
  const startTime = new Date();
  const seconds = Number(process.env.EKS_STORAGE_MODIFICATION_SECONDS ?? 0);
  const endTime = new Date(startTime.getTime() + seconds * 1000);
  const modification = { startTime: startTime.toISOString(), endTime: endTime.toISOString() };
  disk.modifications = [...(disk.modifications ?? []), modification];
}
