import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Copy } from "../copies";
import { type Group, runIn, type Subject } from "../group";

/** How the engine starts the program: as the copy's Pulumi.yaml says. */
function nodeArguments({ directory }: Copy): string[] {
  const { runtime } = parse(fs.readFileSync(path.join(directory, "Pulumi.yaml"), "utf8")) as {
    runtime: { options?: { nodeargs?: string } };
  };
  return runtime.options?.nodeargs?.split(" ") ?? [];
}

/** The modules that files import, types apart, as far as they are asked for. */
function importsOf(files: string[], which: RegExp): string[] {
  const imports = files.flatMap((file) => [
    ...fs.readFileSync(file, "utf8").matchAll(/^(?:import(?! type)|\} from)[^;]*?"([^"]+)";$/gm),
  ]);
  return [...new Set(imports.map(([, module]) => module!))].filter((module) => which.test(module));
}

const required = (modules: string[]) => modules.map((module) => `require("${module}");`).join("");

/** The program's modules; index.ts itself does nothing but register, which takes an engine. */
const program = ({ directory }: Copy) => required(importsOf([path.join(directory, "index.ts")], /./));

/** The four SDKs, each by what the components import of it. */
function sdks({ directory }: Copy): string {
  const components = path.join(directory, "components");
  const files = fs.readdirSync(components, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".ts"));
  const paths = files.map((file) => path.join(components, file));
  return required(importsOf(paths, /^@pulumi\/(pulumi|aws|eks|kubernetes)(\/|$)/));
}

const node = (what: string, args: (copy: Copy) => string[]): Subject => ({
  command: what,
  run: (copy) => runIn(copy, [process.execPath, ...args(copy)]),
});

/** Loading the program, beside the SDKs that it can't do without. */
export const load: Group = {
  subjects: {
    program: node("node NODEARGS --eval: requires what index.ts imports", (copy) => [
      ...nodeArguments(copy),
      "--eval",
      program(copy),
    ]),
    SDKs: node("node --eval: requires what components/ imports of the four", (copy) => ["--eval", sdks(copy)]),
    "SDKs by NODEARGS": node("node NODEARGS --eval: the same, started as Pulumi.yaml says", (copy) => [
      ...nodeArguments(copy),
      "--eval",
      sdks(copy),
    ]),
  },
};
