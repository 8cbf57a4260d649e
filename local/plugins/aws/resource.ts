import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { changedProperties, type CheckFailure, type DiffResult, type Properties, UNKNOWN } from "../plugin";
import { hex } from "../../aws/records";
import type { Computed, Made, ResourceType } from "../../aws/services";

/** Where the stand-in is, and what it tags everything with. */
export interface Place {
  account: string;
  region: string;
  defaultTags: Record<string, string>;
}

const words = (list = "") => list.split(" ").filter(Boolean);
const isObject = (value: unknown): value is Properties => typeof value === "object" && value !== null;

/** The value at a dotted path. */
export function at(properties: Properties, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), properties);
}

/** A copy with another value at a dotted path; unchanged where the path leads into an unknown. */
function put(properties: Properties, [key, ...rest]: string[], value: unknown): Properties {
  if (key === undefined) return properties;
  if (rest.length === 0) return { ...properties, [key]: value };
  const inner = properties[key];
  return inner === UNKNOWN ? properties : { ...properties, [key]: put(isObject(inner) ? inner : {}, rest, value) };
}

function fill(computed: Computed, made: Made): unknown {
  if (typeof computed === "function") return (computed as (made: Made) => unknown)(made);
  if (typeof computed !== "string") return computed;
  return computed.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "hex") return hex(17);
    if (name === "uuid") return randomUUID();
    if (name === "now") return new Date().toISOString();
    return String(name in made ? made[name as "id"] : made.properties[name]);
  });
}

/** The paths that the program leaves to AWS, with what AWS puts there. */
const leftToAws = (type: ResourceType, inputs: Properties) =>
  Object.entries(type.computed ?? {}).filter(([path]) => at(inputs, path) === undefined);

const withRegion = (type: ResourceType, inputs: Properties, { region }: Place): Properties =>
  type.global ? inputs : { region, ...inputs };

/** Inputs as the provider completes them: default tags, and a name that is kept as long as the resource. */
export function complete(
  type: ResourceType,
  resourceName: string,
  inputs: Properties,
  olds: Properties | undefined,
  { defaultTags }: Place,
): Properties {
  const completed = { ...inputs };
  if (!type.untagged) {
    const { tags } = inputs;
    completed.tagsAll = isObject(tags) || tags === undefined ? { ...defaultTags, ...(tags as object) } : tags;
  }
  const { named } = type;
  if (named && completed[named] === undefined && completed[`${named}Prefix`] === undefined) {
    completed[named] = olds?.[named] ?? `${resourceName}-${hex(7)}`;
    completed.__defaults = [named];
  }
  return completed;
}

/** What the provider refuses of a program's inputs, in its words. */
export function wrongInputs({ takes = {} }: ResourceType, inputs: Properties): CheckFailure[] {
  return Object.entries(takes).flatMap(([property, values]) => {
    const given = at(inputs, property);
    if (given === undefined || given === UNKNOWN || values.includes(given as string)) return [];
    const reason = `expected ${property} to be one of [${values.map((it) => `"${it}"`).join(" ")}], got ${given as string}`;
    return [{ property, reason }];
  });
}

/** What a preview can know of a new resource. */
export function preview(type: ResourceType, inputs: Properties, place: Place): Properties {
  const outputs: Properties = { ...withRegion(type, inputs, place), id: UNKNOWN };
  return leftToAws(type, inputs).reduce((all, [path]) => put(all, path.split("."), UNKNOWN), outputs);
}

/** A new resource with everything that AWS adds. */
export function make(
  type: ResourceType,
  inputs: Properties,
  place: Place,
  records: Made["records"],
): { id: string; properties: Properties } {
  const { named } = type;
  let properties = withRegion(type, inputs, place);
  if (named && properties[named] === undefined) {
    // The provider's own form: a prefix and 26 digits.
    const digits = `${new Date().toISOString().replaceAll(/\D/g, "")}000000001`;
    properties = { ...properties, [named]: `${String(properties[`${named}Prefix`])}${digits}` };
  }
  const region = (properties.region ?? place.region) as string;
  const made: Made = { id: "", properties, account: place.account, region, records };
  const id = String(fill(type.id, made));
  for (const [path, computed] of leftToAws(type, properties)) {
    properties = put(properties, path.split("."), fill(computed, { ...made, id, properties }));
  }
  // A provider that is bridged from Terraform has the id among the outputs, too.
  return { id, properties: { ...properties, id } };
}

/** What changes between two sets of inputs, and whether AWS can change it in place. */
export function difference(type: ResourceType, olds: Properties, news: Properties): DiffResult {
  // What the program leaves to AWS is as AWS has it.
  const isLeft = (property: string) => news[property] === undefined && isComputed(type, property);
  const changed = changedProperties(olds, news).filter((property) => property !== "__defaults" && !isLeft(property));
  const paths =
    type.replaces === "*"
      ? changed.filter((property) => !property.startsWith("tags"))
      : [...words(type.replaces), "region"];
  const differs = (path: string) => !isDeepStrictEqual(at(olds, path), at(news, path));
  const replaces = paths.filter((path) => changed.includes(path.split(".")[0]!) && differs(path));
  const properties = [...new Set(replaces.map((path) => path.split(".")[0]!))];
  // A name that the program fixed can't exist twice, so the old thing has to go first.
  const fixed = type.named !== undefined && !news.__defaults && !properties.includes(type.named);
  return {
    changed,
    replaces: properties,
    deleteBeforeReplace: properties.length > 0 && (fixed || !!type.deletedFirst),
  };
}

/** A resource after a change in place; at a preview, what only the real change can tell is unknown. */
export function change(
  type: ResourceType,
  { oldInputs, olds, news }: Record<"oldInputs" | "olds" | "news", Properties>,
  isPreview: boolean,
): Properties {
  const dropped = Object.keys(oldInputs).filter((property) => !(property in news) && !isComputed(type, property));
  const kept = Object.entries(olds).filter(([property]) => !dropped.includes(property));
  const properties: Properties = { ...Object.fromEntries(kept), ...news };
  for (const [path] of leftToAws(type, news)) {
    if (at(olds, path) !== undefined) Object.assign(properties, put(properties, path.split("."), at(olds, path)));
  }
  const onlyTags = changedProperties(oldInputs, news).every((property) => property.startsWith("tags"));
  for (const [property, recompute] of Object.entries(onlyTags ? {} : (type.recomputed ?? {}))) {
    properties[property] = isPreview ? UNKNOWN : recompute(olds, news);
  }
  return properties;
}

const isComputed = (type: ResourceType, property: string) =>
  property === "region" || Object.keys(type.computed ?? {}).some((path) => path.split(".")[0] === property);

/** A resource's inputs as they are now, for a refresh; for an import everything, but AWS's own fields in nested objects. */
export function inputsOf(type: ResourceType, inputs: Properties, { id: _, ...properties }: Properties): Properties {
  const given = Object.keys(inputs);
  if (given.length === 0) {
    const own = Object.keys(type.computed ?? {}).filter(
      (path) => path.includes(".") && at(properties, path) !== undefined,
    );
    return own.reduce((all, path) => put(all, path.split("."), undefined), properties);
  }
  const entries = given.map((property): [string, unknown] => {
    const [input, found] = [inputs[property], properties[property]];
    // AWS's own fields in a nested object are no inputs; any tag is.
    const nested = isObject(input) && isObject(found) && !Array.isArray(input) && isComputed(type, property);
    return [property, nested ? { ...input, ...pick(found, Object.keys(input)) } : (found ?? input)];
  });
  return Object.fromEntries(entries);
}

const pick = (properties: Properties, names: string[]) =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
