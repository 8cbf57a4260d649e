import { spawnSync } from "node:child_process";
import { actions as recorded } from "./actions.json";
import { actionOf, deep, jobsOf, needed, type Rule, shown, stepsOf } from "./jobs";
import type { Ci, Inputs, Job, Step } from "./read";
import { STACK_RULES } from "./stackRules";

const pins: Rule = ({ workflows, actions }) =>
  [...workflows, ...actions].flatMap(({ file, text }) =>
    [...text.matchAll(/^\s*(?:- )?uses: *(\S+)(?: +# *(\S+))?/gm)].flatMap(([, reference = "", version]) => {
      if (reference.startsWith("./")) return [];
      const known = (recorded as Record<string, { version: string; commit: string }>)[actionOf(reference)];
      const expected = known && `${actionOf(reference)}@${known.commit} # ${known.version}`;
      const found = `${reference}${version === undefined ? "" : ` # ${version}`}`;
      if (!expected) return [`${file}: ${found}: the action isn't among those of tests/support/workflows/actions.json`];
      return found === expected ? [] : [`${file}: must be ${expected}, and is ${found}`];
    }),
  );

/** What an action or a called workflow declares; `undefined` for an unknown one, which another rule names. */
function declared(ci: Ci, reference: string): Inputs | undefined {
  if (!reference.startsWith("./")) {
    const known = (recorded as Record<string, { required: string[]; optional: string[] }>)[actionOf(reference)];
    const inputs = known && [
      ...known.required.map((it) => [it, { required: true }]),
      ...known.optional.map((it) => [it, {}]),
    ];
    return inputs && (Object.fromEntries(inputs) as Inputs);
  }
  const file = reference.replace("./.github/", "");
  const local = [...ci.actions, ...ci.workflows].find((it) =>
    [`${file}/action.yml`, file.replace("workflows/", "")].includes(it.file),
  );
  return local?.inputs;
}

const inputs: Rule = (ci) =>
  [...jobsOf(ci), ...stepsOf(ci)].flatMap(({ place, uses: reference, with: given }) => {
    if (!reference) return [];
    const known = declared(ci, reference);
    if (!known) return reference.startsWith("./") ? [`${place}: there is no ${reference}`] : [];
    const unknown = Object.keys(given).filter((name) => !(name in known));
    const missing = Object.keys(known).filter(
      (name) => known[name]!.required && known[name]!.default === undefined && !(name in given),
    );
    return [
      ...unknown.map((name) => `${place}: ${reference} takes no ${name}`),
      ...missing.map((name) => `${place}: ${reference} needs ${name}`),
    ];
  });

const sorted = (record: Record<string, string>) => shown(Object.fromEntries(Object.entries(record).sort()));

const permissions: Rule = (ci) => [
  ...ci.workflows
    .filter(({ permissions: given }) => shown(given) !== "{}")
    .map(
      ({ file, permissions: given }) =>
        `${file}: permissions must be {}, each job names its own; they are ${shown(given)}`,
    ),
  ...jobsOf(ci).flatMap((job) => {
    const given = typeof job.permissions === "object" ? sorted(job.permissions) : shown(job.permissions);
    const expected = sorted(needed(ci, job));
    return given === expected
      ? []
      : [`${job.place}: permissions must be what its steps need, ${expected}, and are ${given}`];
  }),
];

const timeLimits: Rule = (ci) =>
  jobsOf(ci)
    .filter(({ uses: called, timeout }) => !called && !(typeof timeout === "number" && timeout > 0 && timeout <= 180))
    .map(({ place, timeout }) => `${place}: timeout-minutes must be a number up to 180, and is ${shown(timeout)}`);

const commands: Rule = (ci, { scripts, engine }) =>
  stepsOf(ci).flatMap(({ place, run = "", uses: reference = "", with: given }) => [
    ...[...run.matchAll(/\bnpm run ([\w:-]+)/g)]
      .filter(([, name]) => !scripts.includes(name!))
      .map(([, name]) => `${place}: package.json has no script ${name}`),
    ...(reference.startsWith("pulumi/actions@") && given["pulumi-version"] !== engine
      ? [
          `${place}: pulumi-version must be ${engine}, as in local/tools/pulumi/go.mod, and is ${shown(given["pulumi-version"])}`,
        ]
      : []),
  ]);

/** What GitHub and the runner set themselves. */
const SET = /^(GITHUB|RUNNER)_|^(HOME|PATH)$/;

const scripts: Rule = (ci) => [
  ...ci.workflows
    .filter(({ shell, jobs }) => shell !== "bash" && jobs.some(({ steps }) => steps.some(({ run }) => run)))
    .map(
      ({ file, shell }) =>
        `${file}: defaults.run.shell must be bash, which ends at a failure in a pipe, and is ${shown(shell)}`,
    ),
  // Tests that run a script know of none of these.
  ...ci.workflows.flatMap(({ file, text }) =>
    [...text.matchAll(/^(env|\s+working-directory|\s{8,}shell):/gm)].map(
      ([, key]) => `${file}: must have no ${key!.trim()} there: a step's script has its own env, and bash`,
    ),
  ),
  ...[...jobsOf(ci), ...ci.actions.map((it) => ({ ...it, env: {} }))].flatMap(({ steps, env }) =>
    steps.flatMap((step) => scriptProblems(step, env)),
  ),
];

function scriptProblems({ place, run, env }: Step, ofJob: Record<string, unknown>): string[] {
  if (run === undefined) return [];
  const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
  const names = [...run.matchAll(/\$\{?([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name!);
  const unset = [...new Set(names)].filter((name) => !(name in env) && !(name in ofJob) && !SET.test(name));
  return [
    ...(status === 0 ? [] : [`${place}: bash can't read it: ${stderr.trim()}`]),
    ...(run.includes("${{") ? [`${place}: must take its values from env, and has \${{ }} in its script`] : []),
    ...unset.map((name) => `${place}: env must set ${name}`),
  ];
}

/** What tells a branch of this repository from somebody else's. */
const OWN = "github.event.pull_request.head.repo.full_name == github.repository";

/** What the change of a pull request is to. */
const BASE = '--base "origin/$GITHUB_BASE_REF"';

const forks: Rule = (ci) => [
  ...ci.workflows.flatMap(({ file, triggers, text }) => [
    ...triggers
      .filter((it) => ["pull_request_target", "workflow_run", "issue_comment"].includes(it))
      .map((it) => `${file}: must not run on ${it}, which gives a fork's change this repository's rights`),
    ...(/\$\{\{[^}]*\bsecrets\b|^\s*secrets:/m.test(text)
      ? [`${file}: must use no secrets: roles and npm trust the run itself`]
      : []),
  ]),
  ...stepsOf(ci)
    .filter(
      ({ uses: reference, with: given }) =>
        reference?.startsWith("actions/checkout@") && given["persist-credentials"] !== false,
    )
    .map(({ place }) => `${place}: persist-credentials must be false: later steps run other people's code`),
  ...stepsOf(ci)
    .filter(({ run = "" }) => /npm run ci:preview .*--local/.test(run) && !run.includes(BASE))
    .map(({ place }) => `${place}: must have ${BASE}: not every pull request is to main`),
  ...ci.workflows
    .filter(({ triggers }) => triggers.includes("pull_request"))
    .flatMap(({ jobs }) => jobs.flatMap((job) => forkProblems(ci, job, jobs))),
];

function forkProblems(ci: Ci, job: Job, all: Job[]): string[] {
  const isTrusted =
    deep(ci, job).some(({ environment }) => environment) || Object.values(needed(ci, job)).includes("write");
  const isOwn = ({ if: condition }: Job) => condition.startsWith(OWN) && !condition.includes("||");
  const after = all.filter(({ name }) => job.needs.includes(name));
  const isSkippedWith = !/\b(always|cancelled)\(\)/.test(job.if) || /needs\.\w+\.result != 'skipped'/.test(job.if);
  if (!isTrusted || isOwn(job) || (after.some(isOwn) && isSkippedWith)) return [];
  return [`${job.place}: must not run for forks: its condition must begin with ${OWN}`];
}

/** What every workflow keeps, by the name of what is looked at. */
export const RULES: Record<string, Rule> = {
  pins,
  inputs,
  permissions,
  timeLimits,
  commands,
  scripts,
  forks,
  ...STACK_RULES,
};
