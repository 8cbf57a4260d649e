import { isObject, type Properties } from "../plugins/properties";
import { type Model, type Shape, shapeOf } from "./models/model";

/** A path of a request's members; `[]` after a member is a list with one element, `=TEXT` at its end what stands there. */
type MemberPath = string;

/**
 * Where the inputs of a type of resource go, by path. What is called as its member, but for the case, isn't listed.
 * An object says where an input goes by operation.
 */
export type Members = Record<string, MemberPath | MemberPath[] | Record<string, MemberPath>>;

/** The provider keeps it to itself, or tells AWS by the operations that it calls. */
export const NOT_SENT = "";

/** AWS has its properties where Pulumi has the object. */
export const INLINE = ".";

/** Of every type: the provider sends the tags with its own default tags among them. */
const COMMON: Members = { region: NOT_SENT, tags: NOT_SENT, tagsAll: "Tags" };

export interface AwsRequest {
  operation: string;
  request: Properties;
}

const isGiven = ([name, value]: [string, unknown]) => value !== undefined && value !== null && !name.startsWith("__");

/**
 * What the provider sends for a resource, and the names of the inputs that none of it has a place for. The first operation
 * is always called, another when it carries an input that none before it has carried.
 */
export function requestsOf(
  model: Model,
  operations: string[],
  own: Members,
  inputs: Properties,
): { requests: AwsRequest[]; left: string[] } {
  const members = { ...COMMON, ...own };
  const given = Object.entries(inputs)
    .flatMap(([name, value]): [string, unknown][] =>
      members[name] === INLINE && isObject(value)
        ? Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner])
        : [[name, value]],
    )
    .filter(isGiven);
  const builder = new RequestBuilder(model, members);
  const carried = new Set<string>();
  const requests = operations.flatMap((operation, index): AwsRequest[] => {
    const shape = shapeOf(model, model.operations[operation]!);
    const placed = given.filter(([path]) => builder.memberPathsOf(shape, path, operation).length > 0);
    if (index > 0 && placed.every(([path]) => path === "id" || carried.has(path))) return [];
    placed.forEach(([path]) => carried.add(path));
    return [{ operation, request: builder.build(shape, placed, operation) }];
  });
  const isPlaced = (path: string) => path === "id" || path in members || carried.has(path);
  return { requests, left: given.map(([path]) => path).filter((path) => !isPlaced(path)) };
}

class RequestBuilder {
  constructor(
    private readonly model: Model,
    private readonly members: Members,
  ) {}

  build(shape: Shape, values: [path: string, value: unknown][], operation: string): Properties {
    const target: Properties = {};
    for (const [path, value] of values) {
      const places = this.memberPathsOf(shape, path, operation);
      if (places.length === 0 && this.members[path] !== NOT_SENT) target[path.split(".").pop()!] = value;
      for (const place of places) {
        const [members = "", text] = place.split("=");
        this.put(target, shape, members.split("."), path, text ?? value);
      }
    }
    return target;
  }

  /** Those places of an input that a structure has. */
  memberPathsOf({ members = {} }: Shape, path: string, operation: string): MemberPath[] {
    const name = path.split(".").pop()!.toLowerCase();
    const place = this.members[path] ?? Object.keys(members).find((member) => member.toLowerCase() === name) ?? [];
    const places = isObject(place) && !Array.isArray(place) ? (place[operation] ?? []) : place;
    return [places].flat().filter((it) => it.split(/[.[=]/)[0]! in members);
  }

  private put(target: Properties, shape: Shape, [first = "", ...rest]: string[], path: string, value: unknown): void {
    const name = first.replace("[]", "");
    const isList = first !== name;
    const inner = shape.members![name]!;
    const element = isList ? shapeOf(this.model, inner).member! : inner;
    if (rest.length === 0) {
      const converted = this.convert(element, path, value);
      target[name] = isList ? [converted] : converted;
      return;
    }
    target[name] ??= isList ? [{}] : {};
    const into = isList ? (target[name] as Properties[])[0]! : (target[name] as Properties);
    this.put(into, shapeOf(this.model, element), rest, path, value);
  }

  /** A value as its shape has it. */
  private convert(name: string, path: string, value: unknown): unknown {
    const shape = shapeOf(this.model, name);
    if (shape.type === "list") return this.list(shape.member!, path, value);
    if (shape.type === "structure" && isObject(value)) {
      const [only, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
      if (!isObject(only) || others.length > 0) return value;
      const inner = Object.entries(only).filter(isGiven);
      return this.build(
        shape,
        inner.map(([key, item]) => [`${path}.${key}`, item]),
        "",
      );
    }
    if (shape.type === "boolean" && ["true", "false"].includes(value as string)) return value === "true";
    // A document, such as a policy.
    return shape.type === "string" && isObject(value) ? JSON.stringify(value) : value;
  }

  /** AWS has lists where Pulumi has an object: of pairs, such as tags, and where there is one element at most. */
  private list(element: string, path: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.convert(element, path, item));
    if (!isObject(value)) return value;
    const names = Object.keys(shapeOf(this.model, element).members ?? {});
    const key = names.find((name) => /^((tag)?key|name)$/i.test(name));
    const text = names.find((name) => /^(tag)?value$/i.test(name));
    if (!key || !text) return [this.convert(element, path, value)];
    return Object.entries(value).map(([one, other]) => ({ [key]: one, [text]: other }));
  }
}
