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
  /** What is wrong, if anything. */
  check: (settings: Settings, circumstances: Circumstances) => Violation[];
}

/** What a constraint may ask beside the settings. */
export interface Circumstances {
  /** The stack's name. */
  stack: string;
  /** Whether a key has its default from Pulumi.yaml: nobody has to have set it. */
  isDefault: (key: Key) => boolean;
}

/** What must hold and how to fix it, or false where it does. What is found is the key's value. */
export type Finding = { expected: string; fix: string } | false;

/** A constraint in its short form: the check gets the keys that it reads, and answers with a finding about its key. */
export function constraint<const Reads extends Key>(definition: {
  id: string;
  key: Key;
  title: string;
  reads: readonly Reads[];
  check: (settings: Pick<Settings, Reads>, circumstances: Circumstances) => Finding | Violation[];
}): Constraint {
  const { check, ...rest } = definition;
  return {
    ...rest,
    check: (settings, circumstances) => {
      const found = check(settings, circumstances);
      if (Array.isArray(found)) return found;
      return found === false ? [] : [{ argument: rest.key, actual: settings[rest.key], ...found }];
    },
  };
}

export const listed = (values: readonly string[]): string => values.join(", ");
