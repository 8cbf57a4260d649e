import assert from "node:assert/strict";
import { corednsTools, nodeTools } from "../../local/tools/nodeTools";
import { ensure } from "../../local/tools/ensure";
import { mochaGlobalSetup as engineSetup } from "../engine/setup";
import { LiveStack } from "./support/liveStack";
import { removeLeftovers } from "./support/node";
import { thisMachine } from "./support/machine";
import { NOT_RUN, whyNotOn } from "./support/requirements";
import { traces } from "./support/traces";

/** Ends at once where no node can be run, and says why: that is neither a pass nor a failure. */
export async function mochaGlobalSetup(): Promise<void> {
  const why = whyNotOn(thisMachine());
  if (why.length > 0) {
    console.log(["Not run: real pods need a real node.", ...why].join("\n- ").replaceAll(/\n(?!- )/g, "\n  "));
    process.exit(NOT_RUN);
  }
  await engineSetup();
  await ensure(nodeTools(), corednsTools());
}

let shared: LiveStack | undefined;
let before: ReturnType<typeof traces> | undefined;

/** The stack that all specs look at. */
export function live(): LiveStack {
  if (!shared) throw new Error("the stack is there while tests run");
  return shared;
}

/** Ends the run: mocha would leave the stack's processes and its node's network behind. */
function end(why: string, exitCode: number): void {
  console.error(`\n${why}\nThe node and the control plane are taken down.`);
  void shared?.stop().finally(() => process.exit(exitCode));
}

function endWithSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => end(signal, 130));
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout("15m");
    await removeLeftovers();
    before = traces();
    // No test would say what has happened: each waits for what doesn't come any more.
    shared = new LiveStack((why) => end(why, 1));
    endWithSignals();
    await shared.start();
    await shared.deploy();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout("5m");
    await shared?.stop();
    assert.deepEqual(traces(), before, "the machine isn't as it was");
  },
};
