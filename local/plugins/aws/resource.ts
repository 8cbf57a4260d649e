import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { Account } from "../../aws/account";
import { type AwsRecord, hex } from "../../aws/records";
import type { Computed, NewResource, ResourceType } from "../../aws/resourceType";
import type { ProviderConfig } from "../../aws/service";
import type { CheckFailure, DiffResult } from "../plugin";
import { changedProperties, isObject, type Properties, UNKNOWN, valueAt, withValueAt } from "../properties";

const words = (list = "") => list.split(" ").filter(Boolean);

function compute(computed: Computed, resource: NewResource): unknown {
  if (typeof computed === "function") return (computed as (resource: NewResource) => unknown)(resource);
  if (typeof computed !== "string") return computed;
  const { id, region, account, properties } = resource;
  const values: Properties = { ...properties, id, region, account: account.id };
  return computed.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "hex") return hex();
    if (name === "uuid") return randomUUID();
    if (name === "now") return new Date().toISOString();
    return String(values[name]);
  });
}

/** The paths that the program leaves to AWS, with what AWS puts there. */
const leftToAws = (type: ResourceType, inputs: Properties) =>
  Object.entries(type.computed ?? {}).filter(([path]) => valueAt(inputs, path) === undefined);

const withRegion = (type: ResourceType, inputs: Properties, { region }: ProviderConfig): Properties =>
  type.global ? inputs : { region, ...inputs };

/** Inputs as the provider completes them: default tags, and a name that is kept as long as the resource. */
export function completeInputs(
  type: ResourceType,
  resourceName: string,
  inputs: Properties,
  olds: Properties | undefined,
  { defaultTags }: ProviderConfig,
): Properties {
  const completed = { ...inputs };
  if (!type.untagged) {
    const { tags } = inputs;
    completed.tagsAll = isObject(tags) || tags === undefined ? { ...defaultTags, ...(tags as object) } : tags;
  }
  const { named } = type;
  // What is there already without a name of the provider's keeps the one that it has.
  const isNew = Object.keys(olds ?? {}).length === 0;
  const name = isNew ? `${resourceName}-${hex(7)}` : olds?.[named!];
  if (named && name !== undefined && completed[named] === undefined && completed[`${named}Prefix`] === undefined) {
    completed[named] = name;
    completed.__defaults = [named];
  }
  return completed;
}

/** What the provider itself refuses of a program's inputs, in its words. */
export function checkFailures({ allowedValues = {}, longest = {} }: ResourceType, inputs: Properties): CheckFailure[] {
  const wrong = Object.entries(allowedValues).flatMap(([property, values]) => {
    const given = valueAt(inputs, property);
    if (given === undefined || given === UNKNOWN || values.includes(given as string)) return [];
    const reason = `expected ${property} to be one of [${values.map((it) => `"${it}"`).join(" ")}], got ${given as string}`;
    return [{ property, reason }];
  });
  const tooLong = Object.entries(longest).flatMap(([property, most]) => {
    const given = valueAt(inputs, property);
    if (typeof given !== "string" || given === UNKNOWN || given.length <= most) return [];
    return [{ property, reason: `expected length of ${property} to be in the range (0 - ${most}), got ${given}` }];
  });
  return [...wrong, ...tooLong];
}

/** What a preview can know of a new resource. */
export function preview(type: ResourceType, inputs: Properties, config: ProviderConfig): Properties {
  const outputs: Properties = { ...withRegion(type, inputs, config), id: UNKNOWN };
  return leftToAws(type, inputs).reduce((all, [path]) => withValueAt(all, path, UNKNOWN), outputs);
}

/** A new resource with everything that AWS adds. */
export function build(
  type: ResourceType,
  inputs: Properties,
  config: ProviderConfig,
  records: AwsRecord[],
): { id: string; properties: Properties } {
  const { named } = type;
  let properties = withRegion(type, inputs, config);
  if (named && properties[named] === undefined) {
    // The provider's own form: a prefix and 26 digits.
    const digits = `${new Date().toISOString().replaceAll(/\D/g, "")}000000001`;
    properties = { ...properties, [named]: `${String(properties[`${named}Prefix`])}${digits}` };
  }
  const region = (properties.region ?? config.region) as string;
  const resource: NewResource = { id: "", properties, region, account: new Account(records, config.accountId) };
  const id = String(compute(type.id, resource));
  for (const [path, computed] of leftToAws(type, properties)) {
    properties = withValueAt(properties, path, compute(computed, { ...resource, id, properties }));
  }
  // A provider that is bridged from Terraform has the id among the outputs, too.
  return { id, properties: { ...properties, id } };
}

/** What changes between two sets of inputs, and whether AWS can change it in place. */
export function diff(type: ResourceType, olds: Properties, news: Properties): DiffResult {
  // What the program leaves to AWS is as AWS has it.
  const isLeft = (property: string) => news[property] === undefined && isComputed(type, property);
  const changed = changedProperties(olds, news).filter((property) => property !== "__defaults" && !isLeft(property));
  const paths =
    type.replaces === "*"
      ? changed.filter((property) => !property.startsWith("tags"))
      : [...words(type.replaces), "region"];
  const differs = (path: string) => !isDeepStrictEqual(valueAt(olds, path), valueAt(news, path));
  const replaces = paths.filter((path) => changed.includes(path.split(".")[0]!) && differs(path));
  const properties = [...new Set(replaces.map((path) => path.split(".")[0]!))];
  // A name that the program fixed can't exist twice, so the old one has to go first.
  const fixed = type.named !== undefined && !news.__defaults && !properties.includes(type.named);
  return {
    changed,
    replaces: properties,
    deleteBeforeReplace: properties.length > 0 && (fixed || !!type.deleteBeforeReplace),
  };
}

/** A resource after an update in place; at a preview, what only the real change can tell is unknown. */
export function update(
  type: ResourceType,
  { oldInputs, olds, news }: Record<"oldInputs" | "olds" | "news", Properties>,
  isPreview: boolean,
): Properties {
  const dropped = Object.keys(oldInputs).filter((property) => !(property in news) && !isComputed(type, property));
  const kept = Object.entries(olds).filter(([property]) => !dropped.includes(property));
  const properties: Properties = { ...Object.fromEntries(kept), ...news };
  for (const [path] of leftToAws(type, news)) {
    if (valueAt(olds, path) !== undefined)
      Object.assign(properties, withValueAt(properties, path, valueAt(olds, path)));
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
export function readInputs(type: ResourceType, inputs: Properties, { id: _, ...properties }: Properties): Properties {
  const given = Object.keys(inputs);
  if (given.length === 0) {
    const own = Object.keys(type.computed ?? {}).filter(
      (path) => path.includes(".") && valueAt(properties, path) !== undefined,
    );
    return own.reduce((all, path) => withValueAt(all, path, undefined), properties);
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
