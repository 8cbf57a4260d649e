import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { cloudDirectory } from "../../stack/directory";
import { hostFiles } from "../../stack/pluginHost";
import { ownProcess, Program } from "./program";

// Serves every stand-in plugin of one cloud, so that an engine doesn't wait, each time that it starts one, for Node to load
// the SDKs. An engine starts a shim for each plugin, and the shim asks here.

/** By a plugin's name, the program that serves it: it prints the port on which it does. */
const PROGRAMS: Record<string, string> = {
  ...Object.fromEntries(
    ["aws", "eks", "kubernetes", "random"].map((name) => [name, path.join(__dirname, "..", name, "main.ts")]),
  ),
  "pulumi-nodejs": require.resolve("@pulumi/pulumi/cmd/dynamic-provider"),
};

/** Of Pulumi's own files, those with state that belongs to one plugin. */
const LOADED_ANEW = [require.resolve("@pulumi/pulumi/provider/server")];

/** Bytes of memory above which this process ends when it has nothing to do: the next command starts another. */
const MOST_MEMORY = 5e8;

const SECOND = 1000;

const { portFile } = hostFiles(cloudDirectory());
const token = randomBytes(16).toString("hex");
const programs = new Set<Program>();
let mark = "";

/** Runs a program's own files anew: their variables are its engine's alone. What they import is loaded once. */
function load(entry: string): void {
  const isOwn = (file: string) => path.dirname(file) === path.dirname(entry) || LOADED_ANEW.includes(file);
  for (const file of Object.keys(require.cache).filter(isOwn)) delete require.cache[file];
  require(entry);
  module.children = module.children.filter(({ filename }) => filename !== entry);
}

function start(name: string, program: Program): void {
  const entry = PROGRAMS[name];
  try {
    if (!entry) throw new Error(`there is no stand-in for the plugin ${name}`);
    program.run(() => load(entry));
    programs.add(program);
  } catch (error) {
    program.print(2, String((error as Error).stack));
    program.end();
  }
}

/**
 * An engine that has what it asked for ends its plugins. One that was killed, or has lost a plugin, leaves work undone; no
 * program can be stopped in the middle of it but with this process.
 */
function end(program: Program): void {
  if (!programs.delete(program)) return;
  program.end();
  if (program.isWorking) stop(`the engine of ${program.name} ended before it had its answer`);
  const { rss } = process.memoryUsage();
  if (programs.size === 0 && rss > MOST_MEMORY) stop(`it had grown to ${Math.round(rss / 1e6)} MB`);
}

function stop(reason: string): never {
  console.error(`${new Date().toISOString()} ended: ${reason}`);
  process.exit();
}

function endUnwanted(): void {
  for (const program of programs) if (!program.isWanted) end(program);
}

/** Two lists of items, each ended by an empty one; the second is all but for whom it is. */
function asked(text: string): { head: string[]; environment: string[] } | undefined {
  const items = text.split("\0").slice(0, -1);
  const first = items.indexOf("");
  const second = first < 0 ? -1 : items.indexOf("", first + 1);
  return second < 0 ? undefined : { head: items.slice(0, first), environment: items.slice(first + 1, second) };
}

const server = net.createServer((socket) => {
  let text = "";
  const onData = (chunk: string) => {
    text += chunk;
    const request = asked(text);
    if (!request) return;
    socket.off("data", onData);
    const [proof, name, engine, shim, ...args] = request.head;
    if (proof !== token) return socket.destroy();
    endUnwanted();
    // A command asks whether this still works.
    if (!name) return socket.end("ok\n");
    const environment = Object.fromEntries(request.environment.map((it) => it.split(/=(.*)/s).slice(0, 2)));
    const program = new Program(name, { engine: Number(engine), shim: Number(shim), args, environment }, socket);
    socket.once("close", () => end(program));
    start(name, program);
  };
  socket.setEncoding("utf8").on("data", onData);
  socket.on("error", () => socket.destroy());
});

ownProcess();
server.listen(0, "127.0.0.1", () => {
  // The last argument tells which code this is.
  mark = `${(server.address() as net.AddressInfo).port} ${token} ${process.argv.at(-1)}\n`;
  fs.writeFileSync(`${portFile}.new`, mark, { mode: 0o600 });
  fs.renameSync(`${portFile}.new`, portFile);
  setInterval(() => {
    endUnwanted();
    const isReplaced = !fs.existsSync(portFile) || fs.readFileSync(portFile, "utf8") !== mark;
    if (isReplaced && programs.size === 0) stop("another one is there, or the cloud is gone");
  }, SECOND);
});
