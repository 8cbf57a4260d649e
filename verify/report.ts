import { counted, wrapped } from "../changes/text";
import { exitCodeOf, Outcome, type Result } from "./result";

/** A run, and what it was about. */
export interface Report {
  /** The stack, or the file of its outputs. */
  stack: string;
  cluster: string;
  server: string;
  runId: string;
  milliseconds: number;
  results: Result[];
}

/** "0.3 s", "12 s", "2 min 05 s". */
export function time(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Each as wide as the widest. */
const LABELS = { expected: "expected  ", saw: "saw       ", because: "because   ", look: "look      " };
const INDENT = "    ";

const part = (label: string, text: string): string => wrapped(text, INDENT + " ".repeat(label.length), INDENT + label);

/** The line that says how a check ended. */
export const outcomeAsText = ({ id, outcome, milliseconds }: Result): string =>
  `${outcome.padEnd(8)}${id}${outcome === Outcome.NotRun ? "" : ` (${time(milliseconds)})`}`;

/** What is said of one check below that line. A command isn't broken: it is there to be pasted. */
export function detailsAsText({ outcome, expected, saw, look }: Result): string {
  const commands = look?.split("\n").map((command) => INDENT + LABELS.look + command) ?? [];
  const isRun = outcome !== Outcome.NotRun;
  const parts = isRun ? [part(LABELS.expected, expected), part(LABELS.saw, saw)] : [part(LABELS.because, saw)];
  return [...parts, ...commands].join("\n");
}

export const headAsText = ({ stack, cluster, server, runId }: Omit<Report, "results" | "milliseconds">): string =>
  `${wrapped(`${stack}: the cluster ${cluster} at ${server}`)}\nWhat this run makes has ${runId} in its name.\n`;

/** "12 passed, 1 failed, 2 not run, in 35 s", and what it means for whoever reads no more than this. */
export function sumAsText({ results, milliseconds }: Report): string {
  const count = (outcome: Outcome) => results.filter((it) => it.outcome === outcome).length;
  const [passed, failed, notRun] = [Outcome.Passed, Outcome.Failed, Outcome.NotRun].map(count);
  const blocked = results.filter(({ isBlocked }) => isBlocked).length;
  const counts = `${passed} passed, ${failed} failed, ${notRun} not run, in ${time(milliseconds)}`;
  const names = (those: Result[]) => those.map(({ id }) => id).join(", ");
  return [
    `\n${counts}`,
    ...(failed ? [wrapped(`failed: ${names(results.filter(({ outcome }) => outcome === Outcome.Failed))}`)] : []),
    ...(blocked ? [`${counted(blocked, "check")} should have been run, and couldn't be.`] : []),
  ].join("\n");
}

/** For programs: its keys and the ids of the checks don't change. */
export function reportAsJson(report: Report): string {
  const { results, ...about } = report;
  const checks = results.map(({ isBlocked, ...result }) => ({ ...result, isBlocked: isBlocked ?? false }));
  return JSON.stringify({ ...about, exitCode: exitCodeOf(results), checks }, null, 2);
}
