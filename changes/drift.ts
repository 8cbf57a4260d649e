import { type Change, Operation } from "./changes";
import { reasonFor } from "./expectedDrift";
import type { Cause } from "./gate";
import type { Preview } from "./preview";
import { durableOf } from "./safeguards";
import { shown } from "./values";
import { clusterOf, quoted, whoDidIt } from "./whoDidIt";

/** How `npm run drift` ends where something has drifted: none of those of an engine or a shell. */
export const DRIFT_EXIT_CODE = 7;

export const DriftKind = {
  /** It is in the state, and doesn't exist any more. */
  Deleted: "deleted",
  /** It isn't as the state has it. */
  Changed: "changed",
} as const;
export type DriftKind = (typeof DriftKind)[keyof typeof DriftKind];

/** A resource that somebody changed behind the program's back. */
export interface Drift {
  kind: DriftKind;
  urn: string;
  type: string;
  name: string;
  id?: string;
  /** What changed: from what the state has to what is there. Empty where it is deleted, or the provider doesn't say. */
  causes: Cause[];
  /** What is lost, of something durable that is deleted. */
  lost?: string;
  /** A command that asks who did it; none where nobody keeps that. */
  who?: string;
  /** How to have it as the program says. */
  takeBack: string;
  /** How to keep it as it is now. */
  accept: string;
}

/** A change that is expected: it isn't told as drift. */
export interface Expected {
  urn: string;
  type: string;
  name: string;
  cause: Cause;
  reason: string;
}

/** What a refresh found. */
export interface DriftReport {
  exitCode: 0 | typeof DRIFT_EXIT_CODE;
  stack: string;
  /** How many resources were looked at. */
  resources: number;
  /** Deleted ones first, what is durable before the rest. */
  drifts: Drift[];
  expected: Expected[];
  /** How many changed without the refresh saying which. */
  untold: number;
}

/** Worst first. */
const rankOf = ({ kind, type }: Drift): number => {
  const durable = durableOf(type);
  return (kind === DriftKind.Deleted ? 0 : 4) + (durable === undefined ? 2 : durable.holdsData ? 0 : 1);
};

/**
 * What changed behind the program's back.
 *
 * @param preview of `pulumi refresh --preview-only --json --show-sames`.
 */
export function driftOf({ stack, changes, untold }: Preview): DriftReport {
  const cluster = clusterOf(changes);
  const found = changes.map((change) => ofChange(change, stack, cluster));
  const drifts = found.flatMap(({ drift }) => (drift ? [drift] : [])).sort((one, other) => rankOf(one) - rankOf(other));
  return {
    exitCode: drifts.length > 0 || untold > 0 ? DRIFT_EXIT_CODE : 0,
    stack,
    resources: changes.length,
    drifts,
    expected: found.flatMap(({ expected }) => expected),
    untold,
  };
}

function ofChange(change: Change, stack: string, cluster: string | undefined): { drift?: Drift; expected: Expected[] } {
  const { urn, type, name, id, op } = change;
  const about = { urn, type, name, ...(id === undefined ? {} : { id }) };
  const who = whoDidIt(change, cluster);
  const asked = who === undefined ? {} : { who };
  const on = `--stack ${quoted(stack)}`;
  if (op === Operation.Delete) {
    const durable = durableOf(type);
    const another = durable?.holdsData
      ? `pulumi up ${on} --refresh makes another, empty one. Restore what was in it first, or afterwards.`
      : `pulumi up ${on} --refresh makes it anew.`;
    return {
      drift: {
        ...about,
        kind: DriftKind.Deleted,
        causes: [],
        ...(durable ? { lost: durable.lost } : {}),
        ...asked,
        takeBack: another,
        accept: `Take it out of the program or its configuration, then: pulumi refresh ${on}`,
      },
      expected: [],
    };
  }
  if (op !== Operation.Update) return { expected: [] };
  const expected: Expected[] = [];
  const causes: Cause[] = [];
  for (const it of change.properties) {
    const cause = { path: it.path, old: shown(it.old), new: shown(it.new) };
    const reason = reasonFor(type, it);
    if (reason === undefined) causes.push(cause);
    else expected.push({ urn, type, name, cause, reason });
  }
  if (causes.length === 0 && expected.length > 0) return { expected };
  return {
    drift: {
      ...about,
      kind: DriftKind.Changed,
      causes,
      ...asked,
      takeBack: `pulumi up ${on} --refresh`,
      accept: `Say the same in the program or its configuration, then: pulumi refresh ${on}`,
    },
    expected,
  };
}
