import { execFile } from "node:child_process";

/** What AWS answers about a resource that was kept. */
export type Finding = { is: "there" } | { is: "gone" } | { is: "going" | "unknown"; why: string };

/** Runs the AWS CLI in a region: what it prints, as JSON. */
export type Aws = (region: string, ...args: string[]) => Promise<unknown>;

/** An error of the AWS CLI. */
export class AwsError extends Error {}

/** The CLI has heard a Ctrl-C: the terminal sends it to every process. */
class Stopped extends AwsError {}

/** @throws AwsError with the CLI's own words. */
const askOnce: Aws = (region, ...args) =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region };
    execFile("aws", [...args, "--output", "json"], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout.trim() === "" ? {} : JSON.parse(stdout));
      else if (error.code === "ENOENT") reject(new AwsError("there is no command aws: install the AWS CLI"));
      // https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html
      else if (error.signal === "SIGINT" || error.code === 130) reject(new Stopped("the AWS CLI was interrupted"));
      else reject(new AwsError(stderr.trim() || error.message));
    });
  });

/**
 * Asks again, once, what a Ctrl-C has stopped: whoever asks and doesn't end by it has something to remove first.
 *
 * @throws AwsError with the CLI's own words.
 */
export const aws: Aws = (...question) =>
  askOnce(...question).catch((error: unknown) => {
    if (error instanceof Stopped) return askOnce(...question);
    throw error;
  });

/** What is read of the CLI's answers: https://docs.aws.amazon.com/cli/latest/reference/ */
interface Answer {
  FileSystems?: { LifeCycleState: string }[];
  AccessPoints?: { LifeCycleState: string }[];
  Volumes?: { State: string }[];
  KeyMetadata?: { KeyState: string; DeletionDate?: string };
  BackupVaultList?: { BackupVaultName: string }[];
}

interface Question {
  args: (id: string) => string[];
  /** What the CLI says where there is no such resource. */
  absent: RegExp;
  /** The finding that an answer gives. Default: it is there. */
  findingOf?: (answer: Answer, id: string) => Finding;
}

const THERE: Finding = { is: "there" };
const GONE: Finding = { is: "gone" };

const fileSystem: Question = {
  args: (id) => ["efs", "describe-file-systems", "--file-system-id", id],
  absent: /FileSystemNotFound/,
  findingOf: ({ FileSystems }) => stateOf(FileSystems?.[0]?.LifeCycleState, ["available", "updating"]),
};
const key: Question = {
  args: (id) => ["kms", "describe-key", "--key-id", id],
  absent: /NotFoundException/,
  findingOf: ({ KeyMetadata }) =>
    KeyMetadata?.KeyState === "PendingDeletion"
      ? {
          is: "going",
          why: `AWS deletes it on ${KeyMetadata.DeletionDate ?? "its day"}; until then: aws kms cancel-key-deletion`,
        }
      : THERE,
};

/** How AWS is asked for what a configuration key names. */
export const QUESTIONS: Record<string, Question> = {
  adoptFileSystemId: fileSystem,
  adoptReplicaFileSystemId: fileSystem,
  adoptAssetsAccessPointId: {
    args: (id) => ["efs", "describe-access-points", "--access-point-id", id],
    absent: /AccessPointNotFound/,
    findingOf: ({ AccessPoints }) => stateOf(AccessPoints?.[0]?.LifeCycleState, ["available", "updating"]),
  },
  adoptMysqlVolumeId: {
    args: (id) => ["ec2", "describe-volumes", "--volume-ids", id],
    absent: /InvalidVolume\.NotFound/,
    findingOf: ({ Volumes }) => stateOf(Volumes?.[0]?.State, ["available", "in-use", "creating"]),
  },
  adoptMysqlCredentials: {
    args: (id) => ["ssm", "get-parameter", "--name", id],
    absent: /ParameterNotFound/,
  },
  adoptBackupVault: {
    // Of a vault that isn't there, describe-backup-vault says that it may not be described.
    // https://github.com/aws/aws-sdk-js/issues/2625
    args: () => ["backup", "list-backup-vaults"],
    absent: /^$/,
    findingOf: ({ BackupVaultList }, id) =>
      BackupVaultList?.some(({ BackupVaultName }) => BackupVaultName === id) ? THERE : GONE,
  },
  adoptBackupKeyId: key,
  adoptBackupRole: { args: (id) => ["iam", "get-role", "--role-name", id], absent: /NoSuchEntity/ },
  adoptEncryptionKeyId: key,
  adoptReplicaEncryptionKeyId: key,
  adoptBucketName: {
    args: (id) => ["s3api", "head-bucket", "--bucket", id],
    absent: /\b404\b|Not Found/,
  },
};

function stateOf(state: string | undefined, usableStates: string[]): Finding {
  if (state === undefined || state === "deleted") return GONE;
  return usableStates.includes(state) ? THERE : { is: "going", why: `AWS says "${state}" of it` };
}

/** Whether what a configuration key names is still there; `undefined` where the key names no resource. */
export async function ask(
  ofAws: Aws,
  region: string | undefined,
  name: string,
  id: string,
): Promise<Finding | undefined> {
  const question = QUESTIONS[name];
  if (!question) return undefined;
  if (!region) return { is: "unknown", why: "its region isn't in the stack's file" };
  try {
    const answer = (await ofAws(region, ...question.args(id))) as Answer;
    return question.findingOf?.(answer, id) ?? THERE;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return question.absent.test(error.message) ? GONE : { is: "unknown", why: error.message };
  }
}
