import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Step } from "./read";

/** How a step's script ended. */
export interface Execution {
  status: number | null;
  stdout: string;
  /** The other programs that it ran, each as a line: `npm publish ./package/a.tgz`. */
  calls: string[];
}

/**
 * Runs a step's script as GitHub's runner does, in a directory of its own with a package in it.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 *
 * @param programs what stands in for others, by name: the shell script that answers.
 * @param env what GitHub would set.
 */
export function execute({ run = "" }: Step, programs: Record<string, string>, env: Record<string, string>): Execution {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "step-"));
  try {
    const [bin, calls] = [path.join(directory, "bin"), path.join(directory, "calls")];
    fs.mkdirSync(bin);
    fs.mkdirSync(path.join(directory, "package"));
    fs.writeFileSync(path.join(directory, "package", "a.tgz"), "");
    fs.writeFileSync(calls, "");
    for (const [name, script] of Object.entries(programs)) {
      const text = `#!/bin/sh\necho "${name} $*" >>'${calls}'\n${script}\n`;
      fs.writeFileSync(path.join(bin, name), text, { mode: 0o755 });
    }
    const { status, stdout } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd: directory,
      env: { PATH: `${bin}:${process.env.PATH}`, ...env },
      encoding: "utf8",
    });
    return { status, stdout, calls: fs.readFileSync(calls, "utf8").split("\n").filter(Boolean) };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
