import { CHANGE, CREDENTIALS, deep, jobsOf, type Rule, runs, shown, STATE } from "./jobs";
import type { Step } from "./read";

const concurrency: Rule = (ci) => [
  ...jobsOf(ci).flatMap((job) => {
    const { place, concurrency: given, environment } = job;
    if (!runs(job, CHANGE)) return [];
    const expected = { group: `stack-${environment}`, "cancel-in-progress": false };
    return shown(given) === shown(expected)
      ? []
      : [`${place}: changes a stack: concurrency must be ${shown(expected)}, and is ${shown(given)}`];
  }),
  ...ci.workflows.flatMap(({ file, triggers, concurrency: given, jobs }) => {
    const doesChange = jobs.some((job) => deep(ci, job).some((it) => runs(it, CHANGE)));
    if (triggers.join() === "workflow_call") return [];
    if (doesChange) return given ? [`${file}: changes stacks: its jobs have groups, the workflow must have none`] : [];
    if (!given?.group) return [`${file}: concurrency must name a group, and is ${shown(given)}`];
    const mayEnd = triggers.includes("pull_request");
    return mayEnd || given["cancel-in-progress"] === false
      ? []
      : [`${file}: cancel-in-progress must be false: what it writes is never left half-written`];
  }),
];

const stacks: Rule = (ci, { stacks: all }) => {
  const calls = ci.workflows.flatMap(({ file, jobs }) => {
    const called = jobs.map((job) => job.with.stack).filter((it) => typeof it === "string" && !it.startsWith("${{"));
    return called.length > 0 ? [[`${file}: its jobs' stacks`, called] as const] : [];
  });
  const matrices = jobsOf(ci).flatMap((job) =>
    job.stacks === undefined ? [] : [[`${job.place}: the matrix`, job.stacks] as const],
  );
  const known = ["npm", ...["inputs.stack", "matrix.stack"].map((it) => `\${{ ${it} }}`), ...all];
  return [
    ...[...calls, ...matrices]
      .filter(([, found]) => shown(found) !== shown(all))
      .map(
        ([place, found]) =>
          `${place} must be ${shown(all)}, as the files Pulumi.STACK.yaml are, and is ${shown(found)}`,
      ),
    ...jobsOf(ci)
      .filter(({ environment: name }) => name !== undefined && !known.includes(name.replace(/-preview$/, "")))
      .map(({ place, environment: name }) => `${place}: there is no stack of the environment ${name}`),
  ];
};

const credentials: Rule = (ci) =>
  jobsOf(ci).flatMap((job) => {
    const { place, environment, steps, timeout } = job;
    const step = steps.find((it) => it.uses?.startsWith(`${CREDENTIALS}@`));
    const [isChanging, isPreview] = [runs(job, CHANGE), environment?.endsWith("-preview") ?? false];
    const isRight = environment !== undefined && isChanging !== isPreview;
    const session = Number(step?.with["role-duration-seconds"] ?? 3600);
    const problems: string[] = [];
    if (step && !isRight)
      problems.push(
        `${place}: ${isChanging ? "changes a stack: its environment must be the stack's" : "only reads: its environment must be STACK-preview"}, and is ${environment}`,
      );
    if (step && isChanging && Number(timeout) * 60 >= session)
      problems.push(
        `${place}: timeout-minutes must end before the role's session of ${session} s, and is ${String(timeout)}`,
      );
    for (const { run = "", env, place: at } of steps) {
      if (STATE.test(run) && env.PULUMI_BACKEND_URL !== "${{ vars.PULUMI_BACKEND_URL }}")
        problems.push(`${at}: env must set PULUMI_BACKEND_URL: it reads a stack's state`);
      const change = CHANGE.exec(run);
      if (!change) continue;
      for (const flag of ['--stack "$STACK"', "--yes", "--skip-preview", "--non-interactive", "--suppress-outputs"])
        if (!run.includes(flag)) problems.push(`${at}: pulumi ${change[1]} must have ${flag}`);
      const before = steps.slice(
        0,
        steps.findIndex((it) => it.place === at),
      );
      if (
        change[1] === "up" &&
        !before.some((it) => /npm run ci:preview /.test(it.run ?? "") && !it.run!.includes("--local"))
      )
        problems.push(`${at}: a preview must go through the gate before it (npm run ci:preview)`);
    }
    return problems;
  });

const MAIN = "github.ref == 'refs/heads/main'";

/** Whether a step compares the commit with the tip of main; tests/unit/workflowScripts.spec.ts runs it. */
const comparesTip = (step?: Step) => /\bcommits\/main\b/.test(step?.run ?? "") && step!.run!.includes("$GITHUB_SHA");

const main: Rule = (ci) => [
  ...ci.workflows
    .filter(({ triggers }) => triggers.join() !== "workflow_call")
    .flatMap(({ jobs }) => jobs)
    .filter((job) => job.if !== MAIN && deep(ci, job).some((it) => runs(it, CHANGE)))
    .map(
      ({ place, if: given }) => `${place}: changes a stack: if must be ${MAIN}, and is ${shown(given || undefined)}`,
    ),
  ...jobsOf(ci)
    .filter((job) => runs(job, /\bpulumi up\b/) && !comparesTip(job.steps[0]))
    .map(({ place }) => `${place}: its first step must compare $GITHUB_SHA with the tip of main (commits/main)`),
];

/** What the workflows keep that read or change a stack. */
export const STACK_RULES = { concurrency, stacks, credentials, main };
