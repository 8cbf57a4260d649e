import { execFile } from "node:child_process";
import * as path from "node:path";
import { Command } from "commander";
import {
  type Kept,
  recordParameterOf,
  type RetentionRecord,
  settingsOf,
} from "../components/retention/retentionRecord";
import { clusterApi } from "../components/clusterApi/clusterApi";
import { type ClaimedDisk, diskOf, policyCommand } from "../components/retention/claimedDisk";
import { type ClusterObjects, clusterObjects } from "../components/retention/clusterObjects";
import { type LostDisk, lostDisk, lostDiskSummary } from "../components/retention/lostDisk";
import { FileError, readStack } from "../config/files";
import { nameOf } from "../config/stackName";
import { ask, type Aws, aws, AwsError, type Finding } from "./awsQuestions";

const CHECKOUT = path.dirname(__dirname);

/** What was recorded of a stack when it was last deployed, with what is known now. */
export interface Knowledge {
  stackName: string;
  record: RetentionRecord;
  /** When the stack was last deployed with other values. */
  recorded: string;
  /** The claim's disk; null where nobody knows it. */
  disk: ClaimedDisk | null;
  /** Whether the cluster says so, now; otherwise it was so when the stack was last deployed. */
  isCurrent: boolean;
  /** What became of the recorded disk, where the claim has it no longer. */
  lost: LostDisk | undefined;
  /** What AWS says, by configuration key. */
  findings: Record<string, Finding | undefined>;
  /** Whether the stack stands, and its state can be read. */
  isStanding: boolean;
  /** What was kept before, and isn't this stack's, with what AWS says. */
  earlier: { kept: Kept; finding: Finding | undefined }[];
}

/** A stack's kubeconfig, while it stands and its state can be read. */
export type KubeconfigOf = (stack: string) => Promise<string | undefined>;

const kubeconfigOf: KubeconfigOf = (stack) =>
  new Promise((resolve) => {
    const args = ["stack", "output", "kubeconfig", "--show-secrets", "--non-interactive", "--stack", stack];
    execFile("pulumi", args, { cwd: CHECKOUT, timeout: 60_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    );
  });

/**
 * What a destroy of a stack keeps, or has kept. Asks AWS for the record of the last deployment, and for each resource whether
 * it is still there; and the cluster, while there is one, for the database's disk.
 *
 * @throws FileError, AwsError
 */
export async function learn(
  directory: string,
  stack: string,
  ofAws: Aws = aws,
  kubeconfig: KubeconfigOf = kubeconfigOf,
): Promise<Knowledge> {
  const { project, values } = readStack(directory, stack);
  const setting = (name: string) => values[`${project}:${name}`];
  const region = setting("region")!;
  const stackName = setting("name") || nameOf(project, stack);
  const name = recordParameterOf(stackName);
  let parameter: { Value: string; LastModifiedDate?: string | number };
  try {
    parameter = ((await ofAws(region, "ssm", "get-parameter", "--name", name)) as { Parameter: typeof parameter })
      .Parameter;
  } catch (error) {
    if (!(error instanceof AwsError) || !error.message.includes("ParameterNotFound")) throw error;
    throw new AwsError(
      `Nothing is recorded of ${stackName}: there is no parameter ${name} in ${region}.\n` +
        `Either it was destroyed with retention: delete, or its last pulumi up was by a version that recorded nothing ` +
        `(run pulumi up once), or this is another account than ${setting("accountId")} (aws sts get-caller-identity).`,
    );
  }
  const record = JSON.parse(parameter.Value) as RetentionRecord;
  const { claim } = record;
  const about = (key: string, value: string) =>
    ask(ofAws, key.startsWith("adoptReplica") ? setting("efsReplicaRegion") : region, key, value);
  const isOfInterest = record.retention !== "delete" || record.disk?.reclaimPolicy === "Retain";
  const access = isOfInterest ? await kubeconfig(stack) : undefined;
  const cluster = await clusterNow(access);
  const now = cluster && claim && diskOf(cluster.volumes, claim);
  const lost = cluster && claim && record.disk ? lostDisk(record.disk, claim, cluster) : undefined;
  // The data is on the disk that the claim had, for as long as that exists.
  const isGone = lost?.now && (await about(lost.claim.volumeKey, lost.disk.volumeId))?.is === "gone";
  const disk = (lost && !isGone ? record.disk : now) ?? record.disk;
  const findings: Record<string, Finding | undefined> = {};
  for (const [key, value] of Object.entries(settingsOf({ ...record, disk }))) findings[key] = await about(key, value);
  const earlier: Knowledge["earlier"] = [];
  for (const kept of record.earlier ?? []) earlier.push({ kept, finding: await about(...kept) });
  const { LastModifiedDate: at } = parameter;
  const recorded = typeof at === "number" ? new Date(at * 1000).toISOString() : (at ?? "its last deployment");
  return {
    stackName,
    record,
    recorded,
    disk,
    isCurrent: disk === now,
    lost,
    findings,
    isStanding: access !== undefined,
    earlier,
  };
}

/** What the cluster has; `undefined` where it can't be asked: the record says what it knew, and when. */
async function clusterNow(kubeconfig: string | undefined): Promise<ClusterObjects | undefined> {
  try {
    return kubeconfig ? await clusterObjects(clusterApi(kubeconfig)) : undefined;
  } catch {
    return undefined;
  }
}

const doubtOf = (finding: Finding | undefined) =>
  finding && "why" in finding ? `    # ${finding.is}: ${finding.why.replace(/\s*\n\s*/g, " ")}` : "";

/** What a person reads; its lines can be pasted into a shell. */
export function told({
  stackName,
  record,
  recorded,
  disk: known,
  isCurrent,
  lost,
  findings,
  isStanding,
  earlier,
}: Knowledge): string {
  const { retention, claim } = record;
  const when = `as recorded ${recorded}`;
  const forget = `Nothing of it is left. To forget it: aws ssm delete-parameter --name ${recordParameterOf(stackName)}`;
  const left = earlier.filter(({ finding }) => finding?.is !== "gone");
  const before = [
    ...(left.length > 0 ? ["Kept before, and not this stack's:"] : []),
    ...left.map(({ kept: [key, value], finding }) => `  # ${key} ${value}${doubtOf(finding)}`),
  ];
  if (retention === "delete") {
    const nothing = `A destroy of ${stackName} keeps nothing: its retention is delete (${when}).`;
    const isLeft = claim && known?.reclaimPolicy === "Retain" && findings[claim.volumeKey]?.is !== "gone";
    const disk = `The disk ${known?.volumeId} stays: its volume was made with the policy Retain.`;
    return [
      nothing,
      ...(isLeft ? [disk] : []),
      ...before,
      ...(earlier.length > 0 && left.length === 0 && !isLeft && !isStanding ? [forget] : []),
    ].join("\n");
  }
  const settings = settingsOf({ ...record, disk: known });
  const isGone = (key: string) => findings[claim && key === claim.zoneKey ? claim.volumeKey : key]?.is === "gone";
  const lines = Object.entries(settings).map(([key, value]) => {
    const finding = findings[key];
    if (isGone(key)) return `  # ${key}: ${value} is gone`;
    return `  pulumi config set ${key} ${value}${doubtOf(finding)}`;
  });
  const remarks: string[] = [];
  if (lost) {
    const isGoneFromAws = lost.disk.volumeId !== known?.volumeId || isGone(lost.claim.volumeKey);
    const isUnknown = findings[lost.claim.volumeKey]?.is === "unknown";
    remarks.push(lostDiskSummary(lost, isGoneFromAws ? "gone" : isUnknown ? "unknown" : "there"));
  }
  if (!claim) {
    remarks.push("The stack has recorded no claim, so there is no disk of one to adopt.");
  } else if (!known) {
    remarks.push(
      `The database's disk isn't known. It has the tag kubernetes.io/created-for/pvc/name=${claim.name}; give its id and ` +
        `zone as ${claim.volumeKey} and ${claim.zoneKey}.`,
    );
  } else if (!isGone(claim.volumeKey) && known.reclaimPolicy !== "Retain") {
    const source = isCurrent ? "" : ` when the stack was last deployed`;
    remarks.push(
      `The disk ${known.volumeId} goes with a destroy: its volume had the policy ${known.reclaimPolicy}${source}. To keep it: ` +
        policyCommand(known.volumeName, "Retain"),
    );
  }
  if (Object.keys(settings).every(isGone) && left.length === 0) {
    remarks.push(forget);
  }
  return [
    `What a destroy of ${stackName} keeps, and the configuration with which a later pulumi up adopts it (${when}):`,
    ...lines,
    ...remarks,
    ...before,
  ].join("\n");
}

/** The text to print, and the exit code. */
export async function kept(...args: Parameters<typeof learn>): Promise<{ text: string; exitCode: number }> {
  try {
    return { text: told(await learn(...args)), exitCode: 0 };
  } catch (error) {
    if (error instanceof FileError || error instanceof AwsError)
      return { text: `error: ${error.message}`, exitCode: 1 };
    throw error;
  }
}

if (require.main === module) {
  new Command("npm run kept --")
    .description("Says what a destroy of a stack keeps, or has kept, and the configuration that adopts it.")
    .option("--stack <name>", "the environment: any NAME with a Pulumi.NAME.yaml", "dev")
    .action(async ({ stack }: { stack: string }) => {
      const { text, exitCode } = await kept(CHECKOUT, stack);
      (exitCode === 0 ? console.log : console.error)(text);
      process.exitCode = exitCode;
    })
    .parse();
}
