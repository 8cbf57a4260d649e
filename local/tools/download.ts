import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { progress } from "../cli/terminal";
import type { ToolSet } from "./toolSets";

/** The archive comes from one host, its checksum from another: both would have to be wrong in the same way. */
const OFFICIAL = {
  archives: "https://get.pulumi.com/releases/sdk",
  checksums: "https://github.com/pulumi/pulumi/releases/download",
};

/**
 * Downloads the engine's official release into a directory, verified by its checksum.
 *
 * @param timeoutInMs How long a server may stay silent.
 * @returns Why it could not be downloaded; undefined if it was.
 */
export async function downloadEngine(
  { version }: Pick<ToolSet, "version">,
  into: string,
  sources = OFFICIAL,
  timeoutInMs = 10_000,
): Promise<string | undefined> {
  const name = `pulumi-${version}-${process.platform}-${process.arch}.tar.gz`;
  try {
    await progress(`Downloading pulumi ${version} (usually under 1 min)`, async (note) => {
      const sums = await fetchAll(
        `${sources.checksums}/${version}/pulumi-${version.slice(1)}-checksums.txt`,
        timeoutInMs,
      );
      const expected = sums
        .toString()
        .split("\n")
        .map((line) => line.split(/\s+/))
        .find((line) => line[1] === name)?.[0];
      const content = await fetchAll(`${sources.archives}/${name}`, timeoutInMs, note);
      const found = createHash("sha256").update(content).digest("hex");
      if (expected !== found) throw new Error(`${name} has the checksum ${found}, its release says ${expected}`);
      const archive = path.join(into, name);
      fs.writeFileSync(archive, content);
      await promisify(execFile)("tar", ["-xzf", archive, "--strip-components=1", "-C", into]);
      fs.rmSync(archive);
    });
    return undefined;
  } catch (error) {
    // Nothing of a refused download may be used.
    for (const entry of fs.readdirSync(into)) fs.rmSync(path.join(into, entry), { recursive: true });
    const { message, cause } = error as Error;
    const reason = cause ? `${message}: ${(cause as Error).message}` : message;
    console.error(`  not downloaded: ${reason}`);
    return reason;
  }
}

async function fetchAll(url: string, timeoutInMs: number, note?: (detail: string) => void): Promise<Buffer> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error(`${new URL(url).host} gave no answer within ${timeoutInMs / 1000} s`));
  let timer = setTimeout(giveUp, timeoutInMs);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const parts: Uint8Array[] = [];
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, timeoutInMs);
      parts.push(part);
      note?.(`${Math.round(parts.reduce((sum, { length }) => sum + length, 0) / 1e6)} MB`);
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}
