import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { aws } from "./awsQuestions";
import { fromUser } from "./fromUser";
import { printableLines } from "../changes/values";
import { countingInterruptions } from "../local/cli/terminal";
import { checkDeployed, kubeconfigOf } from "../local/stack/controlPlane";
import { maskedOutputs } from "../local/stack/outputs";
import { ClusterError } from "../verify/cluster";
import { Display } from "../verify/display";
import { KubernetesCluster } from "../verify/kubernetesCluster";
import { type Outputs, OutputsError, readOutputs } from "../verify/outputs";
import { headAsText, reportAsJson, sumAsText } from "../verify/report";
import { ExitCode, exitCodeOf } from "../verify/result";
import { runSteps } from "../verify/run";

const CHECKOUT = path.dirname(__dirname);

interface Options {
  stack: string;
  local?: true;
  outputs?: string;
  kubeconfig?: string;
  disruptive?: true;
  otherVolumes?: true;
  json?: true;
  timeout: number;
}

/** The stack's outputs as the Pulumi CLI prints them, the kubeconfig too. */
const outputsOfStack = (stack: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive", "--stack", stack];
    const options = { cwd: CHECKOUT, timeout: 60_000, maxBuffer: 16 * 1024 * 1024 };
    execFile("pulumi", args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === "ENOENT") {
        reject(
          new OutputsError(
            "The stack's outputs are read by the Pulumi CLI, and there is no command pulumi: install it, or give --outputs.",
          ),
        );
      } else reject(new OutputsError(`pulumi stack output of ${stack} failed: ${stderr.trim() || error.message}`));
    });
  });

/** @throws OutputsError for a file that can't be read. */
function read(option: string, file: string): string {
  try {
    return fs.readFileSync(fromUser(file), "utf8");
  } catch (error) {
    throw new OutputsError(`${option} ${file} can't be read: ${(error as Error).message}`);
  }
}

/** What is known of a stack: its outputs, and how its cluster is reached. */
async function known({
  stack,
  local,
  outputs: file,
  kubeconfig,
}: Options): Promise<{ outputs: Outputs; access: string }> {
  const cloud = path.join(CHECKOUT, ".local", stack);
  let outputs: Outputs;
  if (file !== undefined) outputs = readOutputs(read("--outputs", file), file);
  else if (local) {
    checkDeployed(cloud);
    const entries = Object.entries(maskedOutputs({ checkout: CHECKOUT, stack, cloud }));
    outputs = readOutputs(
      JSON.stringify(Object.fromEntries(entries.map(([name, { value }]) => [name, value as unknown]))),
      stack,
    );
  } else outputs = readOutputs(await outputsOfStack(stack), stack);
  const given = kubeconfig ?? (local ? kubeconfigOf(cloud) : undefined);
  const access = given === undefined ? outputs.kubeconfig : read("--kubeconfig", given);
  if (access === undefined) {
    throw new OutputsError(
      `${file ?? stack} hides the kubeconfig: give one with --kubeconfig, or the outputs with --show-secrets.`,
    );
  }
  return { outputs, access };
}

/** Verifies, and prints the report. @returns the exit code. */
async function verify(options: Options, interruption: AbortController): Promise<number> {
  const began = Date.now();
  const { outputs, access } = await known(options);
  const cluster = new KubernetesCluster(access);
  // Where it can't be reached, or doesn't know who asks, that is all there is to say.
  await cluster.may({ verb: "list", resource: "pods" });
  const runId = randomBytes(4).toString("hex");
  const about = {
    stack: options.outputs ?? options.stack,
    cluster: outputs.clusterName,
    server: cluster.server,
    runId,
  };
  const write = options.json ? console.error : console.log;
  write(headAsText(about));
  const display = new Display(write);
  interruption.signal.addEventListener("abort", () =>
    display.say("Stopping: what this run has made is removed. Ctrl-C again: at once, and it stays."),
  );
  try {
    const context = {
      // EKS's CoreDNS keeps what it has heard for 30 s.
      dnsPatience: 60,
      cluster,
      outputs,
      aws,
      runId,
      patience: options.timeout,
      grace: Math.min(options.timeout, 30),
      interval: 1000,
      isDisruptive: options.disruptive ?? false,
      isSimulated: options.local ?? false,
      hasOtherVolumes: options.otherVolumes ?? false,
    };
    const results = await runSteps(context, interruption.signal, display);
    const report = { ...about, milliseconds: Date.now() - began, results };
    display.end();
    write(sumAsText(report));
    if (options.json) console.log(reportAsJson(report));
    return exitCodeOf(results);
  } finally {
    display.end();
  }
}

/** The first interruption ends the run in order, the second one at once. */
function interruptible(): AbortController {
  const controller = new AbortController();
  const stop = countingInterruptions((count) => (count === 1 ? controller.abort() : process.exit(ExitCode.NotRun)));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  return controller;
}

function seconds(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number of seconds.");
  return number;
}

if (require.main === module) {
  const command = new Command("npm run verify --")
    .description(
      "Proves on the running cluster that a stack's storage does what it is for: claims and drivers; files that all pods share, " +
        "and that outlive them; with --disruptive a database that outlives its pod. What it makes, it removes again.",
    )
    .option("--stack <name>", "the stack: NAME of Pulumi.NAME.yaml", "dev")
    .option("--local", "the stack on the local cloud, in whose simulated pods nothing runs")
    .option("--outputs <file>", "the outputs from a file of pulumi stack output --json, in place of the stack's")
    .option("--kubeconfig <file>", "how to reach the cluster, in place of the outputs' kubeconfig")
    .option("--disruptive", "also restart the database, and make pods and disks that are to be refused")
    .option("--other-volumes", "other volumes stand behind the claims: their drivers and handles aren't looked at")
    .option("--timeout <seconds>", "how long a pod may take to come back", seconds, 300)
    .option("--json", "the report as JSON; what is shown as it goes is on stderr")
    .addHelpText(
      "after",
      `
Always: it deletes two pods of assets, one after the other, as a node's drain
does.
Exit codes: 0 passed, 1 a check failed, 2 a check couldn't be run, or the run
was interrupted.`,
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? ExitCode.Passed : ExitCode.NotRun))
    .action(async (options: Options) => {
      process.exitCode = await verify(options, interruptible());
    });
  command.parseAsync().then(
    // Connections to the cluster may be open.
    () => process.exit(),
    (error: Error) => {
      const isExpected = error instanceof OutputsError || error instanceof ClusterError || error.name === "UserError";
      console.error(`error: ${isExpected ? printableLines(error.message) : error.stack}`);
      process.exit(ExitCode.NotRun);
    },
  );
}
