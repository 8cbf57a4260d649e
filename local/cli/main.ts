import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { Command, Option } from "commander";
import { kubeconfigOf, reachable, startControlPlane } from "../stack/controlPlane";
import type { Local } from "../stack/local";
import { ensure } from "../tools/ensure";
import { checkPlatform } from "../tools/platform";
import { controlPlaneTools, kubernetesPluginTools, type Tools } from "../tools/toolSets";
import type { DestroyOptions } from "./destroy";
import { doctor } from "./doctor";
import { inventory, inventoryText } from "./inventory";
import type { StackOptions } from "./operation";
import { outputs, type OutputsOptions } from "./outputs";
import { interruption, lockedStack } from "./terminal";
import { CHECKOUT, checkLocal, leavingStack, localStack, type Which } from "./which";

/** Starts what doesn't run of a stack's control plane. */
async function startDeployed(local: Local): Promise<Tools> {
  checkLocal(local);
  const { cloud } = local;
  const [tools] = await ensure(controlPlaneTools());
  if (await reachable(cloud)) return tools;
  // A command that works on the stack starts what has ended by itself.
  await lockedStack(local, async () => {
    if (!(await reachable(cloud))) await startControlPlane(cloud, tools);
  });
  return tools;
}

/**
 * An action on a stack. The engine's SDK is loaded when it is needed, once it is known which stack is meant: it takes a second,
 * for which kubectl, doctor and refusals need not wait.
 */
const onStack =
  <T extends Which>(
    work: (commands: typeof import("./commands"), local: Local, options: T) => Promise<void>,
    named = localStack,
  ) =>
  (options: T) => {
    const local = named(options);
    return work(require("./commands") as typeof import("./commands"), local, options);
  };

const program = new Command("npm run local --")
  .description("This machine as the cloud: the real engine, a real Kubernetes control plane, no AWS account.")
  .enablePositionalOptions()
  .hook("preAction", () => checkPlatform());

const stackCommand = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option("--stack <name>", "the environment: any NAME with a Pulumi.NAME.yaml", "dev")
    .option("--project <folder>", "any other Pulumi program: the folder of its Pulumi.yaml")
    .option("--beside <environment or folder>", "with --project: in the local cloud of that one, not in one of its own")
    .option("--verbose", "show an error's full trace");

const programCommand = (name: string, description: string) =>
  stackCommand(name, description).addOption(
    new Option(
      "--config <key=value>",
      "configuration beside that of Pulumi.NAME.yaml, for up and preview, repeatable; refresh and destroy go by the last up's",
    )
      .argParser((value: string, all: string[]) => [...all, value])
      .default([], "none"),
  );

const POLICY = ["--policy", "check it by the policy pack, at the environment's levels"] as const;
programCommand("up", "deploy")
  .option(...POLICY)
  .action(onStack<Which & StackOptions>(({ up }, ...stack) => up(...stack)));
programCommand("preview", "show what up would do")
  .option(...POLICY)
  .action(onStack<Which & StackOptions>(({ preview }, ...stack) => preview(...stack)));
programCommand("refresh", "take what is really there into the state").action(
  onStack<Which & StackOptions>(({ refresh }, ...stack) => refresh(...stack)),
);
programCommand("destroy", "remove the stack and its local cloud; a guest, the stack alone")
  .option("--forget-retained", "also what outlives the stack by its configuration")
  .option("--with-guests", "also its guests: the cloud goes as a whole, whatever their programs keep")
  .action(onStack<Which & DestroyOptions>(({ destroy }, ...stack) => destroy(...stack), leavingStack));
stackCommand("outputs", "print the outputs, without secrets")
  .option("--json", "as JSON")
  .option("--as-config", "as configuration: the Pulumi.NAME.yaml of a program that builds on them")
  .action((options: Which & OutputsOptions) => outputs(localStack(options), options));

program
  .command("kubernetes-plugin")
  .description("download or build Pulumi's own Kubernetes plugin, once, and print its directory, to be put on PATH")
  .action(async () => {
    const [{ paths }] = await ensure(kubernetesPluginTools());
    console.log(path.dirname(paths["pulumi-resource-kubernetes"]!));
  });

stackCommand("inventory", "what exists in the local AWS and Kubernetes, whatever Pulumi's state says")
  .option("--json", "as JSON")
  .action(async ({ json, ...which }: Which & { json: boolean }) => {
    const local = localStack(which);
    await startDeployed(local);
    const found = await inventory(local.cloud);
    console.log(json ? JSON.stringify(found, null, 2) : inventoryText(found));
  });

stackCommand("kubectl", "kubectl on a stack's control plane: kubectl [--stack NAME] get pvc -A")
  .argument("[args...]")
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args: string[], options: Which) => {
    const local = localStack(options);
    const { cloud } = local;
    const tools = await startDeployed(local);
    const env = { ...process.env, KUBECONFIG: kubeconfigOf(cloud), KUBECACHEDIR: path.join(cloud, "kubectl") };
    process.exitCode = spawnSync(tools.paths.kubectl!, args, { env, stdio: "inherit" }).status ?? 1;
  });

program
  .command("doctor")
  .description("which tools and plugins are used, from where, and what runs")
  .action(() => doctor(CHECKOUT));

// The engine is stopped in order; whatever else is under way can end at once: the next command repeats it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (interruption.stop) return interruption.stop();
    console.error("\nInterrupted. The same command goes on from here.");
    process.exit(130);
  });
}

// The reader may close the pipe: | head.
process.stdout.on("error", () => process.exit());

program.parseAsync().then(
  // The engine's SDK keeps handles open: the command is over when its work is.
  () => process.exit(),
  (error: Error & { exitCode?: number }) => {
    if (process.argv.includes("--verbose")) console.error(error);
    else if (error.exitCode === undefined) console.error(`error: ${error.message}`);
    process.exit(error.exitCode ?? 1);
  },
);
