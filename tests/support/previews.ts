import { isDeepStrictEqual } from "node:util";
import { program } from "./program";
import { type Registration, Secret } from "./registrations";

/** The engine's mark for what isn't known yet, and how it prints a secret. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SECRET = "[secret]";

/** A resource's state, as `pulumi preview --json` has it. */
export interface State {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  delete?: boolean;
  protect?: boolean;
  retainOnDelete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
  additionalSecretOutputs?: string[];
}

export interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
  diffReasons?: string[];
  replaceReasons?: string[];
  detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | null;
}

export interface Digest {
  config: Record<string, string>;
  steps: Step[];
  diagnostics?: { urn?: string; message: string; severity: string }[];
  duration: number;
  changeSummary: Record<string, number>;
}

export const urnOf = (type: string, name: string, stack = "dev"): string =>
  `urn:pulumi:${stack}::eks-storage::${type}::${name}`;

/** A resource's state, for a step. */
export const state = (type: string, name: string, more: Partial<State> = {}): State => ({
  urn: urnOf(type, name),
  type,
  custom: true,
  ...more,
});

/** What a preview prints: these steps, those of the stack itself, and their numbers. */
export function digest(steps: Step[], stack = "dev"): Digest {
  const own = { ...state("pulumi:pulumi:Stack", `eks-storage-${stack}`), custom: false, urn: "" };
  own.urn = urnOf(own.type, `eks-storage-${stack}`, stack);
  const all = [{ op: "same", urn: own.urn, oldState: own, newState: own }, ...steps];
  const changeSummary: Record<string, number> = {};
  for (const { op } of all) {
    if (/-replace/.test(op)) continue;
    changeSummary[op] = (changeSummary[op] ?? 0) + 1;
  }
  return { config: {}, steps: all, duration: 1_500_000_000, changeSummary };
}

/** A step's own URN is its state's. */
export function step(op: string, oldState: State | undefined, newState?: State, more: Partial<Step> = {}): Step {
  const { urn } = (newState ?? oldState)!;
  return { op, urn, ...(oldState ? { oldState } : {}), ...(newState ? { newState } : {}), detailedDiff: null, ...more };
}

/** Properties that can't be changed in place: the providers' schemas, where they say `willReplaceOnChanges`. */
const REPLACING: Record<string, string[]> = {
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/subnet:Subnet": ["cidrBlock", "vpcId"],
  "aws:efs/accessPoint:AccessPoint": ["fileSystemId", "rootDirectory"],
  "aws:efs/fileSystem:FileSystem": ["kmsKeyId"],
  "aws:efs/mountTarget:MountTarget": ["fileSystemId", "subnetId"],
  "aws:ssm/parameter:Parameter": ["name"],
};

/**
 * What a preview prints where the program is deployed with one configuration and gets another: as the engine does, by URN,
 * with what a replaced or new resource outputs not known yet.
 *
 * @param before changes of the stack's file, as deployed.
 * @param after the same, as previewed.
 */
export async function previewOf(
  stack: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Promise<Digest> {
  const [olds, news] = [await program(stack, { changes: before }), await program(stack, { changes: after })];
  const byUrn = (all: Registration[]) => new Map(all.map((it) => [it.urn, it]));
  const [oldByUrn, newByUrn] = [byUrn(olds), byUrn(news)];
  const unknown = new Set<string>();
  const steps = news.map((it): Step => {
    const old = oldByUrn.get(it.urn);
    const inputs = { ...it.inputs };
    for (const [property, urns] of Object.entries(it.propertyDependencies)) {
      if (urns.length > 0 && urns.every((urn) => unknown.has(urn)))
        inputs[property] = unknownIn(inputs[property], old?.inputs[property]);
    }
    const newState = stateOf(it, inputs);
    if (!old) {
      unknown.add(it.urn);
      return step("create", undefined, newState);
    }
    const changed = Object.keys({ ...old.inputs, ...inputs }).filter(
      (key) => !isDeepStrictEqual(old.inputs[key], inputs[key]),
    );
    const replaceReasons = changed.filter((key) => REPLACING[it.type]?.includes(key));
    const oldState = stateOf(old, old.inputs);
    if (changed.length === 0) return step("same", oldState, newState);
    const isReplaced = replaceReasons.length > 0;
    if (isReplaced) unknown.add(it.urn);
    const kind = (key: string) => (replaceReasons.includes(key) ? "update-replace" : "update");
    return step(isReplaced ? "replace" : "update", oldState, newState, {
      diffReasons: changed,
      ...(isReplaced ? { replaceReasons } : {}),
      detailedDiff: Object.fromEntries(changed.map((key) => [key, { kind: kind(key), inputDiff: true }])),
    });
  });
  const deletions = olds
    .filter(({ urn }) => !newByUrn.has(urn))
    .reverse()
    .map((it) => step("delete", stateOf(it, it.inputs)));
  return digest([...steps.filter(({ urn }) => !urn.includes("pulumi:pulumi:Stack")), ...deletions], stack);
}

/** A value that comes from what isn't made yet: of an object, what differs in it. */
function unknownIn(value: unknown, old: unknown): unknown {
  const isObject = (it: unknown) => typeof it === "object" && it !== null && !(it instanceof Secret);
  if (!isObject(value) || !isObject(old)) return UNKNOWN;
  const olds = old as Record<string, unknown>;
  const entries = Object.entries(value as object).map(([key, it]) => [
    key,
    isDeepStrictEqual(it, olds[key]) ? it : unknownIn(it, olds[key]),
  ]);
  return Array.isArray(value) ? entries.map(([, it]) => it as unknown) : Object.fromEntries(entries);
}

const stateOf = (it: Registration, inputs: Record<string, unknown>): State => ({
  urn: it.urn,
  type: it.type,
  custom: it.custom,
  ...(it.custom ? { id: `${it.name}-id` } : {}),
  parent: it.parent,
  protect: it.protect,
  retainOnDelete: it.retainOnDelete,
  inputs: masked(inputs) as Record<string, unknown>,
  dependencies: it.dependencies,
});

function masked(value: unknown): unknown {
  if (value instanceof Secret) return SECRET;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return typeof value === "symbol" ? UNKNOWN : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
}
