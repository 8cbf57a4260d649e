import type { Properties } from "../../plugins/properties";
import type { Account } from "../account";
import type { AwsRecord } from "../records";

export const isVolumeArn = (resourceArn: unknown) => String(resourceArn).includes(":volume/");

/** The disk or the file system that a backup is made of. */
export function backedUpResource(resourceArn: unknown, account: Account): AwsRecord | undefined {
  const id = String(resourceArn).split(/[:/]/).pop();
  return account.find(isVolumeArn(resourceArn) ? "ebs/volume" : "efs/fileSystem", id);
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html */
const METADATA = ["file-system-id", "Encrypted", "PerformanceMode", "CreationToken", "newFileSystem"];

/** What a restore's metadata must have, and lacks. */
export const missingMetadata = ({ metadata }: Properties) =>
  METADATA.filter((key) => (metadata as Record<string, string>)[key] === undefined);

const jobsOf = ({ properties }: AwsRecord) => (properties.restoreJobs ?? {}) as Record<string, string>;

/** The recovery point of a job, and the ARN of what it restored. */
export function restoreJob(jobId: unknown, account: Account): { point: AwsRecord; createdArn: string } | undefined {
  const point = account.all("backup/recoveryPoint").find((point) => String(jobId) in jobsOf(point));
  return point && { point, createdArn: jobsOf(point)[String(jobId)]! };
}

export function recordRestoreJob(point: AwsRecord, jobId: string, createdArn: string): void {
  point.properties.restoreJobs = { ...jobsOf(point), [jobId]: createdArn };
}
