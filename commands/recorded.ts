import type { Command } from "commander";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { Recording, type Told } from "../changes/events";
import { Display } from "../local/cli/display";
import { withEngine, withStack } from "../local/cli/operation";
import { interruption } from "../local/cli/terminal";
import { withoutResults } from "../local/stack/engine";
import type { Local } from "../local/stack/local";

/** What the engine is told of an operation that writes nothing. */
interface Options {
  onEvent: (event: EngineEvent) => void;
  onError: (text: string) => void;
  color: "never";
}
type Operation = (stack: Stack, options: Options) => Promise<unknown>;

/** Where a stack is. */
export interface Where {
  checkout: string;
  stack: string;
  /** On which local cloud. Default: where the Pulumi CLI is signed in to. */
  local?: Local;
  /** Whether what is shown goes to stderr: the command's output is something else. */
  isAside?: boolean;
  /** Whether the operation needs the local cluster to run. Default: only where there is one. */
  needsCluster?: boolean;
}

/**
 * Runs an operation of the engine that writes nothing, shows it as it goes, and records what it tells. Where it fails, the recording
 * says why.
 */
export async function recorded(
  { checkout, stack, local, needsCluster, isAside }: Where,
  told: Told,
  operation: Operation,
) {
  const recording = new Recording(told);
  const display = new Display(isAside ? console.error : undefined);
  const hearing = (options: object): Options => {
    const onEvent = (event: EngineEvent) => {
      recording.add(event);
      display.event(event);
    };
    return { ...(options as Options), onEvent };
  };
  try {
    if (local) {
      await withStack(local, [], needsCluster ? "needed" : "if there", false, (opened) =>
        withEngine(local, (options) => operation(withoutResults(opened), hearing(options)), display),
      );
    } else {
      const opened = await LocalWorkspace.selectStack({ stackName: stack, workDir: checkout });
      await operation(opened, hearing({ onError: display.complaint, color: "never" }));
    }
  } catch (error) {
    // What the engine said is recorded. That a policy refuses is no fault of the operation.
    const isRefused = recording.policies.some(({ level }) => level === "mandatory");
    if (recording.errors.length === 0 && !isRefused) recording.fail((error as Error).message);
  } finally {
    display.end();
  }
  return recording;
}

/**
 * Runs a command to its end, by its own exit code. An interruption stops the engine in order; whatever else is under way ends at
 * once.
 *
 * @param failure the exit code of a wrong argument, and of an error.
 */
export function run(command: Command, failure: number): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => (interruption.stop ? interruption.stop() : process.exit(130)));
  }
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : failure));
  command.parseAsync().then(
    // The engine's SDK keeps handles open.
    () => process.exit(),
    (error: Error) => {
      console.error(`error: ${error.message}`);
      process.exit(failure);
    },
  );
}
