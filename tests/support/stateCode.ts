import { createRequire } from "node:module";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { one, registered } from "./queries";

/** What an API server has, by path. A path that isn't there is answered with 404. */
export type Contents = Record<string, object[]>;

/**
 * The code of a dynamic resource. What the state holds is all that a destroy has, so it is taken from there, as the
 * plugin's host takes it.
 */
export async function codeOf(program: () => unknown): Promise<Required<pulumi.dynamic.ResourceProvider>> {
  const { inputs } = one(await registered(program), "dynamic:Resource");
  const requireFromString = createRequire(require.resolve("@pulumi/pulumi"))("require-from-string") as (
    code: string,
  ) => { handler(): Required<pulumi.dynamic.ResourceProvider> };
  return requireFromString(inputs.__provider as string).handler();
}

/**
 * Answers lists as an API server does while `use` runs.
 *
 * @param answers What it has, until `use` changes it; `undefined` is a cluster that doesn't answer.
 * @returns What was printed.
 */
export async function withCluster(
  answers: Contents | undefined,
  use: (kubeconfig: string, change: (contents: Contents) => void) => Promise<void>,
): Promise<string[]> {
  let contents = answers;
  const server = http.createServer((request, response) => {
    const items = contents?.[request.url!];
    response.writeHead(items ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(items ? { items } : { kind: "Status", code: 404 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (!answers) server.close();

  const printed: string[] = [];
  const print = console.log;
  console.log = (line: string) => printed.push(line);
  try {
    await use(kubeconfigFor(address), (next) => {
      contents = next;
    });
  } finally {
    console.log = print;
    server.closeAllConnections();
    server.close();
  }
  return printed;
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { token: "t" } }],
    "current-context": "c",
  });
}
