import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { Command } from "commander";
import type { DestroyOptions, StackOptions } from "./commands";
import { hasControlPlane, kubeconfigOf, reachable, startControlPlane } from "./control-plane";
import { doctor } from "./doctor";
import { UserError } from "./terminal";
import { controlPlaneTools, ensure } from "./tools";

const CHECKOUT = path.dirname(__dirname);

/** Loaded when needed: the engine's SDK takes a second, which kubectl and doctor need not wait for. */
const load = () => require("./commands") as typeof import("./commands");

const collect = (value: string, all: string[]) => [...all, value];

const program = new Command("npm run local --")
  .description("This machine as the cloud: the real engine and a real Kubernetes control plane, no AWS account.")
  .option("--verbose", "show an error's full trace")
  .enablePositionalOptions()
  .showHelpAfterError("(--help says what there is)");

/** A command on one stack; npm scripts give it as `npm run NAME:local`. */
function stackCommand(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--stack <name>", "the environment: dev, staging, prod, or any Pulumi.NAME.yaml", "dev")
    .option("--verbose", "show an error's full trace");
}

const config = (command: Command) =>
  command.option("--config <key=value>", "set configuration for this run (repeatable)", collect, []);

config(stackCommand("up", "deploy a stack on this machine")).action(async (options: StackOptions) => {
  const commands = load();
  await commands.up(commands.localStack(CHECKOUT, options.stack), options);
});

config(stackCommand("preview", "show what up would do")).action(async (options: StackOptions) => {
  const commands = load();
  await commands.preview(commands.localStack(CHECKOUT, options.stack), options);
});

config(stackCommand("refresh", "take what really is there into the state")).action(async (options: StackOptions) => {
  const commands = load();
  await commands.refresh(commands.localStack(CHECKOUT, options.stack), options);
});

config(stackCommand("destroy", "remove a stack and its local cloud"))
  .option("--unprotect", "also what is protected, on purpose", false)
  .option("--forget-retained", "also what outlives the stack by its configuration", false)
  .action(async (options: DestroyOptions) => {
    const commands = load();
    await commands.destroy(commands.localStack(CHECKOUT, options.stack), options);
  });

stackCommand("outputs", "print a stack's outputs; secrets stay hidden")
  .option("--json", "as JSON", false)
  .action(async (options: { stack: string; json: boolean }) => {
    const commands = load();
    await commands.outputs(commands.localStack(CHECKOUT, options.stack), options);
  });

stackCommand("kubectl", "kubectl on a stack's control plane: kubectl [--stack NAME] get pvc -A")
  .argument("[args...]")
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args: string[], options: { stack: string }) => {
    const cloud = path.join(CHECKOUT, ".local", options.stack);
    if (!hasControlPlane(cloud))
      throw new UserError(`The stack ${options.stack} isn't deployed here: npm run up:local`);
    const tools = await ensure(controlPlaneTools());
    if (!(await reachable(cloud))) await startControlPlane(cloud, tools);
    const env = { ...process.env, KUBECONFIG: kubeconfigOf(cloud) };
    process.exitCode = spawnSync(tools.paths.kubectl!, args, { env, stdio: "inherit" }).status ?? 1;
  });

program
  .command("doctor")
  .description("which tools and plugins are used, from where, and what runs")
  .action(() => doctor(CHECKOUT));

/** Shows an error the way its reader needs it, and answers the exit code. */
function report(error: unknown): number {
  const verbose = process.argv.includes("--verbose");
  const exitCode = (error as { exitCode?: number }).exitCode;
  if (verbose) console.error(error);
  else if (exitCode === undefined) console.error(`error: ${(error as Error).message}`);
  return exitCode ?? 1;
}

program.parseAsync().then(
  // The engine's SDK may keep handles open: the command is over when its work is.
  () => process.exit(),
  (error: unknown) => process.exit(report(error)),
);
