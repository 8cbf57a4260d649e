import assert from "node:assert/strict";
import { UNREADABLE } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { type Registration, Secret } from "../support/registrations";
import { breaks, broken, changed } from "./breaks";
import { judge } from "./judgement";
import { subject } from "./subject";

/** Resources whose properties are broken one by one: those that some rule is about. */
const examined = new Set(rules.flatMap(({ types }) => types));

/** Values that say nothing about storage, and take long to go through. */
const IRRELEVANT = /(^|\.)(apiVersion|kind|description|tags|__provider|command|data|livenessProbe|startupProbe)(\.|$)/;

/** The paths of all values in a document. */
function* pathsOf(document: unknown, path: string[] = []): Generator<string[]> {
  if (path.length > 0 && IRRELEVANT.test(path.join("."))) return;
  if (typeof document !== "object" || document === null || document instanceof Secret) return yield path;
  for (const [key, value] of Object.entries(document)) yield* pathsOf(value, [...path, key]);
}

function valueAt(document: any, path: string[]): unknown {
  return path.reduce((value, key) => value?.[key], document);
}

/** A value of the same kind that is wrong. */
function otherThan(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value === 0 ? 1 : 0;
  if (value === "true" || value === "false") return value === "true" ? "false" : "true";
  return "other";
}

/** The program with one property changed, one left out, one protection off, and the like: each of them a program. */
function* mutants(registrations: Registration[]): Generator<Registration[]> {
  for (const it of breaks) yield broken(registrations, it, false);
  for (const [place, registration] of registrations.entries()) {
    if (!examined.has(registration.type)) continue;
    const withOne = (mutant: Registration) => registrations.map((it, index) => (index === place ? mutant : it));
    if (registration.protect) yield withOne({ ...registration, protect: false });
    for (const path of pathsOf(registration.inputs)) {
      const inputs = registration.inputs as unknown;
      const isItem = Array.isArray(valueAt(inputs, path.slice(0, -1)));
      if (!isItem) yield withOne({ ...registration, inputs: changed(inputs, path, undefined) });
      yield withOne({ ...registration, inputs: changed(inputs, path, otherThan(valueAt(inputs, path))) });
    }
  }
}

describe("mutants of prod", function () {
  this.timeout("5m");

  it("kill every rule, one property at a time", async function () {
    const registrations = await subject(false);
    assert.deepEqual(judge(registrations, false), []);
    let count = 0;
    let noticed = 0;
    const killed = new Set<string>();
    for (const mutant of mutants(registrations)) {
      const found = judge(mutant, false).filter(({ reasons }) => reasons.some((it) => !it.startsWith(UNREADABLE)));
      count += 1;
      if (found.length > 0) noticed += 1;
      for (const { rule } of found) killed.add(rule);
    }
    const killedOfAll = `${killed.size} of ${rules.length} rules killed by a mutant`;
    // The reporter ends with them: .ci/countingReporter.cjs
    Object.assign(this.test!, { figures: [killedOfAll, `${noticed} of ${count} mutants noticed`] });
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !killed.has(name)),
      [],
    );
  });
});
