import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { progress } from "./terminal";

/** The archive comes from one host, what it must be from another: both would have to be wrong in the same way. */
export interface Sources {
  archives: string;
  checksums: string;
}

const OFFICIAL: Sources = {
  archives: "https://get.pulumi.com/releases/sdk",
  checksums: "https://github.com/pulumi/pulumi/releases/download",
};

/** How long a server may stay silent before it is given up, in milliseconds. */
const PATIENCE = 10_000;

/** The official archive's name for this machine: pulumi-v3.251.0-linux-x64.tar.gz. */
export const archiveName = (
  version: string,
  platform: string = process.platform,
  arch: string = process.arch,
): string => `pulumi-${version}-${platform}-${arch}.tar.gz`;

/** The sum that a checksums file ("sum  name" a line) has for a file. */
export const checksumOf = (checksums: string, file: string): string | undefined =>
  checksums
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, name]) => name === file)?.[0];

/**
 * Downloads the engine's official release into a directory, verified by its checksum.
 *
 * @returns nothing when it is there; otherwise why not, for the message that follows.
 */
export async function downloadEngine(
  version: string,
  into: string,
  sources = OFFICIAL,
  patience = PATIENCE,
): Promise<string | undefined> {
  const name = archiveName(version);
  const archive = path.join(into, name);
  try {
    await progress(`Downloading pulumi ${version} (usually under 1 min)`, async (note) => {
      const number = version.replace(/^v/, "");
      const sums = await fetchAll(`${sources.checksums}/${version}/pulumi-${number}-checksums.txt`, patience, () => {});
      const content = await fetchAll(`${sources.archives}/${name}`, patience, (bytes) =>
        note(`${Math.round(bytes / 1e6)} MB`),
      );
      const [expected, found] = [checksumOf(sums.toString(), name), createHash("sha256").update(content).digest("hex")];
      if (expected !== found) throw new Error(`${name} has the checksum ${found}, its release says ${expected}`);
      fs.writeFileSync(archive, content);
      await promisify(execFile)("tar", ["-xzf", archive, "--strip-components=1", "-C", into]);
      fs.rmSync(archive);
    });
    return undefined;
  } catch (error) {
    // Whatever was written goes: nothing of a refused download may be used.
    for (const entry of fs.readdirSync(into)) fs.rmSync(path.join(into, entry), { recursive: true });
    const cause = (error as { cause?: Error }).cause?.message;
    const reason = [(error as Error).message, cause].filter(Boolean).join(": ");
    console.log(`  not downloaded: ${reason}`);
    return reason;
  }
}

async function fetchAll(url: string, patience: number, received: (bytes: number) => void): Promise<Buffer> {
  const silence = new AbortController();
  const giveUp = () =>
    silence.abort(new Error(`${new URL(url).host} gave no answer within ${Math.round(patience / 1000)} s`));
  let timer = setTimeout(giveUp, patience);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
      parts.push(part);
      received((bytes += part.length));
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}
