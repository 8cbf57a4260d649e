import { isDeepStrictEqual } from "node:util";
import { closest } from "fastest-levenshtein";
import { validateExamples } from "../components/checks/examples";
import { type Violation, violationLines } from "../components/checks/violations";
import { type Key, keys, parsed, type Settings } from "./keys";
import { constraints } from "./constraints";
import { validateProviderKeys } from "./providerKeys";

/** The configuration of a stack as the engine hands it to the program: defaults applied, lists and records as JSON. */
export interface Configuration {
  project: string;
  stack: string;
  /** By full name, such as `eks-storage:zones`; those of other namespaces, such as `pulumi:`, as well. */
  values: Record<string, string>;
  /** Pulumi.yaml's defaults, by full name, including those that the stack's file overrides. */
  defaults: Record<string, string>;
  /** Full names of the values that are encrypted. */
  secrets?: string[];
  /** Full names of the values that the engine refuses for their type, before it starts a program. */
  mistyped?: string[];
  /** What the stack's file has at its top level; left out where there is no file. */
  sections?: string[];
  /** Full names of the keys whose values aren't known here: neither they are checked, nor constraints that read them. */
  unseen?: string[];
}

/** What the check found: the settings, where all of them are known and valid, or what is wrong with them. */
export interface Checked {
  settings?: Settings;
  violations: Violation[];
}

/**
 * Checks all of a configuration at once: each key by itself, unknown keys, then every constraint whose keys are valid by
 * themselves. Pure: the program, `npm run config` and the local commands all ask it.
 */
export function checkConfiguration(configuration: Configuration): Checked {
  const { project, stack, values, defaults, secrets = [], mistyped = [], sections = [], unseen = [] } = configuration;
  const full = (name: string) => `${project}:${name}`;
  const settings: Partial<Record<Key, unknown>> = {};
  const violations: Violation[] = [];
  for (const [name, { expected, example, type }] of Object.entries(keys)) {
    if (unseen.includes(full(name))) continue;
    const value = values[full(name)];
    const result = type.safeParse(value);
    if (secrets.includes(full(name))) {
      violations.push({
        argument: name,
        expected: "stored as plain text",
        actual: "[secret]",
        fix: `No key of this project is a secret: pulumi config set --plaintext ${name} VALUE`,
      });
    } else if (result.success && !mistyped.includes(full(name))) settings[name as Key] = result.data;
    else {
      const fix = `In Pulumi.${stack}.yaml, such as ${full(name)}: ${example}`;
      violations.push({ argument: name, expected, actual: parsed(value), fix });
    }
  }
  const isDefault = (name: Key) =>
    isDeepStrictEqual(settings[name], keys[name].type.safeParse(defaults[full(name)]).data);
  for (const { reads, check } of constraints) {
    if (reads.every((name) => name in settings))
      violations.push(...check(settings as Settings, { project, stack, isDefault }));
  }
  violations.push(...examplesLeft(settings));
  const named = violations.map((violation) => ({ ...violation, argument: full(violation.argument) }));
  const names = Object.keys(values);
  const wrong = [
    ...named,
    ...unknownKeys(project, names),
    ...validateProviderKeys(project, values),
    ...unknownSections(sections),
  ];
  const isComplete = wrong.length === 0 && unseen.length === 0;
  return isComplete ? { settings: settings as Settings, violations: [] } : { violations: wrong };
}

/** Of every key, so that none can be forgotten; but tags are the user's own words. */
function examplesLeft({ tags: _, ...settings }: Partial<Record<Key, unknown>>): Violation[] {
  return validateExamples(settings);
}

/** A mistyped key would otherwise leave its default in force: `retension: retain` would protect nothing. */
function unknownKeys(project: string, names: string[]): Violation[] {
  const known = Object.keys(keys).map((name) => `${project}:${name}`);
  return names
    .filter((name) => (name.startsWith(`${project}:`) || !name.includes(":")) && !known.includes(name))
    .map((name) => {
      const renamed = name.replace(/(?<=^|:)kept(?=[A-Z])/, "adopt");
      const fix =
        renamed !== name && known.includes(renamed)
          ? `It is called ${renamed} now.`
          : `Pulumi would ignore it. The nearest is ${closest(name.slice(0, 100), known)}.`;
      return { argument: name, expected: "a key of this project", actual: name, fix };
    });
}

/** https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/, in lower case: Pulumi doesn't mind. */
const SECTIONS = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

/** Under `confg:` nothing would be in force. */
function unknownSections(sections: string[]): Violation[] {
  return sections
    .filter((name) => !SECTIONS.includes(name.toLowerCase()))
    .map((name) => ({
      argument: name,
      expected: `one of ${SECTIONS.join(", ")}: the sections of a stack's file`,
      actual: name,
      fix: `Pulumi would ignore it, and all that is below it. The nearest is ${closest(name.slice(0, 100), SECTIONS)}.`,
    }));
}

/**
 * All that is wrong, in one message for the person at the terminal.
 *
 * @param how a key is set. Default: as on AWS, by the Pulumi CLI.
 */
export function refusal(stack: string, violations: Violation[], how = "pulumi config set KEY VALUE"): string {
  return (
    `Pulumi.${stack}.yaml can't be deployed:\n${violationLines(violations)}\n` +
    `Fix a key with: ${how}. docs/configuration.md describes them all.`
  );
}
