import * as fs from "node:fs";
import * as path from "node:path";
import { reachable } from "./control-plane";
import { goFor } from "./go";
import { plugins } from "./plugins";
import { runningAgent } from "./processes";
import { CACHE, controlPlaneTools, engineTools, find } from "./tools";

/** The size of what is under a directory, in bytes. */
function size(directory: string): number {
  if (!fs.existsSync(directory)) return 0;
  return fs
    .readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** Says what local commands would use, and what runs; changes nothing. */
export async function doctor(checkout: string): Promise<void> {
  console.log("Tools");
  console.log(`  node        ${process.version}  ${process.execPath}`);
  const sets = [engineTools(), controlPlaneTools()];
  for (const set of sets) {
    const tools = await find(set);
    const where = tools ? `${tools.version}  ${tools.from.join(", ")}` : `not here: the next up makes ${set.version}`;
    console.log(`  ${set.name.padEnd(10)}  ${where}`);
  }
  const builders = await Promise.all(sets.map((set) => goFor(set.module)));
  const builder = builders.find((found) => "problem" in found) ?? builders[0]!;
  console.log(`  go          ${"problem" in builder ? `${builder.problem} (only to build tools)` : builder.version}`);
  console.log(`  cache       ${Math.round(size(CACHE) / 1e6)} MB  ${CACHE}`);
  console.log("Plugins");
  for (const { name, version, real } of plugins()) {
    console.log(`  ${name.padEnd(10)}  ${version}  ${real ? `real: ${real}` : "stand-in"}`);
  }
  console.log("Local clouds");
  const root = path.join(checkout, ".local");
  const clouds = fs.existsSync(root) ? fs.readdirSync(root).filter((name) => !name.endsWith(".lock")) : [];
  for (const name of clouds) {
    const cloud = path.join(root, name);
    const state = (await reachable(cloud)) ? "control plane runs" : "control plane stopped";
    const agent = runningAgent(cloud);
    console.log(`  ${name.padEnd(10)}  ${state}, ${agent ? `agent runs (process ${agent})` : "no agent"}`);
  }
  if (clouds.length === 0) console.log("  none: npm run up:local");
}
