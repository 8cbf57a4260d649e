import * as fs from "node:fs";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { deployed, hasControlPlane, removeControlPlane, startControlPlane } from "../stack/controlPlane";
import { Display } from "./display";
import { checkStack } from "./configuration";
import { openStack, parseConfig, policyPack, type Local } from "../stack/engine";
import { ensure } from "../tools/ensure";
import { outputsJson, outputsTable } from "./outputs";
import { stopAgent } from "../stack/agent";
import { removeCloud } from "../stack/processes";
import { enginesAtWork, takeUpUnfinished } from "../stack/recovery";
import { interruption, locked, progress, UserError } from "./terminal";
import { controlPlaneTools, engineTools } from "../tools/toolSets";

export interface StackOptions {
  config: string[];
  /** Whether the policy pack checks what is done, at the environment's levels. */
  policy?: boolean;
}

/** The engine has said what is wrong: only the exit code is left to give. */
export class EngineFailure extends Error {
  constructor(
    readonly exitCode: number,
    cause: unknown,
  ) {
    super("the engine's operation failed", { cause });
  }
}

const stackFlag = ({ stack }: Local) => (stack === "dev" ? "" : ` --stack ${stack}`);

/** A command to type, for this stack. */
function command(name: string, local: Local, more = ""): string {
  const flags = stackFlag(local) + more;
  return `npm run ${name}${flags && ` --${flags}`}`;
}

/** Work on one stack: alone on it, its engine free, its control plane and agent running where the work asks for them. */
function session<T>(
  local: Local,
  config: string[],
  cluster: "needed" | "if there" | "unused",
  changing: boolean,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  parseConfig("", config); // a mistake is told before anything is built or started
  return locked(`${local.cloud}.lock`, `works on the local ${local.stack}`, 15, async () => {
    const inUse = cluster === "needed" || (cluster === "if there" && hasControlPlane(local.cloud));
    const [engine, controlPlane] = await ensure(engineTools(), ...(inUse ? [controlPlaneTools()] : []));
    if (controlPlane) await startControlPlane(local.cloud, controlPlane);
    const stack = await progress("Opening the stack's state (usually 2 to 4 s)", () =>
      openStack(local, engine, config),
    );
    if (changing) await takeUpUnfinished(stack, local.cloud);
    return work(stack);
  });
}

/** Runs an operation of the engine: shows it as it goes, and cancels it in order when the person interrupts. */
async function shown<T>(
  { cloud }: Local,
  operation: (options: object) => Promise<T>,
  display = new Display(),
): Promise<T> {
  const controller = new AbortController();
  let interruptions = 0;
  interruption.stop = () => {
    interruptions += 1;
    if (interruptions === 1) console.error("\nStopping as soon as what is under way is done. Ctrl-C again: at once.");
    // Ctrl-C in a terminal reaches the engine too, and hearing it twice makes it drop everything: it is passed on only
    // to an engine that hasn't heard it.
    if (interruptions === 1) setTimeout(() => display.cancelling || controller.abort(), 1000);
    else setTimeout(() => enginesAtWork(cloud).forEach((pid) => process.kill(pid, "SIGKILL")), 1000);
  };
  try {
    const { event: onEvent, complaint: onError } = display;
    return await operation({ onEvent, onError, color: "never", signal: controller.signal });
  } catch (error) {
    display.end();
    if (interruptions > 0)
      console.error("\nInterrupted. What was done is recorded; the same command goes on from there.");
    else if (!display.ended && !display.failed)
      console.error("\nThe engine was killed. What it recorded is kept; the same command goes on from there.");
    throw new EngineFailure(interruptions > 0 ? 130 : 1, error);
  } finally {
    display.end();
    delete interruption.stop;
  }
}

export async function up(local: Local, options: StackOptions): Promise<void> {
  checkStack(local, options.config);
  const checked = options.policy ? policyPack(local) : {};
  const { outputs } = await session(local, options.config, "needed", true, (stack) =>
    shown(local, (common) => stack.up({ ...common, ...checked })),
  );
  const next = [
    [`npm run local -- kubectl${stackFlag(local)} get pvc -A`, "the claims, each Bound"],
    [command("outputs:local", local), "what is printed above"],
    [command("preview:local", local), "what a change would do"],
    [command("destroy:local", local), "takes all of it down"],
  ];
  const width = Math.max(...next.map(([what]) => what!.length)) + 2;
  const lines = next.map(([what, why]) => `  ${what!.padEnd(width)}# ${why}`);
  console.log(`\nOutputs of ${local.stack}:\n${outputsTable(outputs)}\n\nNext:\n${lines.join("\n")}`);
}

export async function preview(local: Local, options: StackOptions): Promise<void> {
  checkStack(local, options.config);
  const checked = options.policy ? policyPack(local) : {};
  await session(local, options.config, "if there", false, (stack) =>
    shown(local, (common) => stack.preview({ ...common, ...checked })),
  );
}

export async function refresh(local: Local, { config }: StackOptions): Promise<void> {
  deployed(local.cloud);
  await session(local, config, "needed", true, (stack) => shown(local, (options) => stack.refresh(options)));
}

export async function outputs(local: Local, { json }: { json: boolean }): Promise<void> {
  deployed(local.cloud);
  const found = await session(local, [], "unused", false, (stack) => stack.outputs());
  console.log(json ? outputsJson(found) : outputsTable(found));
}

/** How to deploy again with what a destroy has kept, out of what the program said about it. */
function takeUp(local: Local, said: string): string {
  const settings = [...said.matchAll(/pulumi config set (\S+) (\S+)/g)].map(
    ([, key, value]) => ` --config ${key}=${value}`,
  );
  return `Kept, by its retention, in ${local.cloud}. To deploy again with it:\n  ${command("up:local", local, settings.join(" \\\n   "))}`;
}

interface StateResource {
  urn: string;
  type: string;
  protect?: boolean;
  retainOnDelete?: boolean;
}

const listed = (resources: StateResource[]): string =>
  resources.map(({ urn, type }) => `  ${type} ${urn.split("::").pop()}`).join("\n");

export interface DestroyOptions extends StackOptions {
  forgetRetained: boolean;
}

export async function destroy(local: Local, options: DestroyOptions): Promise<void> {
  const { stack: name, cloud } = local;
  if (!fs.existsSync(cloud)) return console.log(`There is nothing of ${name} on this machine.`);
  await session(local, options.config, "if there", true, async (stack) => {
    const state = await stack.exportStack();
    const { resources = [] } = state.deployment as { resources?: StateResource[] };
    const guarded = resources.filter((resource) => resource.protect);
    if (guarded.length > 0) {
      const confirmed = name === "prod" ? " --config confirmDeleteInProd=prod" : "";
      const released = (retention: string) => command("up:local", local, ` --config retention=${retention}`);
      throw new UserError(
        `${name} is protected, and nothing was deleted. Protected are:\n${listed(guarded)}\n` +
          `To destroy it on purpose, release it first, then destroy it:\n` +
          `  ${released("release")}   (its data outlives it)\n  ${released(`delete${confirmed}`)}    (its data goes with it)`,
      );
    }
    const display = new Display();
    if (resources.length > 0) await shown(local, (common) => stack.destroy(common), display);
    await stopAgent(cloud);
    const record = path.join(cloud, "kept");
    if (resources.some((resource) => resource.retainOnDelete))
      fs.writeFileSync(record, takeUp(local, display.messages));
    // What outlives its stack stays in the local AWS; the cluster, and all that was in it, is gone.
    await removeControlPlane(cloud);
    if (fs.existsSync(record) && !options.forgetRetained) {
      console.log(`\n${fs.readFileSync(record, "utf8")}`);
      return console.log(`To forget it: ${command("destroy:local", local, " --forget-retained")}`);
    }
    await removeCloud(cloud);
    console.log(`\nNothing of ${name} is left on this machine.`);
  });
  const root = path.dirname(cloud);
  if (fs.readdirSync(root).length === 0) fs.rmdirSync(root);
}
