import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type SeedingMode, seedingCommand } from "../../components/workloads/seeding";

/** What a test's image has bundled: a file larger than a pipe, names with blanks, directories. */
export const images: Record<string, string> = {
  "chrono_classic.jpg": "chrono ".repeat(20_000),
  "pocket watch.jpg": "pocket ".repeat(30_000),
  "sets/summer sale/smart_1.jpg": "smart 1",
  "sets/smart_2.jpg": "smart 2",
};

/** The POSIX shells of this machine; Amazon Linux's `sh` is bash in POSIX mode. */
export const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"]].filter(([name]) => which(name!) !== "");
export const coreutils = ["cksum", "cp", "head", "id", "ln", "mkdir", "mktemp", "rm", "sleep", "wc"];

/** As what the script runs here. In the pod it is never root, for whom no directory is unwritable. */
export const user = process.getuid!() === 0 ? 1001 : process.getuid!();
const asUser = user === process.getuid!() ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];

export interface Run {
  code: number | null;
  lines: string[];
  errors: string;
}

/** One image and one volume, as directories. */
export class Trial {
  private readonly workspace = fs.mkdtempSync(path.join(os.tmpdir(), "seeding-"));
  public readonly source = path.join(this.workspace, "bundled images");
  public readonly target = path.join(this.workspace, "the volume");

  constructor() {
    write(this.source, images);
    fs.mkdirSync(this.target);
    fs.chmodSync(this.workspace, 0o755);
    fs.chmodSync(this.target, 0o777);
  }

  remove(): void {
    fs.rmSync(this.workspace, { recursive: true });
  }

  /** A PATH with these tools only: real ones by name, our own by text. */
  tools(names: string[], own: Record<string, string> = {}): string {
    const directory = fs.mkdtempSync(path.join(this.workspace, "tools-"));
    fs.chmodSync(directory, 0o755);
    for (const name of [...names, "sh", "setpriv", ...shells.map(([shell]) => shell!)]) {
      if (!(name in own)) fs.symlinkSync(which(name), path.join(directory, name));
    }
    for (const [name, text] of Object.entries(own)) {
      fs.writeFileSync(path.join(directory, name), text, { mode: 0o755 });
    }
    return directory;
  }

  /**
   * Runs the script as the pod would.
   *
   * @param options.tools What is on PATH; our own tools find the volume in $TARGET.
   * @param options.source Another image's directory.
   * @param options.stop When to tell it to stop.
   */
  seed(
    shell: string[],
    mode: SeedingMode,
    options: { tools: string; source?: string; stop?: AbortSignal },
  ): Promise<Run> {
    const [, ...command] = seedingCommand(options.source ?? this.source, this.target, mode);
    const [program, ...args] = [...asUser, ...shell, ...command];
    const env = { PATH: options.tools, TARGET: this.target };
    // A process group of its own, so that a tool of ours can kill the whole run.
    const child = spawn(which(program!), args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    options.stop?.addEventListener("abort", () => child.kill("SIGTERM"));
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, lines: output.split("\n").filter(Boolean), errors });
      });
    });
  }
}

export function write(directory: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), content);
  }
}

/** All files of a directory, hidden ones too, with their content. */
export function read(directory: string): Record<string, string> {
  const names = fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => fs.statSync(path.join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(directory, name), "utf8")]));
}

/** Where a program is, empty when it isn't on this machine. */
export function which(program: string): string {
  const directories = process.env.PATH!.split(":");
  return directories.map((directory) => path.join(directory, program)).find((file) => fs.existsSync(file)) ?? "";
}
