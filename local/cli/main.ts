import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import { checkDeployed, kubeconfigOf, reachable, startControlPlane } from "../stack/controlPlane";
import type { Local } from "../stack/engine";
import { ensure } from "../tools/ensure";
import { checkPlatform } from "../tools/platform";
import { controlPlaneTools, kubernetesPluginTools, type Tools } from "../tools/toolSets";
import { doctor } from "./doctor";
import { inventory, inventoryText } from "./inventory";
import { outputs } from "./outputs";
import { interruption, UserError } from "./terminal";

const CHECKOUT = path.join(__dirname, "..", "..");

interface Which {
  stack: string;
  project?: string;
}

/** @throws UserError when the checkout has no environment of that name, or the folder no project. */
function localStack({ stack, project }: Which): Local {
  // npm runs commands in the package's folder; people name folders from where they are.
  if (project !== undefined) return otherProject(stack, path.resolve(process.env.INIT_CWD ?? "", project));
  const known = fs.readdirSync(CHECKOUT).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  if (known.includes(stack)) return { checkout: CHECKOUT, stack, cloud: path.join(CHECKOUT, ".local", stack) };
  throw new UserError(
    `There is no environment ${stack} (Pulumi.${stack}.yaml). There are: ${known.join(", ") || "none"}.`,
  );
}

function otherProject(stack: string, checkout: string): Local {
  if (!fs.existsSync(path.join(checkout, "Pulumi.yaml")))
    throw new UserError(`${checkout} has no Pulumi.yaml: --project names the folder of a Pulumi program.`);
  if (!/^\w[\w.-]{0,99}$/.test(stack))
    throw new UserError(
      `A stack's name begins with a letter or digit, and has letters, digits, ., _ and - only, at most 100; it is ${stack}.`,
    );
  return { checkout, stack, cloud: path.join(checkout, ".local", stack), isOther: true };
}

/** Starts what doesn't run of a stack's control plane. */
async function startDeployed(cloud: string): Promise<Tools> {
  checkDeployed(cloud);
  const [tools] = await ensure(controlPlaneTools());
  if (!(await reachable(cloud))) await startControlPlane(cloud, tools);
  return tools;
}

/** Loaded when needed: the engine's SDK takes a second, which kubectl and doctor need not wait for. */
const commands = () => require("./commands") as typeof import("./commands");

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
    .option("--verbose", "show an error's full trace");

const programCommand = (name: string, description: string) =>
  stackCommand(name, description).option(
    "--config <key=value>",
    "configuration for up and preview, repeatable; refresh and destroy go by that of the last up",
    (value: string, all: string[]) => [...all, value],
    [],
  );

const POLICY = ["--policy", "check it by the policy pack, at the environment's levels"] as const;
programCommand("up", "deploy")
  .option(...POLICY)
  .action((options) => commands().up(localStack(options), options));
programCommand("preview", "show what up would do")
  .option(...POLICY)
  .action((options) => commands().preview(localStack(options), options));
programCommand("refresh", "take what is really there into the state").action((options) =>
  commands().refresh(localStack(options), options),
);
programCommand("destroy", "remove the stack and its local cloud")
  .option("--forget-retained", "also what outlives the stack by its configuration")
  .action((options) => commands().destroy(localStack(options), options));
stackCommand("outputs", "print the outputs, without secrets")
  .option("--json", "as JSON")
  .action((options) => outputs(localStack(options), options));

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
    const { cloud } = localStack(which);
    await startDeployed(cloud);
    const found = await inventory(cloud);
    console.log(json ? JSON.stringify(found, null, 2) : inventoryText(found));
  });

stackCommand("kubectl", "kubectl on a stack's control plane: kubectl [--stack NAME] get pvc -A")
  .argument("[args...]")
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args: string[], options: Which) => {
    const { cloud } = localStack(options);
    const tools = await startDeployed(cloud);
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
