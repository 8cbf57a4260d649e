import { BackupClient } from "@aws-sdk/client-backup";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EFSClient } from "@aws-sdk/client-efs";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { keptBy, recordParameterOf, type RetentionRecord } from "../components/retention/retentionRecord";
import { backups } from "./backups";
import { Belonging } from "./belonging";
import { buckets } from "./buckets";
import { cluster } from "./cluster";
import { snapshots, volumes } from "./disks";
import { fileSystems } from "./fileSystems";
import type { Audit } from "./findings";
import { keys } from "./keys";
import { loadBalancers } from "./loadBalancers";
import { logGroups } from "./logGroups";
import { Look } from "./look";
import { addresses, interfaces, networks } from "./network";
import type { Scope } from "./scope";

// The SDK says at each start until when its versions come for this Node.js: no matter of a pinned version's users.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

/** Nothing can be asked, or somebody else's account would be. */
export class AccountError extends Error {}

/** How long, in milliseconds, a connection may take, and a service say nothing: the SDK itself would wait for ever. */
export const PATIENCE = { connectionTimeout: 5_000, socketTimeout: 30_000 };

/**
 * How AWS is asked: where it answers that this is too fast, ever slower, and ten times before that counts as no answer.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const settingsFor = (region: string, requestHandler: typeof PATIENCE) => ({
  ...{ region, requestHandler },
  ...{ retryMode: "adaptive", maxAttempts: 10 },
});
type Settings = ReturnType<typeof settingsFor>;

/**
 * What of a stack is in its account. Only reads. What AWS refuses to show becomes a gap, and hides nothing else.
 *
 * @param note is told what is looked at.
 * @throws AccountError where nobody is signed in, or to another account, or AWS doesn't answer.
 */
export async function audit(
  scope: Scope,
  note?: (what: string) => void,
  patience: typeof PATIENCE = PATIENCE,
): Promise<Audit> {
  const { stack, name, accountId, region, replicaRegion } = scope;
  const at = settingsFor(region, patience);
  await checkAccount(scope, at);
  const look = new Look(note);
  const belonging = new Belonging(scope, await keptOf(scope, look, at));
  const ec2 = new EC2Client(at);
  // What others are told by comes first: networks, file systems, disks, and what backups were made of these.
  await cluster(new EKSClient(at), region, look, belonging);
  await networks(ec2, region, look, belonging);
  await fileSystems(new EFSClient(at), region, look, belonging);
  await volumes(ec2, region, look, belonging);
  await backups(new BackupClient(at), region, look, belonging);
  await snapshots(ec2, region, look, belonging);
  const balancers = { classic: new ElasticLoadBalancingClient(at), v2: new ElasticLoadBalancingV2Client(at) };
  await loadBalancers(balancers, region, look, belonging);
  await interfaces(ec2, region, look, belonging);
  await addresses(ec2, region, look, belonging);
  await logGroups(new CloudWatchLogsClient(at), region, look, belonging);
  await keys(new KMSClient(at), region, look, belonging);
  await buckets(new S3Client(at), region, look, belonging);
  if (replicaRegion !== undefined) {
    const there = settingsFor(replicaRegion, patience);
    await fileSystems(new EFSClient(there), replicaRegion, look, belonging);
    await keys(new KMSClient(there), replicaRegion, look, belonging);
  }
  const { findings } = belonging;
  const gaps = [...scope.gaps, ...look.gaps];
  const remarks = [...look.remarks, ...belonging.remarks()];
  const regions = [region, ...(replicaRegion === undefined ? [] : [replicaRegion])];
  return { stack, name, accountId, regions, findings, gaps, remarks };
}

/** Before anything is told of an account: whether it is the stack's. Nobody needs a right for this question. */
async function checkAccount({ stack, accountId, region }: Scope, at: Settings): Promise<void> {
  let identity: { Account?: string | undefined; Arn?: string | undefined };
  try {
    // Where nothing answers, that must be said soon.
    identity = await new STSClient({ ...at, maxAttempts: 3 }).send(new GetCallerIdentityCommand({}));
  } catch (error) {
    throw new AccountError(
      `Expected an answer of AWS in ${region} to who is signed in, found: ${(error as Error).message}\n` +
        `Sign in to ${accountId} (aws sso login, AWS_PROFILE), and see that the region in Pulumi.${stack}.yaml exists and can be reached.`,
    );
  }
  if (identity.Account === accountId) return;
  throw new AccountError(
    `Expected account ${accountId} (accountId in Pulumi.${stack}.yaml), found ${identity.Account ?? "none"}: signed in as ` +
      `${identity.Arn ?? "nobody"}.\nSign in to ${accountId}: aws sso login, AWS_PROFILE.`,
  );
}

/** What the stack's record has as kept. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
async function keptOf({ name, region, keepsData }: Scope, look: Look, at: Settings): Promise<Map<string, string>> {
  const Name = recordParameterOf(name);
  const question = { what: "what retention keeps", right: "ssm:GetParameter", region };
  const found = await look.one(question, async () => {
    try {
      const { Parameter } = await new SSMClient(at).send(new GetParameterCommand({ Name }));
      return { record: JSON.parse(Parameter?.Value ?? "null") as RetentionRecord | null };
    } catch (error) {
      if ((error as Error).name !== "ParameterNotFound") throw error;
      return { record: null };
    }
  });
  // That it couldn't be asked is noted.
  if (!found) return new Map();
  const { record } = found;
  if (record) return new Map([...keptBy(record), ...(record.earlier ?? [])].map(([key, id]) => [id, key]));
  if (keepsData) {
    look.remarks.push(
      `Nothing is recorded as kept (no parameter ${Name} in ${region}): what is kept on purpose counts as left.`,
    );
  }
  return new Map();
}
