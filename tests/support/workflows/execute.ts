import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Step } from "./read";

/** How a step's script ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A step's environment as its workflow gives it.
 *
 * @param values what GitHub puts in place of its expressions: `inputs.stack`.
 */
export function environmentOf({ env, place }: Step, values: Record<string, string>): Record<string, string> {
  const put = (text: string) =>
    text.replace(/\$\{\{ *(\S+) *\}\}/g, (_, expression: string) => {
      const value = values[expression];
      assert.ok(value !== undefined, `${place}: ${expression} has no value here`);
      return value;
    });
  const given = Object.entries(env).map(([name, value]) => [name, put(String(value))]);
  assert.doesNotMatch(JSON.stringify(given), /\$\{\{/, `${place}: an expression of more than a name`);
  return Object.fromEntries(given) as Record<string, string>;
}

/**
 * Runs a step's script as GitHub's runner does.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export function runStep({ run = "" }: Step, directory: string, env: NodeJS.ProcessEnv): Ended {
  const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", run];
  return spawnSync("bash", shell, { cwd: directory, env, encoding: "utf8" });
}

/** How a step ended, and the other programs that it ran, each as a line: `npm publish ./package/a.tgz`. */
export interface Execution extends Ended {
  calls: string[];
}

/**
 * Runs a step's script in a directory of its own with a package and a page in it.
 *
 * @param programs what stands in for others, by name: the shell script that answers.
 * @param env what GitHub would set.
 */
export function execute(step: Step, programs: Record<string, string>, env: Record<string, string>): Execution {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "step-"));
  try {
    const [bin, calls] = [path.join(directory, "bin"), path.join(directory, "calls")];
    fs.mkdirSync(bin);
    fs.mkdirSync(path.join(directory, "package"));
    fs.writeFileSync(path.join(directory, "package", "a.tgz"), "");
    fs.writeFileSync(path.join(directory, "page.md"), "the page\n");
    fs.writeFileSync(calls, "");
    for (const [name, script] of Object.entries(programs)) {
      const text = `#!/bin/sh\necho "${name} $*" >>'${calls}'\n${script}\n`;
      fs.writeFileSync(path.join(bin, name), text, { mode: 0o755 });
    }
    const ended = runStep(step, directory, { PATH: `${bin}:${process.env.PATH}`, ...env });
    return { ...ended, calls: fs.readFileSync(calls, "utf8").split("\n").filter(Boolean) };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
