import assert from "node:assert/strict";
import { requiredArguments } from "../../components/checks/requiredArguments";
import { placesOfComponents } from "../support/doors";
import { argumentsWith, refusalOf } from "../support/rightArguments";

const places = placesOfComponents();
const names = [...new Set(places.map(({ component }) => component))];
const required = places.filter(({ path, optional }) => !path.endsWith("*") && !optional.includes(path));

const missingIn = (message: string) =>
  [...message.matchAll(/^ {2}- (\S+) must be given; it is missing\.\n {4}It has no default\.$/gm)].map(([, it]) => it!);

/** As messages name places: the tests' records have the key `a`, those by zone their names. */
const inRecords = (path: string) => new RegExp(`^${path.replaceAll(".*", "\\.[^.]+")}$`);

describe("required arguments", () => {
  it("are those whose types aren't optional, and what is in them", () => {
    assert.deepEqual(
      Object.fromEntries(Object.entries(requiredArguments).map(([name, its]) => [name, [...its].sort()])),
      Object.fromEntries(
        names.map((name) => [
          name,
          required
            .filter((it) => it.component === name)
            .map(({ path }) => path)
            .sort(),
        ]),
      ),
      "a new argument that must be given needs its path in components/checks/requiredArguments.ts",
    );
  });

  for (const name of names) {
    it(`${name}: all that are missing are named in one message`, () => {
      const its = required.filter(({ component, path }) => component === name && !path.includes("."));
      assert.deepEqual(missingIn(refusalOf(name, {})).sort(), its.map(({ path }) => path).sort());
    });
  }

  for (const argument of required) {
    it(`${argument.component}.${argument.path} is missed alone`, () => {
      for (const nothing of [undefined, null]) {
        const missing = missingIn(refusalOf(argument.component, argumentsWith(argument, nothing)));
        assert.ok(missing.length > 0 && missing.every((it) => inRecords(argument.path).test(it)), missing.join());
      }
    });
  }
});
