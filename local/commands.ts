import * as fs from "node:fs";
import * as path from "node:path";
import type { Deployment, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { hasControlPlane, startControlPlane, stopControlPlane } from "./control-plane";
import { openStack, stacksOf, type Local } from "./engine";
import { locked } from "./lock";
import { outputsJson, outputsTable } from "./outputs";
import { startAgent, stopAgent } from "./processes";
import { interactive, UserError } from "./terminal";
import { controlPlaneTools, engineTools, ensure, type Tools } from "./tools";

export interface StackOptions {
  stack: string;
  config: string[];
}

export function localStack(checkout: string, stack: string): Local {
  const known = stacksOf(checkout);
  if (!known.includes(stack)) {
    throw new UserError(
      `There is no environment ${stack}: no Pulumi.${stack}.yaml. There are: ${known.join(", ") || "none"}.`,
    );
  }
  return { checkout, stack, cloud: path.join(checkout, ".local", stack) };
}

/** The end of a command that names this stack: nothing for dev. */
export const stackFlag = (stack: string): string => (stack === "dev" ? "" : ` --stack ${stack}`);

const again = (command: string, stack: string, more = "") => {
  const flags = `${stackFlag(stack)}${more}`;
  return `npm run ${command}:local${flags && ` --${flags}`}`;
};

interface Session {
  stack: Stack;
  controlPlane: Tools;
}

/** One command on one stack: alone on it, with its tools, its control plane and agent running, and its engine free. */
function session<T>(
  local: Local,
  options: StackOptions,
  cloud: "needed" | "if there",
  work: (session: Session) => Promise<T>,
) {
  return locked(`${local.cloud}.lock`, `works on the local stack ${local.stack}`, 15, async () => {
    const [engine, controlPlane] = [await ensure(engineTools()), await ensure(controlPlaneTools())];
    if (cloud === "needed" || hasControlPlane(local.cloud)) {
      await startControlPlane(local.cloud, controlPlane);
      startAgent(local.cloud);
    }
    return work({ stack: await openStack(local, engine, options.config), controlPlane });
  });
}

/** Shows what the engine says as it comes, and cancels it in order when the person does. */
async function watched<T>(run: (options: object) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let cancelling = false;
  const show = (text: string) => {
    cancelling ||= text.includes("received; cancelling");
    process.stdout.write(text.replace(/^ ?@ (updating|previewing update|destroying|refreshing)\.+\n/gm, ""));
  };
  // A terminal's Ctrl-C reaches the engine too, and a second one would make it drop what it is doing: it is passed on
  // only to an engine that didn't hear it.
  const cancel = () => setTimeout(() => cancelling || controller.abort(), 500);
  const signals = ["SIGINT", "SIGTERM"] as const;
  let received = false;
  const listener = () => {
    if (!received) cancel();
    received = true;
  };
  signals.forEach((signal) => process.on(signal, listener));
  try {
    return await run({
      onOutput: show,
      onError: show,
      color: interactive() ? "always" : "never",
      signal: controller.signal,
      suppressOutputs: true,
    });
  } catch (error) {
    throw new EngineFailure(received ? 130 : 1, { cause: error });
  } finally {
    signals.forEach((signal) => process.off(signal, listener));
  }
}

/** The engine has said what is wrong: only the exit code is left to give. */
export class EngineFailure extends Error {
  constructor(
    readonly exitCode: number,
    options: ErrorOptions,
  ) {
    super("the engine's operation failed", options);
  }
}

export async function up(local: Local, options: StackOptions): Promise<void> {
  const outputs = await session(local, options, "needed", async ({ stack }) => {
    return (await watched((common) => stack.up(common))).outputs;
  });
  const { stack } = local;
  console.log(`\nOutputs of ${stack}:\n${outputsTable(outputs)}\n`);
  console.log("Next:");
  console.log(`  npm run local -- kubectl${stackFlag(stack)} get pvc -A    the claims, in the real API server`);
  console.log(`  ${again("preview", stack)}    what a change of yours would do`);
  console.log(`  ${again("destroy", stack)}    removes everything`);
}

export async function preview(local: Local, options: StackOptions): Promise<void> {
  await session(local, options, "if there", ({ stack }) => watched((common) => stack.preview(common)));
}

export async function refresh(local: Local, options: StackOptions): Promise<void> {
  deployed(local);
  await session(local, options, "needed", ({ stack }) => watched((common) => stack.refresh(common)));
}

export async function outputs(local: Local, options: { json: boolean }): Promise<void> {
  deployed(local);
  const found = await locked(`${local.cloud}.lock`, `works on the local stack ${local.stack}`, 15, async () => {
    const stack = await openStack(local, await ensure(engineTools()), []);
    return stack.outputs();
  });
  console.log(options.json ? outputsJson(found) : outputsTable(found));
}

/** @throws UserError when nothing of this stack was ever deployed here. */
export function deployed(local: Local): void {
  if (!hasControlPlane(local.cloud)) {
    throw new UserError(
      `The stack ${local.stack} isn't deployed on this machine. To deploy it: ${again("up", local.stack)}`,
    );
  }
}

interface StateResource {
  urn: string;
  type: string;
  protect?: boolean;
  retainOnDelete?: boolean;
}

const resourcesOf = (state: Deployment): StateResource[] =>
  ((state.deployment as { resources?: StateResource[] } | undefined)?.resources ?? []) as StateResource[];

const listed = (resources: StateResource[]) =>
  resources.map(({ urn, type }) => `  ${type}  ${urn.split("::").pop()}`).join("\n");

export interface DestroyOptions extends StackOptions {
  unprotect: boolean;
  forgetRetained: boolean;
}

export async function destroy(local: Local, options: DestroyOptions): Promise<void> {
  const { stack: name, cloud } = local;
  if (!fs.existsSync(cloud)) return console.log(`There is nothing of ${name} on this machine.`);
  await session(local, options, "needed", async ({ stack, controlPlane }) => {
    const state = await stack.exportStack();
    const kept = resourcesOf(state).filter((resource) => resource.retainOnDelete);
    const guarded = resourcesOf(state).filter((resource) => resource.protect);
    if (guarded.length > 0 && !options.unprotect) {
      throw new UserError(
        `${name} is protected: nothing was deleted. Protected are:\n${listed(guarded)}\n` +
          `To destroy it on purpose: ${again("destroy", name, " --unprotect")}\n` +
          "(on AWS: pulumi state unprotect --all, then pulumi destroy)",
      );
    }
    if (guarded.length > 0) {
      for (const resource of guarded) resource.protect = false;
      await stack.importStack(state);
    }
    if (resourcesOf(state).length > 0) await watched((common) => stack.destroy(common));
    await stopAgent(cloud);
    await stopControlPlane(cloud, controlPlane);
    const record = path.join(cloud, "retained");
    if (kept.length > 0) fs.writeFileSync(record, listed(kept));
    if (fs.existsSync(record) && !options.forgetRetained) {
      console.log(`\nThe stack is gone. By its configuration these outlive it, in the local cloud (now stopped):`);
      console.log(`${fs.readFileSync(record, "utf8")}\nTo deploy again: ${again("up", name)}`);
      console.log(`To forget them too: ${again("destroy", name, " --forget-retained")}`);
      return;
    }
    fs.rmSync(cloud, { recursive: true, force: true });
    console.log(`\nNothing of ${name} is left on this machine.`);
  });
  if (fs.existsSync(path.dirname(cloud)) && fs.readdirSync(path.dirname(cloud)).length === 0) {
    fs.rmdirSync(path.dirname(cloud));
  }
}

export type { OutputMap };
