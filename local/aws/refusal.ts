import type { Violation } from "./models/validate";

/** How a service answers a request that its model doesn't allow: most in the words of `models/validate.ts`. */
export interface Refusal {
  code: string;
  words?: (violations: [Violation, ...Violation[]]) => { code?: string; explanation: string };
}
