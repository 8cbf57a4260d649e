import type { Properties } from "../../plugins/properties";

export interface Statement {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource?: string | string[];
  Principal: string | { AWS?: string | string[]; Service?: string | string[] };
  Condition?: Record<string, Record<string, string | boolean>>;
}

/** What a policy gives as one value or as a list of them. */
export const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Of a policy as text, or as the object that the SDK takes too. */
export const statementsOf = (policy: unknown): Statement[] =>
  list(((typeof policy === "string" ? JSON.parse(policy) : policy) as Properties).Statement as Statement | Statement[]);

/** Whether an action or a resource of a policy, which may end in a star, covers another. */
export const covers = (pattern: string, other: string) =>
  pattern.endsWith("*") ? other.startsWith(pattern.slice(0, -1)) : pattern === other;

/** Whether one of the statements allows an action on a resource. */
export const allows = (statements: Statement[], action: string, resource: string): boolean =>
  statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === "Allow" &&
      list(Action).some((allowed) => covers(allowed, action)) &&
      list(Resource).some((allowed) => covers(allowed, resource)),
  );
