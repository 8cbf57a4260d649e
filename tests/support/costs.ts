import * as path from "node:path";
import { modulesOf } from "./modules";
import { environments, runProgram } from "./program";
import { nodeArguments, programImports } from "./programStart";

const CHECKOUT = path.join(__dirname, "..", "..");

/** Packages whose modules are counted apart: what the program can't do without, and what it parses its settings by. */
const APART = /^(@pulumi\/.*|typescript|yaml|zod)$/;

/** What a preview's time depends on, one number a line: what a start loads, and what each environment has an engine do. */
export async function costFacts(): Promise<string[]> {
  const facts = moduleCounts().map((fact) => `a start: ${fact}`);
  // One after the other: to the SDK a process is one stack.
  for (const stack of environments) {
    for (const fact of await previewCosts(stack)) facts.push(`a preview of ${stack}: ${fact}`);
  }
  return facts;
}

/** Resources and their dependencies, as often as the engine is told of them, and what is looked up. */
async function previewCosts(stack: string): Promise<string[]> {
  const { registrations, invokes, error } = await runProgram(stack, { preview: true });
  if (error) throw error;
  const edges = registrations.flatMap(({ dependencies }) => dependencies);
  return [`resources = ${registrations.length}`, `dependencies = ${edges.length}`, ...counts(invokes, "invokes of")];
}

/** The modules that are loaded when the program is, by package; those of tsx are its own affair. */
function moduleCounts(): string[] {
  const { packages, ours } = modulesOf(programImports(CHECKOUT), nodeArguments(CHECKOUT));
  const names = packages.map((file) => /^(@[^/]+\/)?[^/]+/.exec(file)![0]).filter((name) => name !== "tsx");
  const shown = names.map((name) => (APART.test(name) ? name : "other packages"));
  return counts([...ours.map(() => "this project"), ...shown], "modules of");
}

/** How often each is there, in the order of their names. */
function counts(names: string[], what: string): string[] {
  const all = new Map<string, number>();
  for (const name of names) all.set(name, (all.get(name) ?? 0) + 1);
  return [...all].map(([name, count]) => `${what} ${name} = ${count}`).sort();
}
