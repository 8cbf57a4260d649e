import { spawn } from "node:child_process";
import { once } from "node:events";
import diagnostics from "node:diagnostics_channel";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { cloudDirectory } from "../../local/stack/directory";

/** What an operation starts, each as often as it does. */
export interface Started {
  /** The engine's commands, by their first words: all of them. */
  commands: string[];
  /** The plugins that the engine starts: those that ps shows, which is looked at often. */
  plugins: string[];
}

// In a process of its own: a program that keeps this one busy would hide a plugin that lives no longer than it.
const LOOK = "while :; do ps -ww -eo pid=,args=; sleep 0.1; done";

/** The processes that an operation on a local cloud starts, whose engine has been used before. */
export async function startedBy(operation: () => Promise<unknown>): Promise<Started> {
  const children: { spawnargs: string[] }[] = [];
  const onStart = (message: unknown) => void children.push((message as { process: { spawnargs: string[] } }).process);
  const plugins = new Map<number, string>();
  const bin = path.join(cloudDirectory(), "bin") + path.sep;
  diagnostics.subscribe("child_process", onStart);
  const looking = spawn("sh", ["-c", LOOK], { stdio: ["ignore", "pipe", "inherit"] });
  const seen = text(looking.stdout);
  try {
    await operation();
  } finally {
    diagnostics.unsubscribe("child_process", onStart);
    looking.kill();
    await once(looking, "exit");
  }
  for (const line of (await seen).split("\n")) {
    const [, name] = line.split(bin);
    const [plugin = ""] = name?.split(" ") ?? [];
    if (/^pulumi-(resource|analyzer|language)-/.test(plugin)) plugins.set(Number.parseInt(line, 10), plugin);
  }
  const commands = children.filter(({ spawnargs }) => spawnargs[0]?.startsWith(bin));
  const words = (args: string[]) =>
    args.slice(
      1,
      args.findIndex((arg, index) => index > 0 && arg.startsWith("-")),
    );
  return {
    commands: commands.map(({ spawnargs }) => words(spawnargs).join(" ")),
    plugins: [...plugins.values()].sort(),
  };
}
