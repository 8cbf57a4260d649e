import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { loadSettings } from "../../../config";
import { type Key, keys } from "../../../config/keys";
import { configurationOf, environments, runProgram } from "../../support/program";

const RUNS = 10_000;
const PROJECT = "eks-storage";
const names = Object.keys(keys) as Key[];

/** Texts that break parsers, tables, terminals and regular expressions. */
const hostile = fc.constantFrom(
  ...["", " ", "\0", "\n  - forged", "\u001b[31m", "__proto__", "constructor", "null", "NaN", "-0", "1e999", "0x10"],
  ...["[", "{", "[]", "{}", "[[]]", "[null]", '[""]', '["\\n"]', '{"__proto__":{"a":1}}', '{"a":{"b":{}}}', '"text"'],
  ...["10.0.0.0/16/16", "999.0.0.0/16", "::/0", "0.0.0.0/0", '["0.0.0.0/0"]', '["::/0"]', "/../..", "eu-west-1a\n"],
  ...["9".repeat(400), "/".repeat(5000), "a".repeat(100_000), `["${"x".repeat(5000)}"]`, "[".repeat(5000)],
);
/** Values that are right in themselves, or nearly. */
const plausible = fc.constantFrom(
  ...names.map((name) => keys[name].example.replace(/^"|"$/g, "")),
  ...[
    "0",
    "1",
    "2",
    "40",
    "100",
    "1000",
    "4294967295",
    "true",
    "false",
    "private",
    "public",
    "delete",
    "retain",
    "perZone",
  ],
  ...[
    "10.0.0.0/22",
    "172.20.0.0/16",
    "192.168.0.0/20",
    "1.34",
    "1.36",
    "us-east-1",
    "eu-west-1b",
    "eu-west-1c",
    "1Gi",
    "9Ti",
  ],
  ...[
    '["eu-west-1a","eu-west-1b","eu-west-1c"]',
    '["us-east-1a","us-east-1b"]',
    '["198.18.113.0/24","198.18.113.7/32"]',
  ],
  ...[
    '["arn:aws:iam::111101013333:role/deployer"]',
    '{"team":"web"}',
    '["10.0.0.0/8"]',
    "/a/b/c/d/e",
    "customer",
    "prod",
  ],
);
const anyValue = fc.oneof(
  { weight: 3, arbitrary: plausible },
  { weight: 2, arbitrary: hostile },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.json() },
);
const anyKey = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<string>(...names) },
  {
    weight: 1,
    arbitrary: fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "zone", "a:b", "Retention")),
  },
);
const changes = fc.dictionary(anyKey, fc.option(anyValue, { nil: undefined }), { maxKeys: 8 });

describe("any configuration at all", function () {
  this.timeout("3m");

  before(() =>
    pulumi.runtime.setMocks({ newResource: () => assert.fail("a resource"), call: () => ({}) }, PROJECT, "prod"),
  );

  it(`of ${RUNS} random and hostile ones, each gives settings, or one refusal that names keys`, () => {
    const files = environments.map((stack) => configurationOf(stack));
    const count = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...files), changes, (file, changed) => {
        const given = Object.entries({ ...file, ...qualified(changed) }).filter(([, value]) => value !== undefined);
        pulumi.runtime.setAllConfig(Object.fromEntries(given) as Record<string, string>);
        try {
          assert.deepEqual(Object.keys(loadSettings(new pulumi.Config(PROJECT))).sort(), [...names].sort());
          count.accepted += 1;
        } catch (error) {
          assert.ok(pulumi.RunError.isInstance(error), (error as Error).stack);
          const [title, ...lines] = error.message.split("\n");
          assert.equal(title, "Pulumi.prod.yaml can't be deployed:");
          assert.match(lines.pop()!, /^Fix a key with/);
          assert.ok(lines.length >= 2 && lines.length % 2 === 0, error.message);
          lines.forEach((line, index) => {
            assert.match(line, index % 2 === 0 ? /^ {2}- eks-storage:.*must be .+; it is .+\.$/su : /^ {4}\S/);
            assert.ok(line.length < 5000 && !/\p{Cc}/u.test(line), "readable");
          });
          count.refused += 1;
        }
      }),
      { numRuns: RUNS },
    );
    assert.equal(count.accepted + count.refused, RUNS);
    assert.ok(count.accepted > RUNS / 50 && count.refused > RUNS / 2, JSON.stringify(count));
  });
});

describe("a random configuration, in the whole program", function () {
  this.timeout("3m");

  it("registers nothing where it is refused, and is refused by no component where it isn't", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...environments),
        fc.dictionary(anyKey, plausible, { maxKeys: 2 }),
        async (stack, changed) => {
          const { registrations, error } = await runProgram(stack, { changes: changed, preview: true });
          if (!error) return void (accepted += 1);
          assert.match(error.message, /^Pulumi\.\w+\.yaml can't be deployed:/, error.stack);
          assert.deepEqual(
            registrations.map(({ type }) => type),
            ["pulumi:pulumi:Stack"],
          );
        },
      ),
      { numRuns: 20 },
    );
    assert.ok(accepted >= 1, "one at least goes through the program");
  });
});

const qualified = (values: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${PROJECT}:${name}`, value]));
