import { closest } from "fastest-levenshtein";
import { type Change, Operation } from "./changes";
import { durableOf, safeguards, tableType } from "./safeguards";
import { shown } from "./values";

/** What would happen to something durable. */
export const FindingKind = {
  /** It would be deleted. */
  Deleted: "deleted",
  /** It would stay where it is, and the stack would forget it: nothing of Pulumi's manages or protects it any more. */
  Forgotten: "forgotten",
  /** Another, empty one would be made in its place. */
  Replaced: "replaced",
  /** It would lose the option `protect`. */
  Unprotected: "unprotected",
  /** It would lose the option `retainOnDelete`. */
  Unretained: "unretained",
  /** A property that keeps data would be weakened. */
  Weakened: "weakened",
} as const;
export type FindingKind = (typeof FindingKind)[keyof typeof FindingKind];

/** Why something happens: a property, and its values for a person, secrets masked. */
export interface Cause {
  path: string;
  old: string;
  new: string;
}

/** Something durable that would be lost, or be less safe than it is. */
export interface Finding {
  kind: FindingKind;
  urn: string;
  type: string;
  name: string;
  /** What the provider knows it by; none where it isn't known. */
  id?: string;
  /** The properties that cause it. Empty where none does: then `why` says it. */
  causes: Cause[];
  why: string;
  /** What is lost. */
  lost: string;
  /** What to do instead. */
  instead: string;
}

const option = (path: string): Cause => ({ path, old: "true", new: "false" });

/** The worst first. */
const ORDER = Object.values(FindingKind);
const rankOf = ({ kind, type }: Finding): number => ORDER.indexOf(kind) * 2 + (durableOf(type)?.holdsData ? 0 : 1);

/**
 * What a deployment would do to durable things that can't be taken back: the worst first, data before what leads to it.
 *
 * @param changes all of a preview.
 */
export function findingsOf(changes: Change[]): Finding[] {
  const made = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.op === Operation.Create) made.set(change.type, [...(made.get(change.type) ?? []), change]);
  }
  const existing = existingBuckets(changes);
  const findings = changes.flatMap((change) => [
    ...removal(change, made.get(change.type) ?? []),
    ...lostOptions(change),
    ...weakened(change, existing),
  ]);
  // The component that makes an EKS cluster, and the cluster in it, are one thing to lose.
  const parents = new Map(changes.map(({ urn, parent }) => [urn, parent]));
  const isTold = ({ urn, type, kind }: Finding) =>
    findings.some((inner) => inner.kind === kind && parents.get(inner.urn) === urn && tableType(inner.type) === type);
  return findings.filter((it) => !isTold(it)).sort((one, other) => rankOf(one) - rankOf(other));
}

const BUCKET = "aws:s3/bucket:Bucket";

/** What buckets are known by that are there already: URNs, ids, and the names that AWS has for them. */
function existingBuckets(changes: Change[]): Set<unknown> {
  const buckets = changes.filter(({ op, type }) => op !== Operation.Create && tableType(type) === BUCKET);
  return new Set(
    buckets.flatMap(({ urn, id, old, new: after }) => {
      const { inputs, outputs } = (old ?? after)!;
      return [urn, id, inputs["bucket"], outputs["bucket"]].filter((it) => typeof it === "string");
    }),
  );
}

const about = ({ urn, type, name, id }: Change) => ({ urn, type, name, ...(id === undefined ? {} : { id }) });

/** Where it is and can be reached, whatever happens in the stack. */
const placeOf = ({ provider }: Change): string => (provider === "kubernetes" ? "in the cluster" : "in AWS");

/** @param made what is created of the same type. */
function removal(change: Change, made: Change[]): Finding[] {
  const durable = durableOf(change.type) ?? (change.old && durableOf(change.old.type));
  if (!durable) return [];
  const stays = change.old?.retainOnDelete === true;
  const staysWhere = `Nothing ${placeOf(change)}: it stays there, and the stack forgets it`;
  if (change.op === Operation.Replace) {
    const causes = change.properties
      .filter(({ causesReplacement }) => causesReplacement)
      .map(({ path, old, new: after }) => ({ path, old: shown(old), new: shown(after) }));
    return [
      {
        ...about(change),
        kind: FindingKind.Replaced,
        causes,
        why: causes.length > 0 ? "" : "Its provider or another resource demands it; no property is named.",
        lost: stays ? `${staysWhere}. The new one is empty.` : durable.lost,
        instead: durable.instead,
      },
    ];
  }
  if (change.op !== Operation.Delete) return [];
  const why = change.leftover
    ? "An earlier deployment replaced it and didn't get to delete it."
    : "The program doesn't have it any more.";
  return [
    {
      ...about(change),
      kind: stays ? FindingKind.Forgotten : FindingKind.Deleted,
      causes: [],
      why,
      lost: stays ? `${staysWhere}: nobody updates, protects or deletes it any more.` : durable.lost,
      instead: made.length > 0 && !change.leftover ? `${aliasFor(change, made)} ${durable.instead}` : durable.instead,
    },
  ];
}

/** A resource under another name is another one to the engine. */
function aliasFor({ name }: Change, made: Change[]): string {
  const next = closest(
    name,
    made.map((it) => it.name),
  );
  return `If it only is called otherwise now (${shown(next, 60)}, which would be created), give that one an alias.`;
}

function lostOptions(change: Change): Finding[] {
  const { old, new: after } = change;
  if (!old || !after || !durableOf(change.type)) return [];
  const findings: Finding[] = [];
  if (old.protect && !after.protect) {
    findings.push({
      ...about(change),
      kind: FindingKind.Unprotected,
      causes: [option("protect")],
      why: "",
      lost: "Pulumi's refusal to delete or replace it.",
      instead: "Leave the option protect at true.",
    });
  }
  if (old.retainOnDelete && !after.retainOnDelete) {
    findings.push({
      ...about(change),
      kind: FindingKind.Unretained,
      causes: [option("retainOnDelete")],
      why: "",
      lost: `That it stays ${placeOf(change)} when it leaves the stack.`,
      instead: "Leave the option retainOnDelete at true.",
    });
  }
  return findings;
}

/** @param existing what buckets are known by that are there already. */
function weakened(change: Change, existing: Set<unknown>): Finding[] {
  const { op, old, dependencies } = change;
  // What is durable is told as deleted or forgotten; of the rest, what it kept goes with it.
  const isGone = op === Operation.Delete && !durableOf(change.type) && old?.retainOnDelete !== true;
  const after = isGone ? {} : change.new?.inputs;
  if (!after) return [];
  // A bucket's name may not be known yet, and a preview that is told in events has no dependencies.
  const isAdded = op === Operation.Create && [after["bucket"], ...dependencies].some((it) => existing.has(it));
  return safeguards
    .filter(({ type, isSetting }) => type === tableType(change.type) && (old ?? (isSetting && isAdded)))
    .filter(({ isOutlived }) => !isGone || !isOutlived)
    .flatMap(({ path, weaker, lost, instead }): Finding[] => {
      const causes = weaker(old?.inputs ?? {}, after).map((it) => ({ path, old: shown(it.old), new: shown(it.new) }));
      return causes.length === 0
        ? []
        : [{ ...about(change), kind: FindingKind.Weakened, causes, why: "", lost, instead }];
    });
}
