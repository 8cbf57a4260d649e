import * as yaml from "yaml";
import { z } from "zod";
import { calendar } from "../components/checks/calendar";
import { type Finding, FindingKind } from "./gate";
import { printable, shown } from "./values";

/** The most days for which a finding can be let through. */
export const LONGEST_OVERRIDE_IN_DAYS = 90;
const MILLISECONDS_A_DAY = 24 * 60 * 60 * 1000;

/** A finding that somebody means, for a while. */
export interface Override {
  /** A URN, or a type and a name with a space between. */
  resource: string;
  finding: FindingKind;
  reason: string;
  /** The last day on which it counts, such as `2026-12-31`, in UTC. */
  until: string;
}

/** Overrides that can't be read or aren't allowed: all of a file's mistakes, a line each. */
export class OverridesError extends Error {}

/** Whether a text is a day that exists. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const daysUntil = (day: string): number => (Date.parse(day) - Date.parse(calendar.today())) / MILLISECONDS_A_DAY;

const text = z.string({ error: "is missing, or no text" }).trim().min(1, "is empty");
const schema = z.strictObject({
  overrides: z.array(
    z.strictObject({
      resource: text.regex(/^(urn:pulumi:\S+|\S+:\S+ \S)/, "must be a URN, or a type and a name with a space between"),
      finding: z.enum(FindingKind, { error: `must be one of ${Object.values(FindingKind).join(", ")}` }),
      reason: text,
      until: text
        .refine(isDay, "must be a day such as 2026-12-31")
        .refine(
          (day) => !isDay(day) || daysUntil(day) <= LONGEST_OVERRIDE_IN_DAYS,
          `must be at most ${LONGEST_OVERRIDE_IN_DAYS} days ahead`,
        ),
    }),
  ),
});

/**
 * Reads a file of overrides.
 *
 * @param file its name, for messages.
 * @throws OverridesError
 */
export function readOverrides(content: string, file: string): Override[] {
  let parsed: unknown;
  try {
    // Warnings would be printed: of what comes of them, the schema says what is wrong.
    parsed = yaml.parse(content, { logLevel: "error" });
  } catch (error) {
    throw new OverridesError(`${file} must be YAML: ${shown((error as Error).message.split("\n")[0])}`);
  }
  const { success, data, error } = schema.safeParse(parsed ?? { overrides: [] });
  if (success) return data.overrides;
  const mistakes = error.issues.map(({ path, message }) => `  ${printable(path.join(".") || "all of it")}: ${message}`);
  throw new OverridesError(
    [
      `${file} must have overrides, each with resource, finding, reason and until. It has mistakes:`,
      ...mistakes,
      "docs/gate.md has an example.",
    ].join("\n"),
  );
}

/** Findings beside what lets them through. */
export interface Overridden {
  /** Those that nothing lets through. */
  refused: Finding[];
  allowed: { finding: Finding; override: Override }[];
  /** What somebody should know of the overrides: a sentence each. */
  warnings: string[];
}

const isOf = ({ resource }: Override, { urn, type, name }: Finding): boolean =>
  resource === urn || resource === `${type} ${name}`;

/**
 * Holds findings against overrides. One counts for its resource and its kind of finding alone.
 *
 * @throws OverridesError where a type and a name mean several resources.
 */
export function override(findings: Finding[], overrides: Override[]): Overridden {
  const result: Overridden = { refused: [], allowed: [], warnings: [] };
  const matching = (it: Override) => findings.filter((finding) => finding.kind === it.finding && isOf(it, finding));
  const ambiguous = overrides.filter((it) => new Set(matching(it).map(({ urn }) => urn)).size > 1);
  if (ambiguous.length > 0) {
    throw new OverridesError(
      ambiguous
        .map((it) => `${shown(it.resource)} means several resources. Name one by its URN:\n${urnsOf(matching(it))}`)
        .join("\n"),
    );
  }
  for (const finding of findings) {
    const own = overrides.filter((it) => it.finding === finding.kind && isOf(it, finding));
    const valid = own.find(({ until }) => daysUntil(until) >= 0);
    if (valid) result.allowed.push({ finding, override: valid });
    else result.refused.push(finding);
    if (!valid && own[0]) {
      result.warnings.push(`The override of ${shown(own[0].resource)} (${own[0].finding}) ended on ${own[0].until}.`);
    }
  }
  for (const it of overrides) {
    if (matching(it).length > 0) continue;
    const others = findings.filter((finding) => isOf(it, finding)).map(({ kind }) => kind);
    const hint = others.length > 0 ? ` What happens to it is: ${[...new Set(others)].join(", ")}.` : "";
    result.warnings.push(`The override of ${shown(it.resource)} (${it.finding}) matches nothing: remove it.${hint}`);
  }
  return result;
}

const urnsOf = (findings: Finding[]): string =>
  [...new Set(findings.map(({ urn }) => `  ${shown(urn)}`))].sort().join("\n");
