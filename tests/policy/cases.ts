import assert from "node:assert/strict";
import { policies } from "../../policy/policies";
import type { Registration } from "../support/registrations";
import { evaluateAll } from "./evaluation";

/** What a policy finds of some resources. */
export interface Case {
  what: string;
  policy: string;
  resources: Registration[];
  /** The violation; left out where the resources pass, or can't be checked. */
  violation?: RegExp;
  isNotKnown?: boolean;
  preview?: boolean;
}

/** Has a test for each. */
export function hold(cases: Case[]): void {
  for (const { what, policy, resources, violation, isNotKnown, preview } of cases) {
    const verdict = violation ? "violates" : isNotKnown ? "can't be checked by" : "passes";
    it(`${what} ${verdict} ${policy}`, () => {
      const results = evaluateAll(resources, preview ?? false, [policies.find(({ name }) => name === policy)!]);
      const actual = results.flatMap((it) => it.violations);
      const unchecked = results.filter(({ notKnown }) => notKnown !== undefined);
      assert.equal(unchecked.length > 0, isNotKnown ?? false, JSON.stringify(results));
      if (violation) assert.match(actual.join("\n"), violation);
      else assert.deepEqual(actual, []);
    });
  }
}
