import type { Properties } from "../../plugins/properties";
import { constraintsOf, isOfType, isScalar, type Kind } from "./constraints";
import { type Model, type Shape, shapeOf } from "./model";

/** A value of a request that AWS's model doesn't allow. */
export interface Violation {
  kind: Kind;
  /** As AWS names members in its answers: `rootDirectory.path`, `tags.1.member.key`. */
  path: string;
  /** In AWS's words, too. */
  constraint: string;
  value: unknown;
  /** The value is no answer's. */
  sensitive: boolean;
}

/** Everything in a request that a model doesn't allow. */
export function violations(model: Model, operation: string, request: Properties): Violation[] {
  const input = model.operations[operation];
  if (!input) throw new Error(`No operation ${operation} in the model: run npm run models`);
  return check(model, input, request, "");
}

function check(model: Model, name: string, value: unknown, path: string): Violation[] {
  const shape = shapeOf(model, name);
  const sensitive = shape.sensitive === true;
  if (!isOfType(shape, value)) {
    return [{ kind: "type", path, constraint: `Member must be of type ${shape.type}`, value, sensitive }];
  }
  const own = constraintsOf(shape)
    .filter(({ isMet }) => !isMet(value))
    .map(({ kind, words: constraint }): Violation => ({ kind, path, constraint, value, sensitive }));
  return [...own, ...checkInside(model, shape, value as Properties, path)];
}

function checkInside(model: Model, shape: Shape, value: Properties, path: string): Violation[] {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  if (shape.type === "structure") return checkMembers(model, shape, value, at);
  if (shape.type !== "list" && shape.type !== "map") return [];
  const of = (shape.member ?? shape.value)!;
  const name = (key: string) => `${shape.type === "list" ? Number(key) + 1 : key}.member`;
  const items = Object.entries(value);
  const keys = shape.key ? items.map(([key]) => check(model, shape.key!, key, path)) : [];
  const values = items.map(([key, item]) => check(model, of, item, at(name(key))));
  const isWhole = isScalar(shapeOf(model, of));
  const what = shape.type === "list" ? "Member" : "Map value";
  return [
    ...keys.flatMap((found) => ofAll(found, model, shape.key!, "Map keys", path, value)),
    ...values.flatMap((found) => (isWhole ? ofAll(found, model, of, what, path, value) : found)),
  ];
}

/** AWS names a list of texts as a whole, with all that is asked of each. */
function ofAll(found: Violation[], model: Model, name: string, what: string, path: string, value: unknown) {
  const words = constraintsOf(shapeOf(model, name)).map((it) => it.words);
  const constraint = `${what} must satisfy constraint: [${words.join(", ")}]`;
  return found.slice(0, 1).map((it): Violation => (it.kind === "type" ? it : { ...it, constraint, path, value }));
}

function checkMembers(model: Model, shape: Shape, value: Properties, at: (name: string) => string): Violation[] {
  const { members = {}, required = [] } = shape;
  const given = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return [
    ...required
      .filter((name) => !given.some(([member]) => member === name))
      .map((name): Violation => {
        const path = at(lowerCamel(name));
        return { kind: "required", path, constraint: "Member must not be null", value: null, sensitive: false };
      }),
    ...given.flatMap(([name, member]): Violation[] => {
      const path = at(lowerCamel(name));
      const of = members[name];
      if (of) return check(model, of, member, path);
      const constraint = `Unknown parameter, must be one of: ${Object.keys(members).join(", ")}`;
      return [{ kind: "unknown", path, constraint, value: member, sensitive: false }];
    }),
  ];
}

const lowerCamel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/**
 * The words with which most of AWS's services refuse a request, such as
 * https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1073.
 */
export function explanation(found: Violation[]): string {
  const each = found.map(({ path, constraint, value, sensitive }) => {
    const shown = sensitive ? "" : shownValue(value);
    return `Value ${shown}at '${path}' failed to satisfy constraint: ${constraint}`;
  });
  return `${found.length} validation error${found.length > 1 ? "s" : ""} detected: ${each.join("; ")}`;
}

function shownValue(value: unknown): string {
  if (value === null) return "null ";
  if (Array.isArray(value)) return value.some((it) => typeof it === "object") ? "" : `'[${value.join(", ")}]' `;
  if (typeof value === "object") return "";
  const plain = value as string | number | boolean;
  return `'${String(plain)}' `;
}
