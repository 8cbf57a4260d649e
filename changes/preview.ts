import { z } from "zod";
import { type Change, partsOf } from "./changes";
import { changesOf, type Step, StepsError } from "./steps";
import { DepthError, printable, shown } from "./values";

/** What a preview says that is done to a stack. */
export interface Preview {
  stack: string;
  project: string;
  changes: Change[];
  /** Resources that stay as they are, and that the preview counts only: it was made without `--show-sames`. */
  unseen: number;
  /** Resources that a refresh counts as changed, and doesn't show as such: their providers don't say how. */
  untold: number;
}

/** A preview that can't be read, or isn't whole: what was expected, what was found, how to get a right one. */
export class PreviewError extends Error {}

const HOW = "Make it anew: pulumi preview --json --show-sames > preview.json";

const refuse = (...lines: string[]): never => {
  throw new PreviewError([...lines, HOW].join("\n"));
};

const state = z.object({
  type: z.string(),
  custom: z.boolean(),
  id: z.string().optional(),
  parent: z.string().optional(),
  delete: z.boolean().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  dependencies: z.array(z.string()).nullish(),
  additionalSecretOutputs: z.array(z.string()).nullish(),
});

const step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ kind: z.string(), inputDiff: z.boolean() })).nullish(),
});

/**
 * What is read of the engine's digest: `PreviewDigest` in pkg/display and `ResourceV3` in sdk/go/common/apitype of
 * github.com/pulumi/pulumi.
 */
const digest = z.object({
  steps: z.array(step),
  changeSummary: z.record(z.string(), z.number().int().nonnegative()),
  diagnostics: z.array(z.object({ severity: z.string().optional(), message: z.string().optional() })).nullish(),
});
type Digest = z.infer<typeof digest>;

const SHOWN_MISTAKES = 5;

/** Some of many mistakes, one a line. */
function listed(mistakes: string[]): string[] {
  const rest = mistakes.length - SHOWN_MISTAKES;
  const first = mistakes.slice(0, SHOWN_MISTAKES).map((it) => `  ${printable(it)}`);
  return rest > 0 ? [...first, `  and ${rest} more`] : first;
}

/**
 * Reads what `pulumi preview --json`, or `pulumi refresh --preview-only --json`, printed.
 *
 * @throws PreviewError for whatever isn't all that a preview printed which ended well.
 */
export function readPreview(text: string): Preview {
  const { steps, changeSummary, diagnostics } = parsed(text);
  const failure = diagnostics?.find(({ severity }) => severity === "error");
  if (failure) {
    refuse("This preview failed, so that it doesn't show all that would happen:", ...listed([shown(failure.message)]));
  }
  const shownAs = (op: string) => steps.filter((it) => it.op === op).length;
  const lacking = (op: string) => Math.max(0, (changeSummary[op] ?? 0) - shownAs(op));
  // A refresh shows what is changed as refreshed, where no property of it is named.
  const untold = lacking("update");
  const missing = ["create", "replace", "delete", "import", ...(untold > shownAs("refresh") ? ["update"] : [])].filter(
    (op) => lacking(op) > 0,
  );
  if (missing.length > 0) {
    const told = missing.map((op) => `${op}: it counts ${changeSummary[op]}, and shows ${shownAs(op)}`);
    refuse("This preview isn't whole: steps are missing.", ...listed(told));
  }
  const { stack, project } = ownerOf(steps);
  return { stack, project, changes: read(steps), unseen: lacking("same"), untold };
}

function parsed(text: string): Digest {
  if (text.trim() === "") refuse("A preview in JSON was expected; there is nothing.");
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    refuse("A preview in JSON was expected. This is none, or its end is cut off:", ...listed([messageOf(error)]));
  }
  const { success, data, error } = digest.safeParse(json);
  if (success) return data;
  const mistakes = error.issues.map(({ path, message }) => `${path.join(".") || "all of it"}: ${message}`);
  return refuse(
    "This isn't what pulumi preview --json prints when it ends (steps and a changeSummary):",
    ...listed(mistakes),
  );
}

const messageOf = (error: unknown): string => (error as Error).message;

/** The stack that all steps are of. */
function ownerOf(steps: Digest["steps"]): { stack: string; project: string } {
  const owners = new Map(
    steps.flatMap(({ urn }) => {
      const parts = partsOf(urn);
      return parts ? [[`${parts.project}/${parts.stack}`, parts]] : [];
    }),
  );
  if (owners.size > 1) refuse("One stack's preview was expected; these are of:", ...listed([...owners.keys()]));
  return [...owners.values()][0] ?? { stack: "", project: "" };
}

function read(steps: Digest["steps"]): Change[] {
  try {
    return changesOf(
      steps.map(({ op, urn, oldState, newState, diffReasons, replaceReasons, detailedDiff }): Step => ({
        op,
        urn,
        old: rawOf(oldState),
        new: rawOf(newState),
        diffs: diffReasons ?? [],
        replaces: replaceReasons ?? [],
        detailedDiff: detailedDiff ?? undefined,
      })),
    );
  } catch (error) {
    if (error instanceof DepthError) refuse("No engine wrote this:", ...listed([error.message]));
    if (error instanceof StepsError) refuse("These steps can't be judged:", ...listed(error.mistakes));
    throw error;
  }
}

const rawOf = (raw: z.infer<typeof state> | null | undefined): Step["old"] =>
  raw ? { ...raw, inputs: raw.inputs ?? {}, outputs: raw.outputs ?? {} } : undefined;
