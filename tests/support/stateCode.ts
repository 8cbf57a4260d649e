import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { ApiServer, type Contents } from "./apiServer";
import { one, registered } from "./queries";

/** The code of a dynamic resource, as the state holds it, which is all that a destroy has. */
export async function textOf(program: () => unknown): Promise<string> {
  return one(await registered(program), "dynamic:Resource").inputs.__provider as string;
}

/** The code of a dynamic resource, taken from the state as the plugin's host takes it. */
export async function codeOf(program: () => unknown): Promise<Required<pulumi.dynamic.ResourceProvider>> {
  const requireFromString = createRequire(require.resolve("@pulumi/pulumi"))("require-from-string") as (
    code: string,
  ) => { handler(): Required<pulumi.dynamic.ResourceProvider> };
  return requireFromString(await textOf(program)).handler();
}

/** Deletes by the code of a state where there is nothing but Node: an empty directory. What it printed, and its error. */
export async function deleteElsewhere(code: string, properties: object): Promise<string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-elsewhere-"));
  fs.writeFileSync(path.join(directory, "code.js"), code);
  const script = `require("./code.js").handler().delete("id", ${JSON.stringify(properties)})
    .then(() => console.log("deleted"), ({ message }) => console.log("failed: " + message));`;
  try {
    const env = { PATH: process.env.PATH };
    return await new Promise((resolve) => {
      execFile(process.execPath, ["--eval", script], { cwd: directory, env }, (error, stdout, stderr) =>
        resolve(`${stdout}${stderr}${error ? error.message : ""}`),
      );
    });
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/**
 * Has an API server while `use` runs.
 *
 * @param contents What it has; `undefined` is a cluster that doesn't answer.
 * @returns What was printed.
 */
export async function withCluster(
  contents: Contents | undefined,
  use: (cluster: ApiServer) => Promise<unknown>,
): Promise<string[]> {
  const cluster = await new ApiServer(contents ?? {}).start();
  cluster.kubeconfig(); // its port is known from now on
  if (!contents) cluster.stop();
  const printed: string[] = [];
  const print = console.log;
  console.log = (line: string) => printed.push(line);
  try {
    await use(cluster);
  } finally {
    console.log = print;
    cluster.stop();
  }
  return printed;
}
