import * as fs from "node:fs";
import * as path from "node:path";
import { diagramOf } from "../../changes/diagram";
import { svgOf } from "../../changes/diagramSvg";
import { type ConfigurationCase, configurationCases } from "./configurations";
import { costFacts } from "./costs";
import { program } from "./program";
import type { Registration } from "./registrations";

/** Recorded in full; every other configuration as its difference from the stack's that it changes. */
const IN_FULL = ["dev", "prod"];
const DIRECTORY = path.join(__dirname, "..", "recorded");

/** The record of what the program costs whatever the machine: one number a line. */
export const COSTS_FILE = path.join(DIRECTORY, "costs.txt");

/** README's picture. */
export const DIAGRAM_FILE = path.join(__dirname, "..", "..", "docs", "diagram.svg");

/**
 * What the engine is told about a configuration's resources, except their inputs: one fact a line, sorted, each
 * complete in itself so that a diff can be read. `$name` is the stack's own name.
 */
export async function factsOf({ stack, changes }: ConfigurationCase, preview: boolean): Promise<string[]> {
  const registrations = await program(stack, { preview, changes });
  const labels = new Map(registrations.map((it) => [it.urn, labelOf(it)]));
  const twice = [...labels.values()].filter((label, index, all) => all.indexOf(label) !== index);
  if (twice.length > 0) throw new Error(`One label for several resources: ${twice.join(", ")}`);
  const label = (urn: string) => labels.get(urn) ?? urn;
  const byUrn = new Map(registrations.map((it) => [it.urn, it]));
  const facts = registrations.flatMap((it) => {
    const { type, parent, provider, importId } = it;
    const values = {
      type,
      urn: it.urn.split("::")[2],
      parent: parent && label(parent),
      provider: provider && label(provider),
      import: importId,
      ...Object.fromEntries(Object.entries(it.providers).map(([key, urn]) => [`hands down ${key}`, label(urn)])),
      protect: it.protect && "yes",
      retainOnDelete: it.retainOnDelete && "yes",
      deleteBeforeReplace: it.deleteBeforeReplace && "yes",
      replaceOnChanges: it.replaceOnChanges.join(", "),
      ignoreChanges: it.ignoreChanges.join(", "),
      additionalSecretOutputs: it.additionalSecretOutputs.join(", "),
    };
    const options = Object.entries(values).flatMap(([key, value]) => (value ? [`${key} = ${value}`] : []));
    const after = direct(it, byUrn).map((urn) => `after ${label(urn)}`);
    const from = Object.entries(it.propertyDependencies).flatMap(([property, urns]) =>
      urns.map((urn) => `${property} from ${label(urn)}`),
    );
    return [...options, ...after, ...from].map((fact) => `${label(it.urn)}: ${fact}`);
  });
  return facts.map((fact) => fact.replaceAll(`eks-storage-${stack}`, "$name")).sort();
}

/** The record of each configuration, by file. */
export function recordFile({ name }: ConfigurationCase): string {
  return path.join(DIRECTORY, `${name}.txt`);
}

/** A configuration's facts as its file has them: in full, or as the difference from those of its stack as shipped. */
export function recordOf({ name, stack }: ConfigurationCase, facts: string[], shipped: string[]): string {
  if (IN_FULL.includes(name)) return `${facts.join("\n")}\n`;
  const base = baseOf(stack);
  const [before, after] = [new Set(shipped), new Set(facts)];
  const lines = [
    ...shipped.filter((fact) => !after.has(fact)).map((fact) => `- ${fact}`),
    ...facts.filter((fact) => !before.has(fact)).map((fact) => `+ ${fact}`),
  ];
  return `# Compared with ${base}.txt\n${lines.sort((one, other) => (one.slice(2) < other.slice(2) ? -1 : 1)).join("\n")}\n`;
}

/** The configuration that a stack's others are compared with. */
export const baseOf = (stack: string): string => (IN_FULL.includes(stack) ? stack : "dev");

/** `aws:efs/fileSystem:FileSystem` is `aws.efs.FileSystem`, and a component of ours goes by its class. */
function labelOf({ type, name }: Registration): string {
  const [pack = "", module = "", kind = ""] = type.split(":");
  if (pack === "eks-storage") return `${kind} ${name}`;
  if (pack === "pulumi") return module === "providers" ? `provider ${name}` : "stack";
  return `${[pack, pack === "aws" ? module.split("/")[0] : module, kind].join(".")} ${name}`;
}

/** What a resource waits for, less what follows from the rest: its predecessors' own predecessors. */
function direct({ dependencies }: Registration, byUrn: Map<string, Registration>): string[] {
  const reachable = new Set<string>();
  const visit = (urn: string) => {
    for (const next of byUrn.get(urn)?.dependencies ?? []) {
      if (reachable.has(next)) continue;
      reachable.add(next);
      visit(next);
    }
  };
  dependencies.forEach(visit);
  return dependencies.filter((urn) => !reachable.has(urn));
}

/** The picture of a stack as shipped, once it is deployed. */
export async function pictureOf(stack: ConfigurationCase["stack"]): Promise<string> {
  const registrations = await program(stack);
  // The engine leaves the stack's own type out of URNs, the mocks don't.
  const asDeployed = (urn: string) => urn.replace("::pulumi:pulumi:Stack$", "::");
  const resources = registrations.map(({ urn, custom, parent, dependencies }) => ({
    ...{ urn: asDeployed(urn), custom, parent: asDeployed(parent) },
    dependencies: dependencies.map(asDeployed),
  }));
  return svgOf(diagramOf(resources));
}

/** Writes every record anew: `npm run record`. */
async function writeAll() {
  fs.mkdirSync(DIRECTORY, { recursive: true });
  const shipped: Record<string, string[]> = {};
  for (const it of configurationCases) {
    const facts = await factsOf(it, false);
    if (IN_FULL.includes(it.name)) shipped[it.name] = facts;
    fs.writeFileSync(recordFile(it), recordOf(it, facts, shipped[baseOf(it.stack)] ?? []));
  }
  fs.writeFileSync(DIAGRAM_FILE, await pictureOf("dev"));
  fs.writeFileSync(COSTS_FILE, `${(await costFacts()).join("\n")}\n`);
}

if (require.main === module) void writeAll();
