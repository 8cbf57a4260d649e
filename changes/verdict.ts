import { type Finding, findingsOf } from "./gate";
import { type Overridden, override, OverridesError, readOverrides } from "./overrides";
import { type Preview, PreviewError, readPreview } from "./preview";
import { counted } from "./text";

/** How `npm run gate` ends. */
export const ExitCode = {
  /** Nothing durable would be lost, or somebody means it. */
  Passed: 0,
  /** There are findings. */
  Refused: 1,
  /** The preview or the overrides can't be read, or don't show all. */
  NotJudged: 2,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What the gate says of a preview. */
export interface Verdict extends Overridden {
  exitCode: ExitCode;
  /** Empty where the preview can't be read. */
  stack: string;
  /** The name of the file of overrides, beside the stack's own; empty where there is no stack. */
  overridesFile: string;
  /** How many resources were looked at. */
  resources: number;
  /** Why it can't be judged. */
  problem?: string;
}

/** The name of the file of overrides that stands beside a stack's file. */
export const overridesFileOf = (stack: string): string => `gate.${stack}.yaml`;

/** A file of overrides: its name, for messages, and what is in it; `undefined` where it doesn't exist. */
export interface OverridesFile {
  name: string;
  content?: string;
}

/** The verdict where nothing is known. */
export const notJudged = (problem?: string): Verdict => ({
  exitCode: ExitCode.NotJudged,
  stack: "",
  overridesFile: "",
  resources: 0,
  refused: [],
  allowed: [],
  warnings: [],
  ...(problem === undefined ? {} : { problem }),
});

/** The file of overrides for a stack. @throws OverridesError where it can't be read. */
type Overrides = (stack: string) => OverridesFile;

/**
 * Judges what a preview printed. It never throws for what is in it: what can't be read isn't judged, and doesn't pass.
 *
 * @param text what `pulumi preview --json --show-sames` printed.
 */
export function judge(text: string, overrides: Overrides): Verdict {
  let preview: Preview;
  try {
    preview = readPreview(text);
  } catch (error) {
    if (error instanceof PreviewError) return notJudged(error.message);
    throw error;
  }
  return judgePreview(preview, overrides);
}

/** Judges a preview that is read. */
export function judgePreview({ stack, changes, unseen, untold }: Preview, overrides: Overrides): Verdict {
  const findings = findingsOf(changes);
  const verdict = { ...notJudged(), stack, resources: changes.length, refused: findings };
  try {
    const { name, content } = overrides(stack);
    verdict.overridesFile = name;
    Object.assign(verdict, override(findings, content === undefined ? [] : readOverrides(content, name)));
    return { ...verdict, ...ended(verdict.refused, verdict.warnings, unseen + untold) };
  } catch (error) {
    if (error instanceof OverridesError) return { ...verdict, problem: error.message };
    throw error;
  }
}

/** What comes of the findings, and of resources that the preview doesn't show. */
function ended(
  refused: Finding[],
  warnings: string[],
  unseen: number,
): Pick<Verdict, "exitCode" | "warnings" | "problem"> {
  const blind =
    `The preview leaves out ${counted(unseen, "resource")} without a change of properties. Of these, the engine shows ` +
    "none that loses retainOnDelete. Make it with: pulumi preview --json --show-sames > preview.json";
  if (refused.length > 0) {
    return { exitCode: ExitCode.Refused, warnings: unseen > 0 ? [...warnings, blind] : warnings };
  }
  return unseen > 0
    ? { exitCode: ExitCode.NotJudged, warnings, problem: blind }
    : { exitCode: ExitCode.Passed, warnings };
}
