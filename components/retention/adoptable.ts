import { lookupFix } from "../checks/lookups";
import type { Violation } from "../checks/violations";

/** What a configuration names, and AWS is asked for. */
interface Named {
  argument: string;
  /** The kind of thing, such as `a KMS key`, or what AWS must be able to say of it: `a subnet with a route table`. */
  what: string;
  id: string;
  /** Where it must be. Default: in the stack's region. */
  region?: string;
  /** What whoever asks must be allowed. */
  right: string;
}

/** What is wrong with a resource by what AWS says of it, or why AWS says nothing. */
export async function lookedAt<T>(
  { argument, what, id, region, right }: Named,
  asked: Promise<T>,
  validate: (found: Partial<T>) => Violation[] | Promise<Violation[]>,
): Promise<Violation[]> {
  let found: Partial<T>;
  try {
    found = await asked;
  } catch (error) {
    const expected = `${what} that the account has ${region ? `in ${region}` : "in the stack's region"}`;
    return [{ argument, expected, actual: id, fix: lookupFix(right, error) }];
  }
  return validate(found);
}

/** A property that isn't as it must be. A property that AWS doesn't report counts as correct. */
export const differing =
  (argument: string, id: string, fix: string) =>
  <T extends string | boolean>(expected: string, has: T | undefined, wanted: T | undefined): Violation[] =>
    has === undefined || wanted === undefined || has === wanted
      ? []
      : [{ argument, expected, actual: typeof has === "string" ? `${id}, which has ${has}` : id, fix }];
