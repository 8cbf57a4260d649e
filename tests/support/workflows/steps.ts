import assert from "node:assert/strict";
import * as path from "node:path";
import { parseTexts, readTexts, type Step } from "./read";

/** A step with a script: its workflow and job, or its action, words of its script, and the spec that runs it or why none does. */
type Entry = [file: string, job: string, words: string, ranBy: { spec: string } | { reason: string }];

const STORY = { spec: "tests/engine/workflows.spec.ts" };
const SCRIPTS = { spec: "tests/unit/workflowScripts.spec.ts" };
const FORK = { spec: "tests/engine/ciPreview.spec.ts" };
const THE_RUN_ITSELF = { reason: "the run that this test is part of has done it" };

/** Every step with a script, by a name. */
export const STEPS = {
  "set-up: packages": ["actions/setup/action.yml", "", "npm ci", THE_RUN_ITSELF],
  "checks: packages": ["checks.yml", "checks", "apt-get", { reason: "only GitHub's runner is Ubuntu, as no root" }],
  checks: ["checks.yml", "checks", ".ci/run", THE_RUN_ITSELF],
  "deployment: tip": ["deploy-stack.yml", "deploy", "commits/main", SCRIPTS],
  "deployment: preview": ["deploy-stack.yml", "deploy", "npm run ci:preview", STORY],
  "deployment: page": ["deploy-stack.yml", "deploy", "GITHUB_STEP_SUMMARY", STORY],
  "deployment: up": ["deploy-stack.yml", "deploy", "pulumi up", STORY],
  "drift: comparison": ["drift-stack.yml", "drift", "npm run drift", STORY],
  "drift: issue": ["drift-stack.yml", "issue", "npm run ci:issue", STORY],
  "fork: preview": ["fork.yml", "preview", "npm run ci:preview", FORK],
  "fork: page": ["fork.yml", "preview", "GITHUB_STEP_SUMMARY", FORK],
  "preview: preview": ["preview-stack.yml", "preview", "npm run ci:preview", STORY],
  "preview: page": ["preview-stack.yml", "preview", "GITHUB_STEP_SUMMARY", SCRIPTS],
  "preview: comment": ["preview.yml", "comment", "npm run ci:comment", STORY],
  "release: packages": ["release.yml", "pack", "npm ci", THE_RUN_ITSELF],
  "release: commit": ["release.yml", "pack", "git merge-base", SCRIPTS],
  "release: notes": ["release.yml", "pack", "npm run ci:release", SCRIPTS],
  "release: tests": ["release.yml", "pack", "npm test", THE_RUN_ITSELF],
  "release: package": ["release.yml", "pack", "npm pack", SCRIPTS],
  "release: publication": ["release.yml", "publish", "npm publish", SCRIPTS],
  "release: announcement": ["release.yml", "announce", "gh release create", SCRIPTS],
  "teardown: name": ["teardown.yml", "destroy", "TYPED", STORY],
  "teardown: destruction": ["teardown.yml", "destroy", "pulumi destroy", STORY],
} satisfies Record<string, Entry>;

export type StepName = keyof typeof STEPS;

const { workflows } = parseTexts(readTexts(path.join(__dirname, "..", "..", "..")));

/** A step by its name in {@link STEPS}, with the environment of its job too. */
export function stepOf(name: StepName): Step {
  const [file, job, words] = STEPS[name];
  const { steps, env } = workflows.find((it) => it.file === file)!.jobs.find((it) => it.name === job)!;
  const [step, ...others] = steps.filter(({ run }) => run?.includes(words));
  assert.ok(step && others.length === 0, `${file}, job ${job}: one step with ${words}`);
  return { ...step, env: { ...env, ...step.env } };
}
