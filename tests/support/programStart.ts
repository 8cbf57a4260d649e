import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** How the engine starts Node for the program of a checkout: as its Pulumi.yaml says. */
export function nodeArguments(checkout: string): string[] {
  const { runtime } = parse(fs.readFileSync(path.join(checkout, "Pulumi.yaml"), "utf8")) as {
    runtime: { options?: { nodeargs?: string } };
  };
  return runtime.options?.nodeargs?.split(" ") ?? [];
}

/** Code that loads what the program is made of; index.ts itself does nothing but register, which takes an engine. */
export const programImports = (checkout: string): string => required([path.join(checkout, "index.ts")], /./);

/** Code that loads the four SDKs, each by the modules of it that the components import. */
export function sdkImports(checkout: string): string {
  const components = path.join(checkout, "components");
  const files = fs.readdirSync(components, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".ts"));
  return required(
    files.map((file) => path.join(components, file)),
    /^@pulumi\/(pulumi|aws|eks|kubernetes)(\/|$)/,
  );
}

/** Requires each module once that the files import, types apart, as far as they are asked for. */
function required(files: string[], which: RegExp): string {
  const imports = files.flatMap((file) => [
    ...fs.readFileSync(file, "utf8").matchAll(/^(?:import(?! type)|\} from)[^;]*?"([^"]+)";$/gm),
  ]);
  const modules = new Set(imports.map(([, module]) => module!));
  return [...modules]
    .filter((it) => which.test(it))
    .map((it) => `require("${it}");`)
    .join("");
}
