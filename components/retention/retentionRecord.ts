import type { ClaimedDisk } from "./claimedDisk";
import type { HeldClaim } from "./lostDisk";
import type { Retention } from "./retention";

/** A configuration key, and the id or name in AWS that it adopts. */
export type Kept = [key: string, value: string];

/** What a destroy keeps, as the SSM parameter of {@link recordParameterOf} holds it: JSON, to be read before and after a destroy. */
export interface RetentionRecord {
  retention: Retention;
  /** The configuration that adopts what is kept, by key; the disk's two come from `disk`. */
  configuration: Record<string, string>;
  /** Undefined where no claim has a disk that is kept. */
  claim?: HeldClaim;
  /** The claim's disk when the stack was last deployed. Null where the cluster couldn't be asked. */
  disk: ClaimedDisk | null;
  /** What was kept before, by this stack or an earlier one of its name, and isn't its own now. */
  earlier?: Kept[];
}

/** Name of the SSM parameter that holds a stack's {@link RetentionRecord}, such as `/shop-prod/kept`. */
export const recordParameterOf = (stackName: string): string => `/${stackName}/kept`;

/** All that adopts what a record names, by key. */
export function settingsOf({
  configuration,
  claim,
  disk,
}: Pick<RetentionRecord, "configuration" | "claim"> & { disk?: ClaimedDisk | null }): Record<string, string> {
  return disk && claim
    ? { ...configuration, [claim.volumeKey]: disk.volumeId, [claim.zoneKey]: disk.zone }
    : configuration;
}

/**
 * What stays of a stack that goes. Under `delete` that is a disk whose volume was made with the policy `Retain`. A zone is no
 * thing: the disk is in it.
 */
export function keptBy({
  retention,
  configuration,
  claim,
  disk,
}: Pick<RetentionRecord, "retention" | "configuration" | "claim"> & { disk?: ClaimedDisk | null }): Kept[] {
  const ofDisk: Kept[] = disk && claim ? [[claim.volumeKey, disk.volumeId]] : [];
  if (retention !== "delete") return [...Object.entries(configuration), ...ofDisk];
  return disk?.reclaimPolicy === "Retain" ? ofDisk : [];
}

/** The room for what was kept earlier, in bytes: a parameter has 4 KB, of which the record of now takes one. */
const ROOM = 2500;

/**
 * What was kept, and isn't among the settings of now, each once; where there is no room for all of it, the latest.
 *
 * @param dismissed an id that nobody wants to hear of any more.
 */
export function stillKept(before: Kept[], now: Record<string, string>, dismissed?: string): Kept[] {
  const others = before.filter(([key, value]) => now[key] !== value && value !== dismissed);
  const isLast = ([key, value]: Kept, index: number) =>
    !others.slice(index + 1).some((it) => it[0] === key && it[1] === value);
  const kept = others.filter(isLast);
  // Quotes, brackets and commas of JSON are eight more.
  const size = () => kept.reduce((sum, [key, value]) => sum + key.length + value.length + 8, 2);
  while (size() > ROOM) kept.shift();
  return kept;
}

/** The same for a person: lines of text. */
export const keptLines = (kept: Kept[]): string[] => kept.map(([key, value]) => `  ${key} ${value}`);
