import * as fs from "node:fs";
import * as path from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Stack } from "@pulumi/pulumi/automation";
import { nodejsHost } from "../local/stack/otherProject";
import { writeHostShim } from "../local/stack/shims";

// A process that works on one stack of one copy through the Automation API, as long as its parent asks: the copy's own local
// cloud, loaded once. Started as `session.ts DIRECTORY STACK CLOUD`.

/** What a session is asked: an operation of the engine, or what a command line needs to work on the same cloud. */
export interface Question {
  does: "start" | "preview" | "up" | "environment";
  /** Whether the smallest program with the same providers is run in place of the copy's own. */
  minimal?: boolean;
  /** Whether the policy pack checks it. */
  policy?: boolean;
}

/** How long the operation took, and what a command line finds in its environment. */
export interface Answer {
  seconds?: number;
  /** How many resources it came to. */
  resources?: number;
  environment?: NodeJS.ProcessEnv;
  error?: string;
}

const [directory = "", name = "", cloud = ""] = process.argv.slice(2);
const from = <Module>(file: string) => require(path.join(directory, file)) as Module;
const { LocalStack } = from<typeof import("../tests/engine/localStack")>("tests/engine/localStack");
const { programOf } = from<typeof import("../local/stack/program")>("local/stack/program");
const { ensure } = from<typeof import("../local/tools/ensure")>("local/tools/ensure");
const tools = from<typeof import("../local/tools/toolSets")>("local/tools/toolSets");

const stack = new LocalStack(name, cloud);
// As commands save, and the real engine: each step, and what was before, whatever the specs leave out.
stack.environment = { PULUMI_SKIP_CHECKPOINTS: "false", PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "false" };
const minimal: PulumiFn = programOf(path.join(directory, "bench", "minimal"));

/** The operation itself, without what opens the stack before it. */
let seconds = 0;
for (const operation of ["preview", "up"] as const) {
  const { [operation]: run } = Stack.prototype as unknown as Record<string, (options: unknown) => Promise<unknown>>;
  Object.assign(Stack.prototype, {
    async [operation](this: Stack, options: unknown) {
      const started = performance.now();
      const result = await run!.call(this, options);
      seconds = (performance.now() - started) / 1000;
      return result;
    },
  });
}

async function answer(question: Question): Promise<Answer> {
  stack.program = question.minimal ? minimal : undefined;
  stack.isChecked = question.policy ?? false;
  switch (question.does) {
    case "start": {
      // A preview of what was never deployed needs no control plane, which LocalStack.start() would start.
      const [engine] = await ensure(tools.engineTools());
      Object.assign(stack, { engine });
      return {};
    }
    case "environment": {
      const own = path.join(cloud, "host");
      fs.mkdirSync(own, { recursive: true });
      writeHostShim(own, await nodejsHost(directory));
      const paths = [own, process.env.PATH];
      return { environment: { ...process.env, PATH: paths.join(path.delimiter) } };
    }
    default: {
      const steps = await stack[question.does]();
      return { seconds, resources: Object.keys(steps).length };
    }
  }
}

process.on("message", (question: Question) => {
  answer(question).then(
    (it) => process.send!(it),
    (error: Error) => process.send!({ error: error.stack } satisfies Answer),
  );
});
process.on("disconnect", () => process.exit());
// The parent hears it as well, and says what happens then.
process.on("SIGINT", () => {});
