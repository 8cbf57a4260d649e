import assert from "node:assert/strict";
import { corednsTools, nodeTools } from "../../local/tools/nodeTools";
import { ensure } from "../../local/tools/ensure";
import { mochaGlobalSetup as engineSetup } from "../engine/setup";
import { endWithSignals } from "./support/endWithSignals";
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

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout("15m");
    await removeLeftovers();
    before = traces();
    // What ends while tests run is told at once: no test would say what has happened, as each waits for what doesn't come.
    const stack = new LiveStack((why) => end(why, 1));
    const end = endWithSignals(() => stack.stop());
    shared = stack;
    await shared.start();
    await shared.deploy();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout("5m");
    await shared?.stop();
    assert.deepEqual(traces(), before, "the machine isn't as it was");
  },
};
