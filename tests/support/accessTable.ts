import assert from "node:assert/strict";
import { isAllowed, type Principal, type Request } from "./access";

/** One line of a table of who may do what. */
export interface Row {
  who: string;
  action: string;
  /** What the resource is called in the table. */
  on: string;
  /** Under which circumstances, by the name that the table has for them. Default: none. */
  how?: string;
  may: boolean;
}

/** What a table's words stand for. */
export interface Words {
  principals: Record<string, Principal>;
  resources: Record<string, Pick<Request, "resource" | "resourcePolicy">>;
  circumstances: Record<string, Request["context"]>;
}

/** One test for each line. @param words called once the tests run. */
export function judge(rows: Row[], words: () => Words): void {
  for (const { who, action, on, how, may } of rows) {
    it(`${who}: ${action} on ${on}${how ? `, ${how}` : ""}: ${may ? "allowed" : "denied"}`, async () => {
      const { principals, resources, circumstances } = words();
      const [principal, resource, context] = [principals[who], resources[on], how ? circumstances[how] : {}];
      assert.ok(principal && resource && context, "a word of the table is unknown");
      assert.equal(await isAllowed(principal, { action, ...resource, context }), may);
    });
  }
}

type Line = [who: string, action: string, on: string, how?: string];

export const allowed = (...[who, action, on, how]: Line): Row => ({ who, action, on, how, may: true });
export const denied = (...[who, action, on, how]: Line): Row => ({ who, action, on, how, may: false });
