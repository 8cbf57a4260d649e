import * as http from "node:http";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./cluster";
import { nameIn, nameOf, placeOf } from "./pods";
import { Refuted } from "./result";

/** What is done in a container by a shell and coreutils, which every image of this stack has. */

/** A command for a person, to see the same. */
const lookAt = (pod: V1Pod, container: string, file: string) =>
  `kubectl exec ${nameOf(pod)} --namespace ${pod.metadata?.namespace} --container ${container} -- ls -la ${file.replace(/[^/]*$/, "")}`;

/** The content goes as an argument: to give it as input needs a server that passes its end on. */
export async function writeFile(cluster: Cluster, pod: V1Pod, container: string, file: string, content: string) {
  const command = ["sh", "-c", 'printf %s "$1" >"$2"', "verify", content, file];
  const { exitCode, stderr } = await cluster.exec(nameIn(pod), container, command);
  if (exitCode === 0) return;
  throw new Refuted(`${placeOf(pod)} can't write ${file}: ${stderr.trim()}`, lookAt(pod, container, file));
}

/** A file's content; `undefined` where there is none. */
export async function readFile(cluster: Cluster, pod: V1Pod, container: string, file: string) {
  const command = ["sh", "-c", '[ -e "$1" ] || exit 44; cat "$1"', "verify", file];
  const { exitCode, stdout, stderr } = await cluster.exec(nameIn(pod), container, command);
  if (exitCode === 0) return stdout;
  if (exitCode === 44) return undefined;
  throw new Refuted(`${placeOf(pod)} can't read ${file}: ${stderr.trim()}`, lookAt(pod, container, file));
}

/** @throws Error if it is still there. */
export async function removeFile(cluster: Cluster, pod: V1Pod, container: string, file: string): Promise<void> {
  const command = ["sh", "-c", 'rm -f "$1" && [ ! -e "$1" ]', "verify", file];
  const { exitCode, stderr } = await cluster.exec(nameIn(pod), container, command);
  if (exitCode !== 0) throw new Error(stderr.trim() || `${placeOf(pod)} still has it`);
}

/** Asserts that a file has a content, as a pod sees it. */
export function expectContent(pod: V1Pod, container: string, file: string, content: string, found: string | undefined) {
  if (found === content) return;
  const what = found === undefined ? "doesn't have the file" : "has other content";
  throw new Refuted(`${placeOf(pod)} ${what}`, lookAt(pod, container, file));
}

/** What a pod answers over HTTP. */
export async function httpGet(cluster: Cluster, pod: V1Pod, port: number, path: string) {
  const connection = await cluster.connect(nameIn(pod), port);
  return new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
    let hasFailed = false;
    const fail = (why: string) => {
      if (hasFailed) return;
      hasFailed = true;
      clearTimeout(timer);
      connection.destroy();
      void cluster.lost(`${placeOf(pod)} doesn't answer GET ${path} on port ${port}: ${why}`).then(reject);
    };
    const timer = setTimeout(() => fail("nothing within 20 s"), 20_000);
    const request = http.get(
      { host: nameOf(pod), path, headers: { connection: "close" }, createConnection: () => connection },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", ({ message }) => fail(message));
        response.on("end", () => {
          clearTimeout(timer);
          connection.destroy();
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
        });
      },
    );
    request.on("error", ({ message }) => fail(message));
  });
}
