import type { Violation } from "../../components/checks/violations";
import type { Key, Settings } from "../keys";

/** What a key's value must be beside the values of others, or by the component's own checks that takes it. */
export interface Constraint {
  /** Names the constraint in documentation and tests. Never changes. */
  id: string;
  /** The key that is to be fixed. */
  key: Key;
  /** What holds where the constraint is met, in a sentence for the documentation. */
  title: string;
  /** The keys that it reads; it isn't checked where one of them is invalid by itself. */
  reads: readonly Key[];
  /** What is wrong, if anything. */
  check: (settings: Settings, circumstances: Circumstances) => Violation[];
}

/** What a constraint may ask beside the settings. */
export interface Circumstances {
  project: string;
  /** The stack's name. */
  stack: string;
  /** Whether a key has the value that Pulumi.yaml gives it by default. */
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
