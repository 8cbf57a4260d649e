import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { scripts } from "../../package.json";
import { engineTools } from "../../local/tools/toolSets";
import { environments } from "../support/program";
import { parseTexts, readTexts, type Step } from "../support/workflows/read";
import type { Facts } from "../support/workflows/jobs";
import { MISTAKES } from "../support/workflows/mistakes";
import { RULES } from "../support/workflows/rules";
import { STEPS } from "../support/workflows/steps";

const CHECKOUT = path.join(__dirname, "..", "..");
const texts = readTexts(CHECKOUT);

const facts: Facts = {
  stacks: [...environments],
  scripts: Object.keys(scripts),
  engine: engineTools().version.slice(1),
};
const violations = (rule: string, of = texts) => RULES[rule]!(parseTexts(of), facts);

describe("the workflows", () => {
  it("are read: each with its jobs, and the action that they share", () => {
    const { workflows, actions } = parseTexts(texts);
    const jobs = Object.fromEntries(workflows.map(({ file, jobs }) => [file, jobs.map(({ name }) => name).join(" ")]));
    assert.deepEqual(jobs, {
      "checks.yml": "checks",
      "deploy-stack.yml": "preview deploy",
      "deploy.yml": "dev staging prod",
      "drift-stack.yml": "drift issue",
      "drift.yml": "drift",
      "fork.yml": "preview",
      "preview-stack.yml": "preview",
      "preview.yml": "preview comment",
      "release.yml": "pack publish announce",
      "teardown.yml": "destroy",
    });
    assert.deepEqual(
      actions.map(({ file, steps }) => [file, steps.length]),
      [
        ["actions/setup/action.yml", 3],
        ["actions/tools/action.yml", 1],
      ],
    );
  });

  it("know the stacks that have a file", () => {
    const files = fs.readdirSync(CHECKOUT).flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? []);
    assert.deepEqual([...environments].sort(), files.sort());
  });

  it("are run by a spec, script by script, or it is said why not", () => {
    const { workflows, actions } = parseTexts(texts);
    const scriptsOf = (file: string, job: string, steps: Step[]) =>
      steps.flatMap(({ run }) => (run ? [{ file, job, run }] : []));
    const scripts = [
      ...workflows.flatMap(({ file, jobs }) => jobs.flatMap(({ name, steps }) => scriptsOf(file, name, steps))),
      ...actions.flatMap(({ file, steps }) => scriptsOf(file, "", steps)),
    ];
    const namesOf = ({ file, job, run }: (typeof scripts)[0]) =>
      Object.entries(STEPS).filter(([, it]) => it[0] === file && it[1] === job && run.includes(it[2]));
    for (const script of scripts) assert.equal(namesOf(script).length, 1, JSON.stringify(script));
    assert.equal(scripts.length, Object.keys(STEPS).length, "no step is named that isn't there");
    for (const [name, [, , , ranBy]] of Object.entries(STEPS)) {
      if ("reason" in ranBy) continue;
      const runs = new RegExp(`\\b(stepOf|succeeds|run)\\("${name}"`);
      assert.match(fs.readFileSync(path.join(CHECKOUT, ranBy.spec), "utf8"), runs, `${ranBy.spec}: ${name}`);
    }
  });

  for (const rule of Object.keys(RULES)) it(`break no rule of ${rule}`, () => assert.deepEqual(violations(rule), []));
});

describe("a mistake in a workflow", () => {
  for (const [what, [rule, name, from, to, message]] of Object.entries(MISTAKES)) {
    it(`is found: ${what}`, () => {
      const file = name in texts ? name : `workflows/${name}`;
      const wrong = texts[file]!.replace(from, () => to);
      assert.notEqual(wrong, texts[file], "the mistake is made");
      const found = violations(rule, { ...texts, [file]: wrong });
      assert.ok(
        found.some((it) => message.test(it)),
        `${String(message)} in\n${found.join("\n")}`,
      );
    });
  }

  it("is made for every rule", () => {
    const made = new Set(Object.values(MISTAKES).map(([rule]) => rule));
    assert.deepEqual([...made].sort(), Object.keys(RULES).sort());
  });
});
