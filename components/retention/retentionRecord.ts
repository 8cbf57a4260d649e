import type { ClaimedDisk } from "./claimedDisk";
import type { HeldClaim } from "./lostDisk";
import type { Retention } from "./retention";

/** What a destroy keeps, as the SSM parameter of {@link recordParameterOf} holds it: JSON, to be read before and after a destroy. */
export interface RetentionRecord {
  retention: Retention;
  /** The configuration that adopts what is kept, by key; the disk's two come from `disk`. */
  configuration: Record<string, string>;
  claim: HeldClaim;
  /** The claim's disk when the stack was last deployed. Null where the cluster couldn't be asked. */
  disk: ClaimedDisk | null;
}

/** Name of the SSM parameter that holds a stack's {@link RetentionRecord}, such as `/shop-prod/kept`. */
export const recordParameterOf = (stackName: string): string => `/${stackName}/kept`;
