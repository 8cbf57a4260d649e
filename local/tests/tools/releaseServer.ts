import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import type { Release } from "../../tools/releases";

export const sha256 = (content: Buffer | string): string => createHash("sha256").update(content).digest("hex");

/** Content of a size at which it comes in many pieces, so that it can be cut. */
export const bytes = (length: number): Buffer => Buffer.alloc(length, "release ");

/** An archive as releases have them: a folder with files in it. */
export function archive(directory: string, folder: string, files: Record<string, string>): Buffer {
  fs.mkdirSync(path.join(directory, folder), { recursive: true });
  for (const [name, text] of Object.entries(files))
    fs.writeFileSync(path.join(directory, folder, name), text, { mode: 0o755 });
  execFileSync("tar", ["-czf", "archive", folder], { cwd: directory });
  return fs.readFileSync(path.join(directory, "archive"));
}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse, content: Buffer) => unknown;

/** What of a content is asked for, and the beginning of the answer to that. */
function begin(request: http.IncomingMessage, response: http.ServerResponse, content: Buffer): Buffer {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = content.subarray(from);
  response.writeHead(from === 0 ? 200 : rest.length > 0 ? 206 : 416, { "content-length": rest.length });
  return rest;
}

/** As a server that knows no ranges. */
const whole: Answer = (_, response, content) =>
  response.writeHead(200, { "content-length": content.length }).end(content);

/** How servers behave. */
export const answers = {
  whole,
  well: ((request, response, content) => response.end(begin(request, response, content))) as Answer,
  status:
    (status: number): Answer =>
    (_, response) =>
      response.writeHead(status).end(),
  silent: (() => {}) as Answer,
  /** Ends the connection after so many bytes of each answer. */
  cutAfter:
    (length: number): Answer =>
    (request, response, content) => {
      const rest = begin(request, response, content);
      if (rest.length <= length) return response.end(rest);
      return response.write(rest.subarray(0, length), () => setTimeout(() => response.destroy(), 20));
    },
  /** Sends a piece every so many milliseconds, so many in all; the rest never. */
  slowly:
    (everyMs: number, pieces: number, sent = pieces): Answer =>
    (_, response, content) => {
      response.writeHead(200, { "content-length": content.length });
      const size = Math.ceil(content.length / pieces);
      const send = (index: number) => {
        response.write(content.subarray(index * size, (index + 1) * size));
        if (index + 1 < sent) setTimeout(() => send(index + 1), everyMs);
        else if (sent === pieces) response.end();
      };
      send(0);
    },
};

/** A server on this machine that has releases. */
export class ReleaseServer {
  /** What was asked for: a path, and from which byte on. */
  readonly requests: string[] = [];
  private readonly contents = new Map<string, Buffer>();
  private readonly answers = new Map<string, Answer>();
  private readonly server = http.createServer((request, response) => {
    const url = request.url!;
    this.requests.push(url + (request.headers.range ? ` ${request.headers.range}` : ""));
    const content = this.contents.get(url);
    if (!content) return void response.writeHead(404).end();
    (this.answers.get(url) ?? answers.well)(request, response, content);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Forgets everything. */
  clear(): void {
    this.requests.length = 0;
    this.contents.clear();
    this.answers.clear();
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Has a document, or another one from now on. */
  has(name: string, content: Buffer | string): void {
    this.contents.set(`/${name}`, Buffer.from(content));
  }

  /** Answers so when it is asked for that document. */
  whenAsked(name: string, answer: Answer): void {
    this.answers.set(`/${name}`, answer);
  }

  /** Has a file, with its checksum beside it. */
  release(name: string, content: Buffer, gives: Release["gives"] = { binary: name }, sum = sha256(content)): Release {
    this.has(name, content);
    this.has(`${name}.sha256`, sum);
    const url = `${this.origin}/${name}`;
    return { url, checksum: { url: `${url}.sha256`, find: (text) => text.trim() }, gives };
  }
}
