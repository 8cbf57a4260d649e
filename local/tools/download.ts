import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { DownloadError, type Release } from "./releases";

/** How long a server may give no answer, or stay silent amid one. */
const PATIENCE_IN_MS = 10_000;

/** How often a file is asked for whose download is cut off. */
const TRIES = 5;

/** A file with the checksum that it should have, who says so, and where it is until it is complete. */
interface Expected {
  url: string;
  sha256: string;
  from: string;
  part: string;
}

/** What fetch throws for everything that goes wrong with a connection; what the file system throws isn't like it. */
const isLost = (error: unknown): error is TypeError & { cause: NodeJS.ErrnoException } =>
  error instanceof TypeError && error.cause instanceof Error;

/** Whether a connection ended that had been made. */
const wasMade = ({ cause }: { cause: NodeJS.ErrnoException }) =>
  ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(cause.code ?? "");

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** Does something with each of them at the same time; the first that fails ends the others. */
async function together<T, R>(items: T[], work: (item: T, stop: AbortSignal) => Promise<R>): Promise<R[]> {
  const stop = new AbortController();
  const working = items.map((item) =>
    work(item, stop.signal).catch((error) => {
      stop.abort(error);
      throw error;
    }),
  );
  return Promise.all(working);
}

/** The downloads of one command: they share the user's proxies, and the line that shows how far they are. */
export class Downloads {
  private readonly dispatcher = new EnvHttpProxyAgent();
  private readonly progress = new Map<string, { received: number; size: number }>();

  constructor(
    private readonly note: (detail: string) => void,
    private readonly patienceInMs = PATIENCE_IN_MS,
  ) {}

  /**
   * Downloads releases, verifies them, and puts what they give into a directory.
   *
   * @param parts Where files are until all are complete, each named after its checksum: the next run goes on from there.
   * @throws DownloadError for the first of them that can't be had; then nothing of them is used.
   */
  async take(releases: Release[], parts: string, into: string): Promise<void> {
    const documents = new Map<string, Promise<string>>();
    const files = await together(releases, async ({ url, checksum }, stop): Promise<Expected> => {
      const known = documents.get(checksum.url) ?? this.document(checksum.url, stop);
      documents.set(checksum.url, known);
      const found = checksum.find(await known);
      if (found && /^[0-9a-f]{64}$/.test(found))
        return { url, sha256: found, from: checksum.url, part: path.join(parts, `${path.basename(url)}.${found}`) };
      throw new DownloadError(
        `${checksum.url} should have the SHA-256 of ${url}, and has ${found?.slice(0, 64) ?? "none"}`,
      );
    });
    fs.mkdirSync(parts, { recursive: true });
    // A release that was made anew under the same name has other checksums.
    const wanted = files.map(({ part }) => path.basename(part));
    for (const part of fs.readdirSync(parts)) if (!wanted.includes(part)) fs.rmSync(path.join(parts, part));
    await together(files, (file, stop) => this.complete(file, stop));
    for (const [index, release] of releases.entries()) await unpack(release, files[index]!.part, into);
  }

  /** Completes the part of a file, and verifies it. */
  private async complete({ url, sha256, from, part }: Expected, stop: AbortSignal): Promise<void> {
    for (let anew = !fs.existsSync(part); ; anew = true) {
      await this.fill(url, part, stop);
      const hash = createHash("sha256");
      await pipeline(fs.createReadStream(part), hash);
      const found = hash.digest("hex");
      if (found === sha256) return;
      fs.rmSync(part);
      // The beginning may have been another file's; all of it in one go is not.
      if (anew) throw new DownloadError(`${url} has the SHA-256 ${found}; ${from} says ${sha256}`);
    }
  }

  private document(url: string, stop: AbortSignal): Promise<string> {
    return this.again(url, () => this.request(url, stop, (response) => response.text()));
  }

  /** Downloads what a part lacks. */
  private async fill(url: string, part: string, stop: AbortSignal): Promise<void> {
    await this.again(
      url,
      () => this.append(url, part, stop),
      () => (sizeOf(part) > 0 ? `; the next run goes on from ${megabytes(sizeOf(part))}` : ""),
    );
  }

  /** Asks again where the connection was lost; `kept` says what there is for the next run. */
  private async again<T>(url: string, ask: () => Promise<T>, kept = () => ""): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof DownloadError) throw new DownloadError(error.message + kept());
        if (!isLost(error)) throw error;
        if (tries === TRIES) throw new DownloadError(`${url} was cut off ${TRIES} times${kept()}`);
      }
      await pause(this.patienceInMs / 10);
    }
  }

  private append(url: string, part: string, stop: AbortSignal): Promise<void> {
    const has = sizeOf(part);
    const write = async ({ status, headers, body }: Response, heard: () => void) => {
      // There is nothing behind it: it is complete, or another file's, which its checksum tells.
      if (status === 416) return;
      const from = status === 206 ? has : 0;
      const state = { received: from, size: from + Number(headers.get("content-length") ?? 0) };
      this.progress.set(url, state);
      const count = (chunk: Uint8Array) => {
        heard();
        state.received += chunk.length;
        this.show();
        return chunk;
      };
      const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) yield count(chunk);
      };
      await pipeline(body!, counted, fs.createWriteStream(part, { flags: from > 0 ? "a" : "w" }));
    };
    return this.request(url, stop, write, has > 0 ? { range: `bytes=${has}-` } : {});
  }

  private show(): void {
    const sum = (key: "received" | "size") =>
      megabytes([...this.progress.values()].reduce((sum, state) => sum + state[key], 0));
    this.note(`${sum("received")} of ${sum("size")}`);
  }

  private async request<T>(
    url: string,
    stop: AbortSignal,
    use: (response: Response, heard: () => void) => Promise<T>,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const silence = new AbortController();
    const silent = new DownloadError(`${url} gave no answer within ${this.patienceInMs / 1000} s`);
    const timer = setTimeout(() => silence.abort(silent), this.patienceInMs);
    try {
      const response = await fetch(url, {
        dispatcher: this.dispatcher,
        signal: AbortSignal.any([stop, silence.signal]),
        // Compressed on the way, a file has other ranges.
        headers: { "accept-encoding": "identity", ...headers },
      }).catch((error: unknown) => {
        if (!isLost(error) || wasMade(error)) throw error;
        const { cause } = error;
        throw new DownloadError(`no connection to ${new URL(url).host} (${cause.message || cause.code})`);
      });
      if (response.ok || (response.status === 416 && headers.range)) return await use(response, () => timer.refresh());
      await response.body?.cancel();
      throw new DownloadError(`${url} answered ${response.status}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Takes out of a verified file what it gives; then the file is gone. */
async function unpack({ url, gives }: Release, file: string, into: string): Promise<void> {
  if ("binary" in gives) {
    fs.chmodSync(file, 0o755);
    return fs.renameSync(file, path.join(into, gives.binary));
  }
  // macOS's tar reads zip files too.
  const args = ["-xf", file, "-C", into, "--no-same-owner", `--strip-components=${gives.folders}`, ...gives.members];
  await promisify(execFile)("tar", args)
    .catch(({ stderr, message }: Error & { stderr?: string }) => {
      throw new DownloadError(`tar can't unpack ${url}: ${(stderr || message).trim()}`);
    })
    .finally(() => fs.rmSync(file));
}
