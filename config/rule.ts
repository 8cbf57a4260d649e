import type { Problem } from "../components/checks/violations";
import type { Key, Settings } from "./keys";

/** What values must be in the light of others, or by what a component says about them. */
export interface Rule {
  /** Names the rule in documentation and tests. Never changes. */
  id: string;
  /** The key that is to be mended. */
  key: Key;
  /** What holds where the rule is kept, in a sentence for the documentation. */
  title: string;
  /** The keys that it looks at; it isn't asked where one of them is wrong in itself. */
  reads: readonly Key[];
  /** What is wrong, if anything; `stack` is the stack's name. */
  check: (settings: Settings, stack: string) => Problem[];
}

/** What must hold and how to mend it, or false where it does. What is found is the key's value. */
export type Finding = { expected: string; mend: string } | false;

/** A rule in its short form: the check gets the keys that it reads, and answers with a finding about its key. */
export function rule<const Reads extends Key>(definition: {
  id: string;
  key: Key;
  title: string;
  reads: readonly Reads[];
  check: (settings: Pick<Settings, Reads>, stack: string) => Finding | Problem[];
}): Rule {
  const { check, ...rest } = definition;
  return {
    ...rest,
    check: (settings, stack) => {
      const found = check(settings, stack);
      if (Array.isArray(found)) return found;
      return found === false ? [] : [{ argument: rest.key, found: settings[rest.key], ...found }];
    },
  };
}

/** The problems of a component, with the keys in the places of the arguments that they fill. */
export function under(names: Record<string, Key>, problems: Problem[]): Problem[] {
  const named = (text: string) =>
    Object.entries(names).reduce((words, [name, key]) => words.replaceAll(new RegExp(`\\b${name}\\b`, "g"), key), text);
  return problems.map(({ argument, expected, found, mend }) => ({
    argument: named(argument),
    expected: named(expected),
    found,
    mend: named(mend),
  }));
}

export const listed = (values: readonly string[]): string => values.join(", ");
