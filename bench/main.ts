import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Command } from "commander";
import { progress } from "../local/cli/terminal";
import { ensure } from "../local/tools/ensure";
import { controlPlaneTools, engineTools, nodejsHostTools } from "../local/tools/toolSets";
import { type Copy, copyNow, copyRevision } from "./copies";
import { figures } from "./figures";
import { type Group, groups } from "./groups";
import { load, machine } from "./machine";
import { endAllIn, endMeasured } from "./processes";
import { legend, type Result, resultOf, type Samples, table } from "./report";

const RESULTS = path.join(__dirname, "results.json");

interface Options {
  base?: string;
  only?: string[];
  samples: number;
}

type Measured = Record<string, { command: string; samples: Samples }>;

/** Measures a group's subjects in turn, each on both sides, so that whatever else the machine does meets all alike. */
async function measureGroup(name: string, group: Group, copies: Copy[], samples: number): Promise<Measured> {
  const measured: Measured = Object.fromEntries(
    Object.entries(group.subjects).map(([subject, { command }]) => [subject, { command, samples: {} }]),
  );
  try {
    await progress(`${name}: prepares`, async () => group.prepare?.(copies));
    await progress(`${name}: measures`, async (note) => {
      // The first round fills caches, and doesn't count.
      for (let round = 0; round <= samples; round += 1) {
        for (const [subject, { isShared, before, run }] of Object.entries(group.subjects)) {
          for (const copy of isShared ? copies.slice(-1) : copies) {
            note(`${round} of ${samples}, ${subject} ${copy.side}`);
            before?.(copy);
            const sample = await run(copy);
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

async function bench({ base, only, samples }: Options, root: string): Promise<void> {
  const started = Date.now();
  await ensure(engineTools(), controlPlaneTools(), nodejsHostTools());
  const copies = [...(base === undefined ? [] : [copyRevision(root, base)]), copyNow(root)];
  const revisions = Object.fromEntries(copies.map(({ side, revision }) => [side, revision]));
  const about = { date: new Date().toISOString(), ...revisions, machine: machine(), loadAtStart: load(), samples };
  const results: Result[] = [];
  for (const [name, group] of Object.entries(groups)) {
    if (only && !only.includes(name)) continue;
    const measured = await measureGroup(name, group, copies, samples);
    const own = figures.filter((figure) => figure.group === name).flatMap((it) => resultOf(it, measured) ?? []);
    results.push(...own);
  }
  const minutes = Math.round((Date.now() - started) / 6000) / 10;
  const { processor, cores, memoryInGigabytes, system, node, engine } = about.machine;
  console.log(`${cores} x ${processor}, ${memoryInGigabytes} GB, ${system}`);
  console.log(`Node ${node}, Pulumi ${engine}, medians of ${samples}, in ${minutes} min; load at the start ${about.loadAtStart}`);
  console.log(`\n${table(results)}\n\n${legend(results)}`);
  if (!only) fs.writeFileSync(RESULTS, `${JSON.stringify({ ...about, minutes, results }, null, 2)}\n`);
}

const numberOf = (text: string) => Number.parseInt(text, 10);

new Command("npm run bench --")
  .description("Measures how long things take, each beside what it is compared with. Writes bench/results.json.")
  .option("--base <revision>", "measure this revision, too, in alternation")
  .option("--only <name...>", `only some: ${Object.keys(groups).join(", ")}; nothing is written`)
  .option("--samples <number>", "how often each is measured", numberOf, 5)
  .action(async (options: Options) => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-bench-"));
    const end = () => {
      endMeasured();
      endAllIn(root);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        end();
        process.exit(130);
      });
    }
    try {
      await bench(options, root);
    } finally {
      end();
    }
    process.exit();
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exit(1);
  });
