import * as fs from "node:fs";
import * as path from "node:path";
import { locked, UserError } from "../cli/terminal";
import { build, whyGoCannotBuild } from "./build";
import { CACHE, cached, fromCache, markComplete } from "./cache";
import { downloadEngine } from "./download";
import { find } from "./find";
import type { Tools, ToolSet } from "./toolSets";
import { atLeast } from "./versions";

/**
 * Finds tool sets, or downloads or builds them, once for this user: whichever is possible, in this order.
 *
 * @throws UserError when one of them can be had in no way, before anything is built, naming every way out.
 */
export async function ensure<Sets extends ToolSet[]>(...sets: Sets): Promise<{ [set in keyof Sets]: Tools }> {
  const found = await Promise.all(sets.map(find));
  if (found.every((tools) => tools !== undefined)) return found as { [set in keyof Sets]: Tools };
  return locked(path.join(CACHE, "lock"), "builds tools for this machine", 3600, async () => {
    // A directory gets its name when it is complete; those of commands that were killed are of no use.
    for (const entry of fs.readdirSync(CACHE)) if (entry.endsWith(PARTIAL)) discard(path.join(CACHE, entry));
    // Another command may have built them while this one waited for the lock.
    await downloadOrBuild(sets.filter((set, index) => !found[index] && !fromCache(set)));
    return sets.map((set, index) => found[index] ?? fromCache(set)!) as { [set in keyof Sets]: Tools };
  });
}

const PARTIAL = ".partial";

const discard = (directory: string) => fs.rmSync(directory, { recursive: true, force: true });

async function downloadOrBuild(sets: ToolSet[]): Promise<void> {
  const unavailable: Unavailable[] = [];
  for (const set of sets) {
    if (fs.existsSync(cached(set)))
      console.error(`${set.name} ${set.version} in the cache is damaged, and is replaced.`);
    console.error(`Deploying to this machine needs ${set.name} ${set.version}. It is kept in\n${CACHE}`);
    const noDownload = set.name === "pulumi" ? await intoCache(set, downloadEngine) : "there is none";
    const noGo = noDownload && (await whyGoCannotBuild(set));
    if (noDownload && noGo) unavailable.push({ set, noDownload, noGo });
  }
  if (unavailable.length > 0) throw new UserError(wayOut(unavailable));
  for (const set of sets.filter((set) => !fromCache(set))) await intoCache(set, build);
}

/** Fills a temporary directory, which gets the name of the tool set's own when it is complete. */
async function intoCache(
  set: ToolSet,
  fill: (set: ToolSet, into: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const partial = `${cached(set)}${PARTIAL}`;
  try {
    fs.mkdirSync(partial, { recursive: true });
    const reason = await fill(set, partial);
    if (reason) return reason;
    markComplete(set, partial);
    discard(cached(set));
    fs.renameSync(partial, cached(set));
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    if (!/ENOSPC|no space left on device/i.test(message)) throw error;
    throw new UserError(
      `${message}\nThe disk is full. Building takes up to 10 GB, most of it in Go's own caches\n` +
        `(go env GOMODCACHE GOCACHE). Free some, and run this command again.`,
    );
  } finally {
    discard(partial);
  }
}

/** A tool set that can be had in no way, and why. */
export interface Unavailable {
  set: ToolSet;
  noDownload: string;
  noGo: string;
}

/** The message for somebody with neither the tools nor the means to build them. */
export function wayOut(unavailable: Unavailable[]): string {
  const why = unavailable.map(
    ({ set, noDownload, noGo }) => `${set.name} ${set.version} is needed, and can be neither found nor made:
  - on PATH or in KUBEBUILDER_ASSETS: not all in a version that fits
  - official download: ${noDownload}
  - built with Go: ${noGo}`,
  );
  const binaries = unavailable.map(({ set }) => `${set.binaries.join(", ")} (${set.version})`);
  const go = unavailable.map(({ set }) => set.go).reduce((one, other) => (atLeast(one, other) ? one : other));
  const times = unavailable.map(({ set }) => `${set.name} in ${set.usually}`);
  return `${why.join("\n")}
Either install
  ${binaries.join("\n  ")},
or install Go ${go} or newer (https://go.dev/doc/install):
the next run builds what is missing, once: ${times.join(", ")}.`;
}
