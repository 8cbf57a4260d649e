import { execFileSync } from "node:child_process";
import * as path from "node:path";

const CHECKOUT = path.join(__dirname, "..", "..");

/** The modules that a process of its own has loaded once it has run this code, of packages and of this project. */
export function modulesOf(
  code: string,
  nodeArguments = ["--require", "tsx/cjs"],
): { packages: string[]; ours: string[] } {
  const script = `${code}; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const options = { cwd: CHECKOUT, encoding: "utf8" } as const;
  const loaded = JSON.parse(execFileSync(process.execPath, [...nodeArguments, "--eval", script], options));
  const [packages, ours]: [string[], string[]] = [[], []];
  for (const file of loaded as string[]) {
    const inPackages = file.split("/node_modules/").at(-1)!;
    if (inPackages === file) ours.push(path.relative(CHECKOUT, file));
    else packages.push(inPackages);
  }
  return { packages, ours };
}
