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
  claim: HeldClaim;
  /** The claim's disk when the stack was last deployed. Null where the cluster couldn't be asked. */
  disk: ClaimedDisk | null;
  /** What was kept before, by this stack or an earlier one of its name, and is part of none. */
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
  return disk ? { ...configuration, [claim.volumeKey]: disk.volumeId, [claim.zoneKey]: disk.zone } : configuration;
}

/** Most of what {@link stillKept} remembers: a parameter has room for 4 KB. The latest counts. */
const MOST_KEPT = 40;

/**
 * What was kept, and isn't among the settings of now, each once. A zone is no thing: the disk is in it.
 *
 * @param goes what nobody wants to hear of any more.
 */
export function stillKept(before: Kept[], now: Record<string, string>, goes: string[]): Kept[] {
  const others = before.filter(([key, value]) => now[key] !== value && !goes.includes(key) && !goes.includes(value));
  const isLast = ([key, value]: Kept, index: number) =>
    !others.slice(index + 1).some((it) => it[0] === key && it[1] === value);
  return others.filter(isLast).slice(-MOST_KEPT);
}

/** The same for a person: lines of text. */
export const keptLines = (kept: Kept[]): string[] => kept.map(([key, value]) => `  ${key} ${value}`);
