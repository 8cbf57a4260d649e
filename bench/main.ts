import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { duration, progress } from "../local/cli/terminal";
import { ensure } from "../local/tools/ensure";
import { nodejsHostTools } from "../local/tools/languageTools";
import { controlPlaneTools, engineTools } from "../local/tools/toolSets";
import { type Copy, copyNow, copyRevision } from "./copies";
import { figures, groups } from "./figures";
import type { Group } from "./group";
import { machine } from "./machine";
import { endAllIn, endMeasured } from "./processes";
import { lacking, legend, type Measured, resultOf, table } from "./report";

const RESULTS = path.join(__dirname, "results.json");

interface Options {
  base?: string;
  only: string[];
  samples: number;
}

/** Measures a group's subjects in turn, each on both sides, so that whatever else the machine does meets all alike. */
async function measureGroup(name: string, group: Group, copies: Copy[], samples: number) {
  const measured: Record<string, Measured> = Object.fromEntries(
    Object.entries(group.subjects).map(([subject, { command }]) => [subject, { command, samples: {} }]),
  );
  try {
    const missing = (await progress(`${name}: preparing`, async () => group.prepare?.(copies))) ?? {};
    const possible = Object.entries(group.subjects).filter(([subject]) => !(subject in missing));
    for (const [subject, why] of Object.entries(missing)) console.error(`${subject} can't be measured: ${why}`);
    await progress(`${name}: measuring`, async (note) => {
      // The first round fills caches, and doesn't count.
      for (let round = 0; round <= samples; round += 1) {
        const inTurn = round % 2 === 0 ? copies : [...copies].reverse();
        for (const [subject, it] of possible) {
          for (const copy of it.isShared ? copies.slice(-1) : inTurn) {
            note(`round ${round} of ${samples}, ${subject}, ${copy.side}`);
            const sample = await it.run(copy);
            if (round > 0) (measured[subject]!.samples[copy.side] ??= []).push(sample);
          }
        }
      }
    });
  } finally {
    group.end?.();
  }
  return measured;
}

/** Measures, prints the table, and writes the results where all was measured. */
async function bench({ base, only, samples }: Options, root: string): Promise<void> {
  await ensure(engineTools(), controlPlaneTools(), nodejsHostTools());
  const started = Date.now();
  const copies = [...(base === undefined ? [] : [copyRevision(root, base)]), copyNow(root)];
  const revisions = Object.fromEntries(copies.map(({ side, revision }) => [side, revision]));
  const about = { date: new Date(started).toISOString(), ...revisions, samples, machine: machine() };
  const measured: Record<string, Record<string, Measured>> = {};
  for (const [name, group] of Object.entries(groups)) {
    if (only.length === 0 || only.includes(name)) measured[name] = await measureGroup(name, group, copies, samples);
  }
  const results = figures.flatMap((figure) => {
    const subjects = measured[figure.group];
    return (subjects && resultOf(figure, subjects)) ?? [];
  });
  const took = Date.now() - started;
  const { processor, cores, memoryInGigabytes, system, node, engine, load } = about.machine;
  console.log(
    [
      `${cores} x ${processor}, ${memoryInGigabytes} GB, load ${load} at the start`,
      `${system}, Node ${node}, Pulumi ${engine}`,
      `${copies.map(({ side, revision }) => `${side}: ${revision}`).join(", ")}`,
      `Medians of ${samples}, in ${duration(took)}.`,
      `\n${table(results)}`,
      `\n${legend(Object.assign({}, ...Object.values(measured)) as Record<string, Measured>)}`,
    ].join("\n"),
  );
  if (only.length > 0) return;
  const missing = lacking(figures, results);
  if (missing.length > 0) {
    throw new Error(`bench/results.json stays as it is. Without what they are compared with: ${missing.join(", ")}`);
  }
  const all = { ...about, tookInSeconds: Math.round(took / 1000), results };
  // Numbers of a list on one line, as prettier has them.
  const text = JSON.stringify(all, null, 2).replace(/\[\s+[\d.,\s]+\]/g, (list) =>
    list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  fs.writeFileSync(RESULTS, `${text}\n`);
}

function number(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("It must be a number from 1 to 99.");
  return Number(text);
}

function names(name: string, all: string[]): string[] {
  if (!(name in groups)) throw new InvalidArgumentError(`There are: ${Object.keys(groups).join(", ")}.`);
  return [...all, name];
}

new Command("npm run bench --")
  .description("How long things take, each beside what it is compared with. Writes bench/results.json.")
  .option("--base <revision>", "measure that revision, too, in turn with the checkout")
  .option("--only <name...>", `of ${Object.keys(groups).join(", ")}; nothing is written`, names, [])
  .option("--samples <number>", "how often each is measured", number, 5)
  .action(async (options: Options) => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-bench-"));
    const end = () => {
      endMeasured();
      endAllIn(root);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        end();
        console.error("\nInterrupted: nothing is left, and nothing is written.");
        process.exit(130);
      });
    }
    await bench(options, root).finally(end);
  })
  .parseAsync()
  .then(
    () => process.exit(),
    (error: Error) => {
      console.error(`error: ${error.message}`);
      process.exit(1);
    },
  );
