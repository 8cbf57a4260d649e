import type { Violation } from "../components/checks/violations";
import type { Key, Settings } from "./keys";

/** What values must be in the light of others, or by what a component says about them. */
export interface Constraint {
  /** Names the constraint in documentation and tests. Never changes. */
  id: string;
  /** The key that is to be fixed. */
  key: Key;
  /** What holds where the constraint is kept, in a sentence for the documentation. */
  title: string;
  /** The keys that it looks at; it isn't asked where one of them is wrong in itself. */
  reads: readonly Key[];
  /** What is wrong, if anything; `stack` is the stack's name. */
  check: (settings: Settings, stack: string) => Violation[];
}

/** What must hold and how to fix it, or false where it does. What is found is the key's value. */
export type Finding = { expected: string; fix: string } | false;

/** A constraint in its short form: the check gets the keys that it reads, and answers with a finding about its key. */
export function constraint<const Reads extends Key>(definition: {
  id: string;
  key: Key;
  title: string;
  reads: readonly Reads[];
  check: (settings: Pick<Settings, Reads>, stack: string) => Finding | Violation[];
}): Constraint {
  const { check, ...rest } = definition;
  return {
    ...rest,
    check: (settings, stack) => {
      const found = check(settings, stack);
      if (Array.isArray(found)) return found;
      return found === false ? [] : [{ argument: rest.key, actual: settings[rest.key], ...found }];
    },
  };
}

/** The violations of a component, with the keys in the places of the arguments that they fill. */
export function under(names: Record<string, Key>, violations: Violation[]): Violation[] {
  const named = (text: string) =>
    Object.entries(names).reduce((words, [name, key]) => words.replaceAll(new RegExp(`\\b${name}\\b`, "g"), key), text);
  return violations.map(({ argument, expected, actual, fix }) => ({
    argument: named(argument),
    expected: named(expected),
    actual,
    fix: named(fix),
  }));
}

export const listed = (values: readonly string[]): string => values.join(", ");
