import type { Violation } from "./violations";

/** What is wrong with alternatives, by their arguments' names, of which one and only one must be given. */
export function validateExactlyOne(alternatives: Record<string, unknown>): Violation[] {
  const given = Object.keys(alternatives).filter((name) => alternatives[name] !== undefined);
  if (given.length === 1) return [];
  const names = Object.keys(alternatives).join(", ");
  return [
    {
      argument: `one of ${names}`,
      expected: "given, and no other",
      actual: given,
      fix: "They are alternatives: choose one, and leave out the rest.",
    },
  ];
}
