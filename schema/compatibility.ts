import { isDeepStrictEqual } from "node:util";
import type { ComplexType, PackageSpec, Property, Resource } from "@pulumi/pulumi/provider/experimental/schema";

type Properties = Record<string, Property> | undefined;

/** What a program may write or read of a thing. */
interface Surface {
  properties: Properties;
  required: string[] | undefined;
}

/** What decides whether a program that gave or took a value still can: all of a type but what is said of it. */
function form(property: Property): unknown {
  const { type, $ref, items, additionalProperties } = property as Property & { type?: string; $ref?: string };
  return {
    type,
    $ref,
    items: items && form(items),
    additionalProperties: additionalProperties && form(additionalProperties),
  };
}

/** Whether somewhere an output was taken that must now be plain. */
function hasBecomePlain(before: Property, after: Property): boolean {
  const inner = (key: "items" | "additionalProperties") =>
    before[key] !== undefined && after[key] !== undefined && hasBecomePlain(before[key], after[key]);
  return (!before.plain && after.plain === true) || inner("items") || inner("additionalProperties");
}

function removed(what: string, before: object, after: object): string[] {
  return Object.keys(before)
    .filter((name) => !(name in after))
    .map((name) => `${what} ${name} is gone`);
}

function changed(what: string, before: Properties = {}, after: Properties = {}): string[] {
  return Object.entries(before).flatMap(([name, property]) => {
    const now = after[name];
    if (!now) return [];
    if (!isDeepStrictEqual(form(property), form(now))) return [`${what} ${name} is of another type`];
    return hasBecomePlain(property, now) ? [`${what} ${name} takes no output any more`] : [];
  });
}

/** What can break a program that gives these. */
function givenLess(what: string, before: Surface, after: Surface): string[] {
  const newlyRequired = (after.required ?? []).filter((name) => !before.required?.includes(name));
  return [
    ...removed(what, before.properties ?? {}, after.properties ?? {}),
    ...changed(what, before.properties, after.properties),
    ...newlyRequired.map((name) => `${what} ${name} is required now`),
  ];
}

/** What can break a program that takes these. */
function takenLess(what: string, before: Surface, after: Surface): string[] {
  const stillThere = (before.required ?? []).filter((name) => after.properties && name in after.properties);
  return [
    ...removed(what, before.properties ?? {}, after.properties ?? {}),
    ...changed(what, before.properties, after.properties),
    ...stillThere.filter((name) => !after.required?.includes(name)).map((name) => `${what} ${name} may be absent now`),
  ];
}

const inputs = ({ inputProperties, requiredInputs }: Resource): Surface => ({
  properties: inputProperties,
  required: requiredInputs,
});
const outputs = ({ properties, required }: ComplexType): Surface => ({ properties, required });

function ofType(name: string, before: ComplexType, after: ComplexType): string[] {
  // SDKs have names for the values.
  const values = (type: ComplexType) =>
    Object.fromEntries((type.enum ?? []).map((it) => [`${it.name} = ${it.value}`, it]));
  return [
    ...removed(`${name}: the value`, values(before), values(after)),
    ...givenLess(`${name}: the property`, outputs(before), outputs(after)),
  ];
}

const short = (token: string) => token.split(":").at(-1)!;

const pairs = <T>(before: Record<string, T>, after: Record<string, T>) =>
  Object.entries(before).flatMap(([token, it]) => (after[token] ? [[short(token), it, after[token]] as const] : []));

/**
 * What in a newer schema can break a program that works with an older one, in words: removed, renamed, of another type, newly
 * required, newly plain.
 */
export function incompatibilities(before: PackageSpec, after: PackageSpec): string[] {
  return [
    ...removed("the component", before.resources, after.resources),
    ...pairs(before.resources, after.resources).flatMap(([name, was, is]) => [
      ...givenLess(`${name}: the argument`, inputs(was), inputs(is)),
      ...takenLess(`${name}: the output`, outputs(was), outputs(is)),
    ]),
    ...removed("the type", before.types, after.types),
    ...pairs(before.types, after.types).flatMap(([name, was, is]) => ofType(name, was, is)),
  ];
}

/** Whether a version may break what works with an earlier one: of another major, or below 1.0.0 of another minor (semver.org). */
export function mayBreak(before: string, after: string): boolean {
  const significant = (version: string) => version.split(".").slice(0, after.startsWith("0.") ? 2 : 1);
  return !isDeepStrictEqual(significant(before), significant(after));
}

/** @throws Error when a schema breaks what works with the last release's, and its version doesn't say so. */
export function assertCompatible(released: PackageSpec, now: PackageSpec): void {
  const found = incompatibilities(released, now);
  if (found.length === 0 || mayBreak(released.version!, now.version!)) return;
  throw new Error(
    `Version ${now.version} breaks programs that work with ${released.version}:\n${found.map((line) => `  - ${line}\n`).join("")}` +
      "Keep the old beside the new, or make it a major version (components/README.md, Versions).",
  );
}
