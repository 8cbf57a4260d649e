import * as fs from "node:fs";
import * as path from "node:path";
import { locked, progress, UserError } from "../cli/terminal";
import { build, whyGoCannotBuild } from "./build";
import { CACHE, cached, fromCache, lackingIn, markComplete } from "./cache";
import { find } from "./find";
import { checkPlatform, platformHere } from "./platform";
import { DownloadError } from "./releases";
import type { Downloads } from "./download";
import type { Tools, ToolSet } from "./toolSets";
import { atLeast } from "./versions";

/**
 * Finds tool sets, or downloads or builds them, once for this user: whichever is possible, in this order.
 *
 * @throws UserError when one of them can be had in no way, before anything is built, naming every way out.
 */
export async function ensure<Sets extends ToolSet[]>(...sets: Sets): Promise<{ [set in keyof Sets]: Tools }> {
  checkPlatform();
  const found = await Promise.all(sets.map(find));
  if (found.every((tools) => tools !== undefined)) return found as { [set in keyof Sets]: Tools };
  return locked(path.join(CACHE, "lock"), "gets tools for this machine", 3600, async () => {
    // Another command may have got them while this one waited for the lock.
    const missing = sets.filter((set, index) => !found[index] && !fromCache(set));
    removeLeftovers(missing);
    await downloadOrBuild(missing);
    return sets.map((set, index) => found[index] ?? fromCache(set)!) as { [set in keyof Sets]: Tools };
  });
}

const PARTIAL = ".partial";

/** Where a tool set's downloads are until they are complete. */
const partsOf = (set: ToolSet) => `${cached(set)}.parts`;

const discard = (directory: string) => fs.rmSync(directory, { recursive: true, force: true });

/** A directory gets its name when it is complete. What killed commands left is of no use, and parts of other versions. */
function removeLeftovers(sets: ToolSet[]): void {
  const isOld = (entry: string) =>
    sets.some((set) => new RegExp(`^${set.name}-v.*[.]parts$`).test(entry) && entry !== path.basename(partsOf(set)));
  for (const entry of fs.readdirSync(CACHE))
    if (entry.endsWith(PARTIAL) || isOld(entry)) discard(path.join(CACHE, entry));
}

const named = (sets: ToolSet[]) => sets.map(({ name, version }) => `${name} ${version}`).join(", ");

async function downloadOrBuild(sets: ToolSet[]): Promise<void> {
  if (sets.length === 0) return;
  for (const set of sets.filter((set) => fs.existsSync(cached(set))))
    console.error(`${set.name} ${set.version} in the cache is damaged, and is replaced.`);
  console.error(`This command needs ${named(sets)}. It is kept in\n${CACHE}`);
  const reasons = await download(sets);
  const unavailable: Unavailable[] = [];
  for (const [set, noDownload] of reasons) {
    const noGo = await whyGoCannotBuild(set);
    if (noGo) unavailable.push({ set, noDownload, noGo });
  }
  if (unavailable.length > 0) throw new UserError(wayOut(unavailable));
  if (reasons.size > 0)
    console.error(`Not downloaded: ${[...reasons.values()].join("; ")}. Go builds ${named([...reasons.keys()])}.`);
  for (const set of reasons.keys()) await intoCache(set, (into) => build(set, into));
}

/** Downloads tool sets side by side. Answers why not, of those that can't be had so. */
async function download(sets: ToolSet[]): Promise<Map<ToolSet, string>> {
  const reasons = new Map<ToolSet, string>();
  const platform = platformHere();
  const fetched = async (set: ToolSet, downloads: Downloads, into: string) => {
    const releases = platform ? set.releases(platform) : [];
    if (releases.length === 0) throw new DownloadError(`there is none for ${process.platform}-${process.arch}`);
    await downloads.take(releases, partsOf(set), into);
    const lacking = lackingIn(set, into);
    if (lacking.length > 0) throw new DownloadError(`${releases[0]!.url} has no ${lacking.join(", ")}`);
  };
  const onDownloadError = (set?: ToolSet) => (error: Error) => {
    if (!(error instanceof DownloadError)) throw error;
    if (set) reasons.set(set, error.message);
  };
  await progress(`Downloading ${named(sets)}`, async (note) => {
    // Loaded when needed: it takes a third of a second.
    const downloads = new (require("./download") as typeof import("./download")).Downloads(note);
    const work = (set: ToolSet) => intoCache(set, (into) => fetched(set, downloads, into)).catch(onDownloadError(set));
    await Promise.all(sets.map(work));
    if (reasons.size > 0) throw new DownloadError("not all can be downloaded");
  }).catch(onDownloadError());
  return reasons;
}

/** Fills a temporary directory, which gets the name of the tool set's own when it is complete. */
async function intoCache(set: ToolSet, fill: (into: string) => Promise<void>): Promise<void> {
  const partial = `${cached(set)}${PARTIAL}`;
  try {
    fs.mkdirSync(partial, { recursive: true });
    await fill(partial);
    markComplete(set, partial);
    discard(cached(set));
    fs.renameSync(partial, cached(set));
    discard(partsOf(set));
  } catch (error) {
    const { message } = error as Error;
    if (!/ENOSPC|no space left on device/i.test(message)) throw error;
    throw new UserError(
      `${message}\nThe disk is full. Downloads take up to 1 GB, building up to 10 GB, most of it in Go's own caches\n` +
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
the next run builds what is missing, once: ${times.join(", ")};
or let the next run download it: where a proxy leads to the internet, HTTPS_PROXY names it.`;
}
