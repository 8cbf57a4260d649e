import type { Ci, Job } from "./read";

/** What the workflows are held against. */
export interface Facts {
  /** As the files Pulumi.STACK.yaml say. */
  stacks: string[];
  /** Scripts of package.json. */
  scripts: string[];
  /** The version of the engine that local/tools/pulumi pins: 3.251.0. */
  engine: string;
}

/** Every mistake of one kind, each with its place, what must be and what is. */
export type Rule = (ci: Ci, facts: Facts) => string[];

export const jobsOf = ({ workflows }: Ci) => workflows.flatMap(({ jobs }) => jobs);
export const stepsOf = (ci: Ci) => [
  ...jobsOf(ci).flatMap(({ steps }) => steps),
  ...ci.actions.flatMap(({ steps }) => steps),
];
export const runs = (job: Job, pattern: RegExp) => job.steps.some(({ run }) => run !== undefined && pattern.test(run));
const uses = (job: Job, action: string) => job.steps.some((step) => step.uses?.startsWith(`${action}@`));
export const actionOf = (reference: string) => reference.split("@")[0]!;

export const CREDENTIALS = "aws-actions/configure-aws-credentials";
/** What changes a stack. */
export const CHANGE = /\bpulumi (up|destroy)\b/;
/** What reads a stack's state. */
export const STATE = /\bpulumi (up|destroy)\b|npm run (drift|ci:preview) (?!.*--local)/;

/** The jobs that a job calls, if it calls a workflow of this repository. */
const calledBy = (ci: Ci, { uses: called }: Job): Job[] =>
  called ? (ci.workflows.find(({ file }) => called === `./.github/workflows/${file}`)?.jobs ?? []) : [];
/** Jobs with what they call, and what that calls. */
export const deep = (ci: Ci, job: Job): Job[] => [job, ...calledBy(ci, job).flatMap((called) => deep(ci, called))];

const RANK: Record<string, number> = { none: 0, read: 1, write: 2 };
/** What a job's steps ask of GitHub's token. */
export function needed(ci: Ci, job: Job): Record<string, string> {
  const asked: [string, string, boolean][] = [
    ["contents", "read", uses(job, "actions/checkout")],
    ["contents", "write", runs(job, /\bgh release create\b/)],
    ["id-token", "write", uses(job, CREDENTIALS) || runs(job, /\bnpm publish\b/)],
    ["issues", "write", runs(job, /npm run ci:issue\b/)],
    ["pull-requests", "write", runs(job, /npm run ci:comment\b/)],
  ];
  const permissions: Record<string, string> = {};
  const add = (scope: string, access: string) => {
    if (RANK[access]! > RANK[permissions[scope] ?? "none"]!) permissions[scope] = access;
  };
  for (const [scope, access, isAsked] of asked) if (isAsked) add(scope, access);
  for (const called of calledBy(ci, job)) Object.entries(needed(ci, called)).forEach((it) => add(...it));
  return permissions;
}

/** As in messages. */
export const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
