import { type Change, Operation, partsOf } from "./changes";
import { isTold, toldOperations } from "./operations";
import { inOrder } from "./order";
import { durableOf } from "./safeguards";

/** Where a component's resources live. */
export const Platform = { Aws: "AWS", Kubernetes: "Kubernetes", Other: "other" } as const;
export type Platform = (typeof Platform)[keyof typeof Platform];

/**
 * What the picture needs to know of a resource, from a state, a preview or a program's registrations: nothing secret is among
 * it. `op`: `Same` by default.
 */
export type DiagramResource = Pick<Change, "urn" | "custom" | "parent" | "dependencies"> & Partial<Pick<Change, "op">>;

/** Resources of one type in one component to which the same happens. */
export interface DiagramRow {
  type: string;
  operation: Operation;
  /** Sorted, at least one. */
  names: string[];
  /** Whether something is lost with it: components/retention/durable.ts. */
  isDurable: boolean;
}

/** A component with all that is in it, or all that is in none. */
export interface DiagramBox {
  /** The component's URN; what stands for it where it isn't known. */
  key: string;
  /** The component's class, such as `FileSystem`. */
  title: string;
  /** Empty where the title or the stack's name says it, or it is unknown. */
  name: string;
  platform: Platform;
  /** What happens to the component itself. */
  operation: Operation;
  rows: DiagramRow[];
}

export interface Diagram {
  /** `PROJECT STACK`. */
  title: string;
  boxes: DiagramBox[];
  /** Resources that stay the same, and of which the preview gives only the number. */
  unseen: number;
  /** Keys of two boxes: the first needs the second. What follows from other arrows isn't among them. */
  arrows: [from: string, to: string][];
}

/** The box of what is in no component. */
export const OUTSIDE = "in no component";

const typeOf = (urn: string): string => partsOf(urn)?.type ?? "";
const isStack = (urn: string): boolean => typeOf(urn) === "pulumi:pulumi:Stack";
/** The types of what a resource is in, from the outside in, and its own. */
const typesOf = (urn: string): string[] => (urn.split("::")[2] ?? "").split("$");
/** What happens to it, where that is told of. */
const operationOf = ({ op = Operation.Same }: DiagramResource): Operation => (isTold(op) ? op : Operation.Same);
const isProvider = (urn: string): boolean => typeOf(urn).startsWith("pulumi:providers:");
/** `SnapshotController` and `snapshot-controller` are one name to a reader. */
const plain = (name: string): string => name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** `aws:efs/mountTarget:MountTarget` in three parts. */
export function typeParts(type: string): { pack: string; module: string; kind: string } {
  const [pack = "", module = "", kind = ""] = type.split(":");
  return { pack, module: pack === "kubernetes" ? module : module.split("/")[0]!, kind };
}

function platformOf(rows: DiagramRow[]): Platform {
  const count = (pattern: RegExp) =>
    rows.filter(({ type }) => pattern.test(typeParts(type).pack)).reduce((sum, { names }) => sum + names.length, 0);
  const [onAws, onKubernetes] = [count(/^(aws|awsx|aws-native|eks)$/), count(/^kubernetes/)];
  if (onAws + onKubernetes === 0) return Platform.Other;
  return onKubernetes > onAws ? Platform.Kubernetes : Platform.Aws;
}

/**
 * The URN of the component directly under the stack that a resource belongs to, or what stands for it. A preview tells only
 * what changes: a component above may be missing, and then its class is known from the URN, its name perhaps not.
 */
function boxOf(urn: string, byUrn: Map<string, DiagramResource>): string {
  let top = urn;
  for (const seen = new Set([urn]); ; seen.add(top)) {
    const parent = byUrn.get(top)?.parent;
    if (!parent || isStack(parent) || seen.has(parent)) break;
    top = parent;
  }
  const [first = "", ...below] = typesOf(top).filter((type) => type !== "pulumi:pulumi:Stack");
  const known = byUrn.get(top);
  if (known ? !known.custom : below.length === 0 && top !== urn) return top;
  return below.length > 0 ? `${first} of unknown name` : OUTSIDE;
}

/** Gravest first; what stays the same comes last. */
const grade = (operation: Operation): number =>
  isTold(operation) ? toldOperations.indexOf(operation) : toldOperations.length;

function rowsOf(resources: DiagramResource[]): DiagramRow[] {
  const rows = new Map<string, DiagramRow>();
  for (const resource of resources) {
    const { type = "", name = "" } = partsOf(resource.urn) ?? {};
    const operation = operationOf(resource);
    const key = `${operation} ${type}`;
    const row = rows.get(key) ?? { type, operation, names: [], isDurable: durableOf(type) !== undefined };
    row.names.push(name);
    rows.set(key, row);
  }
  const rank = ({ operation, isDurable }: DiagramRow) => grade(operation) * 2 + (isDurable ? 0 : 1);
  const sorted = [...rows.values()].sort((one, other) => rank(one) - rank(other) || inOrder(one.type, other.type));
  return sorted.map((row) => ({ ...row, names: row.names.sort(inOrder) }));
}

/** One arrow a pair of boxes, less those that follow from the rest. */
function arrowsOf(resources: DiagramResource[], boxOfUrn: (urn: string) => string | undefined): Diagram["arrows"] {
  const needs = new Map<string, Set<string>>();
  for (const { urn, dependencies } of resources) {
    const from = boxOfUrn(urn);
    for (const to of dependencies.map(boxOfUrn)) {
      if (from === undefined || to === undefined || from === to) continue;
      needs.set(from, (needs.get(from) ?? new Set()).add(to));
    }
  }
  const isReachable = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    for (const box of seen) needs.get(box)?.forEach((next) => seen.add(next));
    return seen.has(to);
  };
  const all = [...needs].flatMap(([from, targets]) => [...targets].map((to): [string, string] => [from, to]));
  return all
    .sort(([one, oneTo], [other, otherTo]) => inOrder(one, other) || inOrder(oneTo, otherTo))
    .filter(([from, to]) => {
      needs.get(from)!.delete(to);
      if (isReachable(from, to)) return false;
      needs.get(from)!.add(to);
      return true;
    });
}

/** Whether it is counted: a resource, or a component that is durable itself, such as a cluster, for all that is in it. */
function standsAlone(
  { urn, custom, parent }: DiagramResource,
  byUrn: Map<string, DiagramResource>,
  parents: Set<unknown>,
) {
  if (!custom) return !parents.has(urn) || durableOf(typeOf(urn)) !== undefined;
  const seen = new Set<string>();
  for (let above = parent; above && !seen.has(above); above = byUrn.get(above)?.parent) {
    if (byUrn.get(above)?.custom === false && durableOf(typeOf(above)) !== undefined) return false;
    seen.add(above);
  }
  return true;
}

/**
 * A stack's picture in data: a box for each component directly under the stack, its resources counted by type and by what
 * happens to them. In whatever order the resources come, it is the same. Providers count only where they change.
 *
 * @param unseen Resources that stay the same, and aren't among these.
 */
export function diagramOf(resources: DiagramResource[], unseen = 0): Diagram {
  const byUrn = new Map(resources.map((it) => [it.urn, it]));
  const parents = new Set(resources.map(({ parent }) => parent));
  const all = [...byUrn.values()].sort((one, other) => inOrder(one.urn, other.urn));
  const boxes = new Map<string, string>();
  const members = new Map<string, DiagramResource[]>();
  for (const it of all) {
    const isUnchanged = !isTold(operationOf(it));
    if (isStack(it.urn) || (isProvider(it.urn) && isUnchanged)) continue;
    const box = boxOf(it.urn, byUrn);
    boxes.set(it.urn, box);
    const isPart =
      it.urn !== box && (isUnchanged ? standsAlone(it, byUrn, parents) : it.custom || !parents.has(it.urn));
    members.set(box, [...(members.get(box) ?? []), ...(isPart ? [it] : [])]);
  }
  const first = all[0] && partsOf(all[0].urn);
  return {
    title: first ? `${first.project} ${first.stack}` : "No resources",
    unseen,
    boxes: [...members].map(([key, parts]) => ({ ...describe(key, byUrn), ...contents(parts) })),
    arrows: arrowsOf(all, (urn) => boxes.get(urn)),
  };
}

function contents(parts: DiagramResource[]): Pick<DiagramBox, "rows" | "platform"> {
  const rows = rowsOf(parts);
  return { rows, platform: platformOf(rows) };
}

function describe(key: string, byUrn: Map<string, DiagramResource>): Omit<DiagramBox, "rows" | "platform"> {
  const resource = byUrn.get(key);
  const operation = resource ? operationOf(resource) : Operation.Same;
  const parts = partsOf(key);
  if (!parts) return { key, operation, title: key === OUTSIDE ? key : typeParts(key.split(" ")[0]!).kind, name: "" };
  const title = typeParts(parts.type).kind;
  const isSaid = [`${parts.project}-${parts.stack}`, title].some((it) => plain(it) === plain(parts.name));
  return { key, operation, title, name: isSaid ? "" : parts.name };
}
