import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** Every file of .github that GitHub runs, by its path from there: its text. */
export type Texts = Record<string, string>;

export interface Step {
  /** As in messages: `preview.yml, job comment, step 3`. */
  place: string;
  if?: string;
  uses?: string;
  run?: string;
  with: Record<string, unknown>;
  env: Record<string, unknown>;
}

export interface Job {
  place: string;
  name: string;
  workflow: Workflow;
  if: string;
  needs: string[];
  environment?: string;
  permissions?: Record<string, string>;
  concurrency?: { group?: string; "cancel-in-progress"?: unknown };
  timeout?: unknown;
  stacks?: unknown;
  /** The workflow that it calls, and with what. */
  uses?: string;
  with: Record<string, unknown>;
  env: Record<string, unknown>;
  steps: Step[];
}

export interface Input {
  required?: boolean;
  default?: unknown;
}

/** What a local action or a called workflow takes. */
export type Inputs = Record<string, Input>;

export interface Workflow {
  file: string;
  text: string;
  triggers: string[];
  permissions: unknown;
  shell?: string;
  concurrency?: Job["concurrency"];
  inputs: Inputs;
  jobs: Job[];
}

export interface Action {
  file: string;
  text: string;
  inputs: Inputs;
  steps: Step[];
}

/** What GitHub runs, in plain data. */
export interface Ci {
  workflows: Workflow[];
  actions: Action[];
}

/** The workflows and local actions of a checkout. */
export function readTexts(directory: string): Texts {
  const all = fs.readdirSync(path.join(directory, ".github"), { recursive: true, encoding: "utf8" });
  const run = all.filter((file) => /^(workflows\/[^/]+[.]yml|actions\/.*action[.]yml)$/.test(file));
  return Object.fromEntries(
    run.sort().map((file) => [file, fs.readFileSync(path.join(directory, ".github", file), "utf8")]),
  );
}

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? (value as string[]) : typeof value === "string" ? [value] : Object.keys(value ?? {});

const stepsOf = (place: string, steps: Partial<Step>[] = []): Step[] =>
  steps.map((step, index) => ({
    ...step,
    with: step.with ?? {},
    env: step.env ?? {},
    place: `${place}, step ${index + 1}`,
  }));

/** The parts of .github/workflows and .github/actions that the rules look at. */
export function parseTexts(texts: Texts): Ci {
  const ci: Ci = { workflows: [], actions: [] };
  for (const [file, text] of Object.entries(texts)) {
    const content = parse(text) as Record<string, any>;
    if (file.startsWith("actions/")) {
      ci.actions.push({ file, text, inputs: content.inputs ?? {}, steps: stepsOf(file, content.runs?.steps) });
      continue;
    }
    const name = path.basename(file);
    const workflow: Workflow = {
      file: name,
      text,
      triggers: listOf(content.on),
      permissions: content.permissions,
      shell: content.defaults?.run?.shell,
      concurrency: content.concurrency,
      inputs: content.on?.workflow_call?.inputs ?? {},
      jobs: [],
    };
    for (const [key, job] of Object.entries((content.jobs ?? {}) as Record<string, Record<string, any>>)) {
      const place = `${name}, job ${key}`;
      workflow.jobs.push({
        place,
        name: key,
        workflow,
        if: String(job.if ?? ""),
        needs: listOf(job.needs),
        environment: job.environment?.name ?? job.environment,
        permissions: job.permissions,
        concurrency: job.concurrency,
        timeout: job["timeout-minutes"],
        stacks: job.strategy?.matrix?.stack,
        uses: job.uses,
        with: job.with ?? {},
        env: job.env ?? {},
        steps: stepsOf(place, job.steps),
      });
    }
    ci.workflows.push(workflow);
  }
  return ci;
}
