import type { ClaimedDisk } from "./claimedDisk";
import type { HeldClaim } from "./lostDisk";
import type { Retention } from "./retention";

/** What a destroy keeps, as an SSM parameter holds it: it can be read before the destroy, during it and at any time after. */
export interface RetentionRecord {
  retention: Retention;
  /** The configuration that adopts what is kept, by key; the disk's two come from `disk`. */
  configuration: Record<string, string>;
  claim: HeldClaim;
  /** Of the claim, when the stack was last deployed; null where the cluster couldn't be asked. */
  disk: ClaimedDisk | null;
}

/** The parameter that holds a stack's record. */
export const recordParameterOf = (stackName: string): string => `/${stackName}/kept`;
