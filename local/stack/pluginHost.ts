import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { WITH_SDKS } from "./processes";
import { runningResident, startResident, stopResident } from "./resident";

const LOCAL = path.dirname(__dirname);

const HOST = { name: "plugins", program: path.join(LOCAL, "plugins", "host", "main.ts"), preload: WITH_SDKS };

/** After which a host that doesn't answer is taken for dead: one that loads an SDK answers late. */
const TIMEOUT_IN_MILLISECONDS = 10_000;

/** Where a host says how it is reached: its port, what proves that one may ask, and which code it runs. */
export const hostFiles = (cloud: string) => ({ portFile: path.join(cloud, "plugins.port") });

/** What a host runs: one of other code is replaced. */
function codeHash(): string {
  const entries = fs.readdirSync(LOCAL, { recursive: true, encoding: "utf8" }).sort();
  const files = entries.filter((file) => /\.(ts|json)$/.test(file) && !/^(tests|node_modules)\b/.test(file));
  const hash = createHash("sha256").update(`${process.execPath} ${process.version}\n`);
  const lock = path.join(LOCAL, "..", "package-lock.json");
  for (const file of [...files.map((file) => path.join(LOCAL, file)), WITH_SDKS, lock])
    hash.update(fs.readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** Whether a cloud's host runs, is of this code, and has nothing left to do for an engine that is gone. */
async function works(cloud: string, code: string): Promise<boolean> {
  const { portFile } = hostFiles(cloud);
  const mark = fs.existsSync(portFile) ? fs.readFileSync(portFile, "utf8") : "";
  const [port, token, of] = mark.trim().split(" ");
  if (of !== code) return false;
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), "127.0.0.1", () => socket.write(`${token}\0\0\0`));
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    socket.setTimeout(TIMEOUT_IN_MILLISECONDS, () => socket.destroy());
    socket.on("error", () => {}).on("close", () => resolve(answer === "ok\n"));
  });
}

/** The plugin host of a cloud, if it runs. */
export const runningPluginHost = (cloud: string): number | undefined => runningResident(cloud, HOST);

/** Starts what serves the stand-in plugins of a cloud to its engines, unless it runs; it outlives this command. */
export async function startPluginHost(cloud: string): Promise<void> {
  const code = codeHash();
  if (await works(cloud, code)) return;
  await stopPluginHost(cloud);
  startResident(cloud, HOST, code);
}

export async function stopPluginHost(cloud: string): Promise<void> {
  await stopResident(cloud, HOST);
  fs.rmSync(hostFiles(cloud).portFile, { force: true });
}
