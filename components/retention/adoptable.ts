import type { Violation } from "../checks/violations";

/** A resource that AWS can't find, or doesn't show to this account. The fix quotes AWS's own message. */
export function notFound(
  argument: string,
  what: string,
  id: string,
  region: string | undefined,
  error: unknown,
): Violation {
  const where = region ? `in ${region}` : "in the stack's region";
  const [words = ""] = (error as Error).message.replace(/^invocation of \S+ returned an error: /, "").split("\n");
  return {
    argument,
    expected: `${what} that the account has ${where}`,
    actual: id,
    fix: `AWS answered: ${words.trim().slice(0, 300)}`,
  };
}

/** A property that isn't as it must be. A property that AWS doesn't report counts as correct. */
export const differing =
  (argument: string, id: string, fix: string) =>
  <T extends string | boolean>(expected: string, has: T | undefined, wanted: T | undefined): Violation[] =>
    has === undefined || wanted === undefined || has === wanted
      ? []
      : [{ argument, expected, actual: typeof has === "string" ? `${id}, which has ${has}` : id, fix }];
