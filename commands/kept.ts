import { execFile } from "node:child_process";
import * as path from "node:path";
import { Command } from "commander";
import { recordParameterOf, type RetentionRecord } from "../components/retention/retentionRecord";
import { clusterApi } from "../components/clusterApi/clusterApi";
import { type ClaimedDisk, claimedDisk } from "../components/retention/claimedDisk";
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
  /** What the cluster says of the claim's disk now; `undefined` where it can't be asked, `null` where it has none. */
  disk: ClaimedDisk | null | undefined;
  /** What AWS says, by configuration key. */
  findings: Record<string, Finding | undefined>;
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
  const disk = await diskNow(record, stack, kubeconfig);
  const findings: Record<string, Finding | undefined> = {};
  for (const [key, value] of Object.entries(settingsOf(record, disk ?? record.disk))) {
    const isElsewhere = key.startsWith("adoptReplica");
    findings[key] = await ask(ofAws, isElsewhere ? setting("efsReplicaRegion") : region, key, value);
  }
  const { LastModifiedDate: at } = parameter;
  const recorded = typeof at === "number" ? new Date(at * 1000).toISOString() : (at ?? "its last deployment");
  return { stackName, record, recorded, disk, findings };
}

async function diskNow(
  { retention, claim }: RetentionRecord,
  stack: string,
  kubeconfigOf: KubeconfigOf,
): Promise<ClaimedDisk | null | undefined> {
  const kubeconfig = retention === "delete" ? undefined : await kubeconfigOf(stack);
  if (!kubeconfig) return undefined;
  try {
    return (await claimedDisk(clusterApi(kubeconfig), claim)) ?? null;
  } catch {
    return undefined; // the record says what it knew, and when
  }
}

/** As the notice prints it at the destroy: the same keys. */
function settingsOf({ configuration, claim }: RetentionRecord, disk: ClaimedDisk | null): Record<string, string> {
  return disk ? { ...configuration, [claim.volumeKey]: disk.volumeId, [claim.zoneKey]: disk.zone } : configuration;
}

/** What a person reads; its lines can be pasted into a shell. */
export function told({ stackName, record, recorded, disk, findings }: Knowledge): string {
  const { retention, claim } = record;
  const when = `as recorded ${recorded}`;
  if (retention === "delete") {
    return `A destroy of ${stackName} keeps nothing: its retention is delete (${when}).`;
  }
  const known = disk ?? record.disk;
  const settings = settingsOf(record, known);
  const isGone = (key: string) => findings[key === claim.zoneKey ? claim.volumeKey : key]?.is === "gone";
  const lines = Object.entries(settings).map(([key, value]) => {
    const finding = findings[key];
    if (isGone(key)) return `  # ${key}: ${value} is gone`;
    const doubt = finding && "why" in finding ? finding : undefined;
    const remark = doubt ? `    # ${doubt.is}: ${doubt.why.replace(/\s*\n\s*/g, " ")}` : "";
    return `  pulumi config set ${key} ${value}${remark}`;
  });
  const remarks: string[] = [];
  if (!known) {
    remarks.push(
      `The database's disk isn't known. It has the tag kubernetes.io/created-for/pvc/name=${claim.name}; give its id and ` +
        `zone as ${claim.volumeKey} and ${claim.zoneKey}.`,
    );
  } else if (!isGone(claim.volumeKey) && known.reclaimPolicy !== "Retain") {
    const source = disk ? "" : ` when the stack was last deployed`;
    remarks.push(
      `The disk ${known.volumeId} goes with a destroy: its volume had the policy ${known.reclaimPolicy}${source}. To keep it: ` +
        `kubectl patch pv ${known.volumeName} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    );
  }
  if (Object.keys(settings).every(isGone)) {
    remarks.push(
      `Nothing of it is left. To forget it: aws ssm delete-parameter --name ${recordParameterOf(stackName)}`,
    );
  }
  return [
    `What a destroy of ${stackName} keeps, and the configuration with which a later pulumi up adopts it (${when}):`,
    ...lines,
    ...remarks,
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
