import { type Registration, Secret } from "../support/registrations";
import { changed } from "./violations";
import { outputsOf } from "./evaluation";

/** A program with one change. */
export interface Mutant {
  registrations: Registration[];
  /** The changed resource; left out where it was removed. */
  changed?: Registration;
}

type Path = string[];

/** Paths without values that policies read: skipped to save time. */
const IRRELEVANT =
  /(^|\.)(apiVersion|kind|description|tags|__provider|command|data|livenessProbe|readinessProbe|startupProbe)(\.|$)/;

/** Values that the program leaves out, because the defaults of AWS and Kubernetes are safe. */
const OPTIONAL: [type: RegExp, path: string, value: unknown][] = [
  [/^aws:efs\/fileSystem:/, "availabilityZoneName", "eu-west-1a"],
  [/^aws:(s3\/bucket|backup\/vault):/, "forceDestroy", true],
  [/^aws:vpc\/securityGroupIngressRule:/, "cidrIpv4", "0.0.0.0/0"],
  [/^aws:vpc\/securityGroupIngressRule:/, "prefixListId", "pl-0123456789abcdef0"],
  [/^aws:ec2\/subnet:/, "mapPublicIpOnLaunch", true],
  [/^pulumi:providers:kubernetes$/, "deleteUnreachable", "true"],
  [/^pulumi:providers:kubernetes$/, "upsertExistingObjects", "true"],
  [/:PersistentVolume$/, "spec.hostPath", { path: "/data" }],
  [/:PersistentVolume$/, "spec.csi.volumeAttributes", { encryptInTransit: "false" }],
  [/^kubernetes:apps/, "spec.template.spec.hostNetwork", true],
  [/^kubernetes:apps/, "spec.template.spec.containers.0.securityContext.privileged", true],
];

/** Words that are allowed where others are, by the property's name. */
const WORDS: Record<string, unknown[]> = {
  whenDeleted: ["Delete"],
  whenScaled: ["Delete"],
  trafficType: ["ACCEPT"],
  Principal: ["*"],
  Action: ["*"],
  Resource: ["*"],
};

/** What a pod's volume may be instead. */
const VOLUMES = [{ emptyDir: {} }, { hostPath: { path: "/data" } }];

/** The paths of all that is in a document: what it holds, and what that holds. */
function* pathsOf(document: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) {
    if (IRRELEVANT.test(path.join("."))) return;
    yield path;
  }
  if (typeof document !== "object" || document === null || document instanceof Secret) return;
  for (const [key, value] of Object.entries(document)) yield* pathsOf(value, [...path, key]);
}

const valueAt = (document: any, path: Path): unknown => path.reduce((value, key) => value?.[key], document);

/** A value of the same kind that is wrong. */
function otherThan(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value === 0 ? 1 : 0;
  if (value === "true" || value === "false") return value === "true" ? "false" : "true";
  return "other";
}

function without(document: unknown, path: Path): unknown {
  const list = valueAt(document, path.slice(0, -1));
  if (!Array.isArray(list)) return changed(document, path, undefined);
  const rest = list.filter((_, index) => String(index) !== path.at(-1));
  return path.length === 1 ? rest : changed(document, path.slice(0, -1), rest);
}

/** The document in a text of JSON, nothing for another text. */
function documentIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/** A document with one value left out, wrong, another that is allowed, or the one that a neighbour of the same name has. */
function* otherDocuments(document: unknown): Generator<unknown> {
  const paths = [...pathsOf(document)];
  for (const path of paths) {
    const value = valueAt(document, path);
    const key = path.at(-1)!;
    yield without(document, path);
    for (const word of WORDS[key] ?? []) if (word !== value) yield changed(document, path, word);
    if (path.at(-2) === "volumes") {
      for (const kind of VOLUMES) yield changed(document, path, { name: (value as { name: string }).name, ...kind });
    }
    if (typeof value === "object" && value !== null && !(value instanceof Secret)) continue;
    const inner = documentIn(value);
    if (inner === undefined) yield changed(document, path, otherThan(value));
    else for (const it of otherDocuments(inner)) yield changed(document, path, JSON.stringify(it));
    const neighbours = paths.filter((it) => it.at(-1) === key && Number.isNaN(Number(key)));
    const theirs = new Set(neighbours.map((it) => valueAt(document, it)).filter((it) => typeof it === typeof value));
    theirs.delete(value);
    for (const it of theirs) yield changed(document, path, it);
  }
}

/** What others call a resource. */
function namesOf(registration: Registration): string[] {
  const outputs = outputsOf(registration, false);
  const { metadata } = registration.inputs as { metadata?: { name?: unknown } };
  const names = [outputs["id"], outputs["arn"], outputs["name"], outputs["bucket"], metadata?.name];
  return names.filter((it) => typeof it === "string");
}

/** A resource that refers to another of the same type, wherever it refers to one. */
function* otherReferences(registration: Registration, all: Registration[]): Generator<Registration> {
  const { inputs, dependencies, propertyDependencies } = registration;
  for (const path of pathsOf(inputs)) {
    const value = valueAt(inputs, path);
    if (typeof value !== "string" || path.join(".") === "metadata.name") continue;
    const origins = propertyDependencies[path[0]!] ?? [];
    const called = all.filter((it) => it !== registration && namesOf(it).includes(value));
    const linked = called.filter(({ urn }) => origins.includes(urn));
    for (const target of linked.length > 0 ? linked : called) {
      const index = namesOf(target).indexOf(value);
      for (const sibling of all.filter(({ type, urn }) => type === target.type && urn !== target.urn)) {
        const name = namesOf(sibling)[index];
        if (name === undefined || name === value) continue;
        const moved = (urns: string[]) => urns.map((urn) => (urn === target.urn ? sibling.urn : urn));
        yield {
          ...registration,
          inputs: changed(inputs, path, name),
          dependencies: moved(dependencies),
          propertyDependencies: { ...propertyDependencies, [path[0]!]: moved(origins) },
        };
      }
    }
  }
}

/** A resource that doesn't wait for one that it waited for, for those of one type, or for nothing at all. */
function* otherOrders(registration: Registration, all: Registration[]): Generator<Registration> {
  const { dependencies, propertyDependencies } = registration;
  const edges = new Set([...dependencies, ...Object.values(propertyDependencies).flat()]);
  const typeOf = (edge: string) => all.find(({ urn }) => urn === edge)?.type;
  const types = new Set([...edges].map(typeOf));
  const groups = [
    ...[...edges].map((edge) => new Set([edge])),
    ...[...types].map((type) => new Set([...edges].filter((edge) => typeOf(edge) === type))),
    edges,
  ];
  const distinct = new Map(groups.map((group) => [[...group].sort().join(), group]));
  for (const gone of distinct.values()) {
    if (gone.size === 0) continue;
    const kept = (urns: string[]) => urns.filter((urn) => !gone.has(urn));
    const properties = Object.entries(propertyDependencies).map(([property, urns]) => [property, kept(urns)] as const);
    yield { ...registration, dependencies: kept(dependencies), propertyDependencies: Object.fromEntries(properties) };
  }
}

function* others(registration: Registration, all: Registration[]): Generator<Registration> {
  if (registration.protect) yield { ...registration, protect: false };
  for (const inputs of otherDocuments(registration.inputs)) yield { ...registration, inputs };
  for (const [type, path, value] of OPTIONAL) {
    if (!type.test(registration.type)) continue;
    const inputs: unknown = changed(registration.inputs, path.split("."), value);
    yield { ...registration, inputs };
  }
  yield* otherReferences(registration, all);
  yield* otherOrders(registration, all);
}

/**
 * Every program with one change: a resource removed or unprotected, a value removed, replaced or added, a statement of an
 * IAM policy changed, a reference moved to a sibling, a dependency removed.
 */
export function* mutants(registrations: Registration[]): Generator<Mutant> {
  for (const registration of registrations) {
    if (registration.custom) yield { registrations: registrations.filter((it) => it !== registration) };
    for (const other of others(registration, registrations)) {
      yield { registrations: registrations.map((it) => (it === registration ? other : it)), changed: other };
    }
  }
}
