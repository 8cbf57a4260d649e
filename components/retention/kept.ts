import type { Violation } from "../checks/violations";

/** Something that AWS doesn't show, in AWS's own words. */
export function missing(
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
    fix: `AWS shows none: ${words.trim().slice(0, 300)}`,
  };
}

/** What differs from what it has to be, as far as AWS tells. */
export const other =
  (argument: string, id: string, fix: string) =>
  <T extends string | boolean>(expected: string, has: T | undefined, wanted: T | undefined): Violation[] =>
    has === undefined || wanted === undefined || has === wanted
      ? []
      : [{ argument, expected, actual: typeof has === "string" ? `${id}, which has ${has}` : id, fix }];
