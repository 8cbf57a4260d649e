import { isDeepStrictEqual } from "node:util";
import { type Change, Operation, partsOf, type PropertyChange, type State } from "./changes";
import { cleaned, isPlaceholder, type Properties, secret, shown, type Value, valueAt } from "./values";

/** A resource's state, as the engine writes it. */
export interface RawState {
  type: string;
  custom?: boolean | undefined;
  id?: string | undefined;
  parent?: string | undefined;
  delete?: boolean | undefined;
  protect?: boolean | undefined;
  retainOnDelete?: boolean | undefined;
  inputs?: Record<string, unknown> | undefined;
  outputs?: Record<string, unknown> | undefined;
  dependencies?: string[] | null | undefined;
  additionalSecretOutputs?: string[] | null | undefined;
}

/** One step of the engine: https://github.com/pulumi/pulumi/blob/master/pkg/display/preview.go */
export interface Step {
  op: string;
  urn: string;
  old?: RawState | undefined;
  new?: RawState | undefined;
  /** Top-level properties that change. */
  diffs: string[];
  /** Top-level properties that cause a replacement. */
  replaces: string[];
  /** What changes in which way, by path. */
  detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | undefined;
}

/** What a step of the engine is to a reader: the steps of one replacement are one operation. */
const OPERATIONS: Record<string, Operation> = {
  create: Operation.Create,
  update: Operation.Update,
  delete: Operation.Delete,
  replace: Operation.Replace,
  "create-replacement": Operation.Replace,
  "delete-replaced": Operation.Replace,
  "read-replacement": Operation.Replace,
  "import-replacement": Operation.Replace,
  same: Operation.Same,
  read: Operation.Read,
  import: Operation.Import,
  refresh: Operation.Refresh,
  discard: Operation.Discard,
  "discard-replaced": Operation.Discard,
  "remove-pending-replace": Operation.Discard,
};

/** Which states a step can't be without. */
const NEEDED: Record<Operation, ("old" | "new")[]> = {
  create: ["new"],
  update: ["old", "new"],
  delete: ["old"],
  replace: [],
  same: ["old", "new"],
  read: ["new"],
  import: ["new"],
  refresh: ["old"],
  discard: ["old"],
};

/** Steps that can't be those of an engine: a sentence for each. */
export class StepsError extends Error {
  constructor(readonly mistakes: string[]) {
    super(mistakes.join("\n"));
  }
}

/**
 * What is secret in a Kubernetes Secret, wherever it came from: its data, and what `kubectl apply` and the provider copy
 * of it. The engine marks it where the program does.
 */
const HIDDEN = new Map([["kubernetes:core/v1:Secret", ["data", "stringData", "__inputs", "metadata.annotations"]]]);

/** A copy with a placeholder in the place of what is at some paths. */
function hidden(properties: Properties, paths: string[]): Properties {
  return paths.reduce((all, path) => {
    const [first = "", ...rest] = path.split(".");
    if (!Object.hasOwn(all, first)) return all;
    const inner = all[first];
    if (rest.length === 0) return { ...all, [first]: secret };
    if (typeof inner !== "object" || inner === null || Array.isArray(inner) || isPlaceholder(inner)) return all;
    return { ...all, [first]: hidden(inner, [rest.join(".")]) };
  }, properties);
}

function stateOf(raw: RawState): State {
  const hide = HIDDEN.get(raw.type) ?? [];
  return {
    type: raw.type,
    inputs: hidden(cleaned(raw.inputs ?? {}) as Properties, hide),
    outputs: hidden(cleaned(raw.outputs ?? {}) as Properties, [...hide, ...(raw.additionalSecretOutputs ?? [])]),
    protect: raw.protect === true,
    retainOnDelete: raw.retainOnDelete === true,
  };
}

const KINDS = new Map<string, PropertyChange["kind"]>([
  ["add", "add"],
  ["add-replace", "add"],
  ["delete", "delete"],
  ["delete-replace", "delete"],
]);

const isGroup = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isPlaceholder(value);

/** A change of an object as those of what differs in it: the rest says nothing. */
function leavesOf({ path, old, new: after, ...rest }: PropertyChange): PropertyChange[] {
  if (!isGroup(old) || !isGroup(after)) {
    return [{ path, ...rest, ...(old === undefined ? {} : { old }), ...(after === undefined ? {} : { new: after }) }];
  }
  const keys = [...new Set([...Object.keys(old), ...Object.keys(after)])];
  const differing = keys.filter((key) => !isDeepStrictEqual(old[key], after[key]));
  // A provider may see a difference that the values don't show.
  if (differing.length === 0) return [{ path, ...rest, old, new: after }];
  return differing.flatMap((key) => {
    const [before, then] = [old[key], after[key]];
    return leavesOf({
      ...rest,
      path: /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
      kind: before === undefined ? "add" : then === undefined ? "delete" : "update",
      ...(before === undefined ? {} : { old: before }),
      ...(then === undefined ? {} : { new: then }),
    });
  });
}

/** What changes of a resource, by path: as its provider says, or its top-level properties where it says nothing. */
function propertiesOf(step: Step, old: State | undefined, after: State | undefined): PropertyChange[] {
  if (!old || !after) return [];
  const change = (path: string, kind: PropertyChange["kind"], causesReplacement: boolean, ofInputs: boolean) => {
    const places = ofInputs ? [old.inputs, old.outputs] : [old.outputs, old.inputs];
    const [given] = places.map((it) => valueAt(it, path)).filter((it) => it !== undefined);
    const asked = valueAt(after.inputs, path) ?? valueAt(after.outputs, path);
    const [was, is] = [valueAt(old.outputs, path), valueAt(after.outputs, path)];
    // A refresh may find another state of the same inputs. A preview has no state yet, and two secrets look the same.
    const isFound = Object.keys(after.outputs).length > 0;
    const isOfState = isFound && isDeepStrictEqual(given, asked) && !isDeepStrictEqual(was, is);
    const [before, then] = isOfState ? [was, is] : [given, asked];
    return leavesOf({
      path,
      kind,
      causesReplacement,
      ...(kind === "add" || before === undefined ? {} : { old: before }),
      ...(kind === "delete" || then === undefined ? {} : { new: then }),
    });
  };
  const detailed = Object.entries(step.detailedDiff ?? {});
  const changes = detailed.flatMap(([path, { kind, inputDiff }]) =>
    change(path, KINDS.get(kind) ?? "update", kind.endsWith("-replace"), inputDiff),
  );
  // A reason that the detailed diff is silent about: https://github.com/pulumi/pulumi-terraform-bridge/issues/1501
  const isTold = (key: string, replaces: boolean) =>
    changes.some((it) => it.path.match(/^[^.[]+/)?.[0] === key && (it.causesReplacement || !replaces));
  for (const key of new Set([...step.replaces, ...step.diffs])) {
    const replaces = step.replaces.includes(key);
    if (!isTold(key, replaces)) changes.push(...change(key, "update", replaces, true));
  }
  return changes.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** What belongs to one resource's replacement, or the step by itself. */
function groupOf(step: Step, index: number): string {
  if (OPERATIONS[step.op] === Operation.Replace) return `replace ${step.urn}`;
  return String(index);
}

/** What is wrong with a step by itself. */
function mistakesOf(step: Step): string[] {
  const urn = shown(step.urn);
  const parts = partsOf(step.urn);
  const op = Object.hasOwn(OPERATIONS, step.op) ? OPERATIONS[step.op]! : undefined;
  if (!op) return [`"${shown(step.op, 40)}" is no operation of the engine (${urn}).`];
  if (!parts) return [`"${urn}" is no URN (${step.op}).`];
  const missing = NEEDED[op].filter((which) => !step[which]);
  if (missing.length > 0) return [`The ${missing.join(" and ")} state is missing (${step.op} of ${urn}).`];
  const { type } = step.new ?? step.old ?? parts;
  if (type !== parts.type) return [`Its type is ${shown(type)}, and by its URN ${parts.type} (${step.op} of ${urn}).`];
  return [];
}

/**
 * The changes that the engine's steps are, in their order, one for each resource.
 *
 * @throws StepsError, DepthError
 */
export function changesOf(steps: Step[]): Change[] {
  const groups = new Map<string, Step[]>();
  steps.forEach((step, index) => {
    const key = groupOf(step, index);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  });
  const mistakes = steps.flatMap(mistakesOf);
  for (const [step, ...others] of groups.values()) {
    const isWhole = OPERATIONS[step!.op] !== Operation.Replace || [step!, ...others].some((it) => it.old);
    if (!isWhole) mistakes.push(`The old state is missing (${step!.op} of ${shown(step!.urn)}).`);
  }
  if (mistakes.length > 0) throw new StepsError(mistakes);
  return [...groups.values()].map(changeOf);
}

function changeOf(steps: Step[]): Change {
  // A replacement's own step says what it is by; the others create and delete.
  const step = steps.find(({ op }) => op === "replace") ?? steps.find((it) => it.new) ?? steps[0]!;
  const first = (which: "old" | "new") => [step, ...steps].find((it) => it[which])?.[which];
  const [rawOld, rawNew] = [first("old"), first("new")];
  const op = OPERATIONS[step.op]!;
  const old = rawOld && op !== Operation.Create ? stateOf(rawOld) : undefined;
  const after = rawNew && op !== Operation.Delete ? stateOf(rawNew) : undefined;
  const raw = (after ? rawNew : rawOld)!;
  const { type, name } = partsOf(step.urn)!;
  const id = rawOld?.id ?? rawNew?.id;
  return {
    urn: step.urn,
    type,
    name,
    ...(raw.parent ? { parent: raw.parent } : {}),
    op,
    provider: type.split(":")[0]!,
    custom: raw.custom === true,
    ...(id ? { id: shown(cleaned(id)) } : {}),
    ...(op === Operation.Delete && rawOld?.delete === true ? { leftover: true as const } : {}),
    ...(old ? { old } : {}),
    ...(after ? { new: after } : {}),
    properties: propertiesOf(step, old, after),
    dependencies: raw.dependencies ?? [],
  };
}
