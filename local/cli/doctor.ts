import * as fs from "node:fs";
import * as path from "node:path";
import { runningAgent } from "../stack/agent";
import { reachable } from "../stack/controlPlane";
import { runningPluginHost } from "../stack/pluginHost";
import { whyGoCannotBuild } from "../tools/build";
import { CACHE } from "../tools/cache";
import { find } from "../tools/find";
import { plugins } from "../tools/plugins";
import { controlPlaneTools, engineTools } from "../tools/toolSets";

const line = (name: string, state: string) => console.log(`  ${name.padEnd(24)}${state}`);

/** Says what local commands would use, and what runs; changes nothing. */
export async function doctor(checkout: string): Promise<void> {
  console.log("Tools");
  line("node", `${process.version}  ${process.execPath}`);
  for (const set of [engineTools(), controlPlaneTools()]) {
    const tools = await find(set);
    const places = new Set(Object.values(tools?.paths ?? {}).map((file) => path.dirname(file)));
    const missing = `not here: the next up downloads or builds ${set.version} (${(await whyGoCannotBuild(set)) ?? "Go can build it"})`;
    line(set.name, tools ? `${tools.version}  ${[...places].join(", ")}` : missing);
  }
  const entries = fs.existsSync(CACHE) ? fs.readdirSync(CACHE, { withFileTypes: true, recursive: true }) : [];
  const sizes = entries.map((entry) => fs.lstatSync(path.join(entry.parentPath, entry.name)).size);
  line("cache", `${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6)} MB  ${CACHE}`);
  console.log("Plugins");
  for (const { name, version, real } of plugins()) line(`${name} ${version}`, real ? `real: ${real}` : "stand-in");
  console.log("Local clouds");
  const root = path.join(checkout, ".local");
  const clouds = fs.existsSync(root) ? fs.readdirSync(root).filter((name) => !/\.lock(\.holder)?$/.test(name)) : [];
  if (clouds.length === 0) line("none", "npm run up:local creates one");
  for (const name of clouds) {
    const cloud = path.join(root, name);
    const running = (await reachable(cloud)) ? "control plane runs" : "control plane doesn't run";
    const residents = { agent: runningAgent(cloud), "plugin host": runningPluginHost(cloud) };
    const states = Object.entries(residents).map(([resident, pid]) =>
      pid ? `${resident} runs (process ${pid})` : `${resident} doesn't run`,
    );
    const [ofAgent, ofHost] = states;
    line(name, `${running}, ${ofAgent},`);
    line("", ofHost!);
  }
}
