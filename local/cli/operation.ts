import type { Stack } from "@pulumi/pulumi/automation";
import { parseConfig } from "../stack/configuration";
import { hasControlPlane, startControlPlane } from "../stack/controlPlane";
import { openStack } from "../stack/engine";
import type { Local } from "../stack/local";
import { adoptUnrecorded, runningEngines } from "../stack/recovery";
import { watched } from "../stack/watch";
import { ensure } from "../tools/ensure";
import { controlPlaneTools, engineTools } from "../tools/toolSets";
import { Display } from "./display";
import { missingKeysHint, withoutPulumisWay } from "./missingKeys";
import { countingInterruptions, interruption, lockedStack, progress } from "./terminal";

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

/**
 * Works on one stack while no other command does: its engine is free, and its control plane and agent run.
 *
 * @param cluster whether the work needs them. @param changes whether the work changes the stack.
 */
export function withStack<T>(
  local: Local,
  config: string[],
  cluster: "needed" | "if there",
  changes: boolean,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  parseConfig("", config); // a mistake is told before anything is built or started
  return lockedStack(local, async () => {
    const inUse = cluster === "needed" || hasControlPlane(local.cloud);
    const [engine, controlPlane] = await ensure(engineTools(), ...(inUse ? [controlPlaneTools()] : []));
    if (controlPlane) await startControlPlane(local.cloud, controlPlane);
    const stack = await progress("Opening the stack's state (usually 2 to 4 s)", () =>
      openStack(local, engine, config),
    );
    if (changes) await adoptUnrecorded(stack, local);
    return work(stack);
  });
}

/** Starts what has ended of a stack's control plane while its engine works, whose display shows how that goes on. */
const restart =
  ({ cloud }: Local) =>
  async () => {
    const [tools] = await ensure(controlPlaneTools());
    await startControlPlane(cloud, tools, (_, work) => work(() => {}));
  };

/** Runs an operation of the engine: shows it as it goes, and cancels it in order when the person interrupts. */
export async function withEngine<T>(
  local: Local,
  operation: (options: object) => Promise<T>,
  display = new Display(),
): Promise<T> {
  display.edited = withoutPulumisWay;
  const controller = new AbortController();
  let interruptions = 0;
  interruption.stop = countingInterruptions((count) => {
    interruptions = count;
    if (count === 1) console.error("\nStopping as soon as what is under way is done. Ctrl-C again: at once.");
    // Ctrl-C in a terminal reaches the engine too, and hearing it twice makes it drop everything: it is passed on only
    // to an engine that hasn't heard it.
    if (count === 1) setTimeout(() => display.cancelling || controller.abort(), 1000);
    else setTimeout(() => runningEngines(local.cloud).forEach((pid) => process.kill(pid, "SIGKILL")), 1000);
  });
  try {
    const { event: onEvent, complaint: onError } = display;
    const options = { onEvent, onError, color: "never", signal: controller.signal };
    return await watched(local.cloud, display.tell, restart(local), () => operation(options));
  } catch (error) {
    display.end();
    if (interruptions > 0)
      console.error("\nInterrupted. What was done is recorded; the same command goes on from there.");
    else if (!display.ended && !display.failed)
      console.error("\nThe engine was killed. What it recorded is kept; the same command goes on from there.");
    const hint = missingKeysHint(local, display.messages);
    if (hint) console.error(`\n${hint}`);
    throw new EngineFailure(interruptions > 0 ? 130 : 1, error);
  } finally {
    display.end();
    delete interruption.stop;
  }
}
