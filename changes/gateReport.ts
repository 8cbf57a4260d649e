import * as yaml from "yaml";
import { calendar } from "../components/checks/calendar";
import { type Finding, FindingKind } from "./gate";
import { code } from "./markdown";
import { LONGEST_OVERRIDE_IN_DAYS } from "./overrides";
import { counted, wrapped } from "./text";
import { printable, printableLines, shown } from "./values";
import { ExitCode, type Verdict } from "./verdict";

const HAPPENS: Record<FindingKind, string> = {
  [FindingKind.Deleted]: "would be deleted",
  [FindingKind.Forgotten]: "would be forgotten by the stack",
  [FindingKind.Replaced]: "would be replaced",
  [FindingKind.Unprotected]: "would lose protect",
  [FindingKind.Unretained]: "would lose retainOnDelete",
  [FindingKind.Weakened]: "would be less safe",
};
const DAYS_OF_AN_EXAMPLE = 14;

/** The first line. */
function headline({ exitCode, stack, resources, refused, allowed }: Verdict): string {
  if (exitCode === ExitCode.NotJudged) return `not judged${stack === "" ? "" : `: ${stack}`}`;
  if (exitCode === ExitCode.Refused) return `refused: ${stack}, ${counted(refused.length, "finding")}`;
  const but = allowed.length > 0 ? ` but ${counted(allowed.length, "finding")} that an override allows` : "";
  return `passed: ${stack}, ${counted(resources, "resource")}; nothing durable would be lost${but}`;
}

const becauseOf = ({ causes, why }: Finding): string[] =>
  causes.length > 0 ? causes.map(({ path, old, new: after }) => `${shown(path)}: ${old} → ${after}`) : [why];

/** The override that would let a finding through, to be copied. */
function exampleOf(finding: Finding, all: Finding[]): string {
  const until = new Date(Date.parse(calendar.today()) + DAYS_OF_AN_EXAMPLE * 24 * 60 * 60 * 1000);
  const nameOf = (it: Finding) => `${it.type} ${it.name}`;
  const isUnique = all.every((it) => it.urn === finding.urn || nameOf(it) !== nameOf(finding));
  const lines = {
    resource: isUnique ? nameOf(finding) : finding.urn,
    finding: finding.kind,
    reason: "WHY IT IS MEANT",
    until: until.toISOString().slice(0, 10),
  };
  const entry = Object.entries(lines).map(([key, text]) => `${key}: ${scalar(text)}`);
  return `overrides:\n  - ${entry.join("\n    ")}`;
}

/** A text in YAML, in one line; with quotes where it needs them, and escapes where a terminal does. */
const scalar = (text: string): string =>
  printable(text) === text ? yaml.stringify(text, { lineWidth: 0 }).trimEnd() : printable(JSON.stringify(text));

const howTo = (file: string): string =>
  `What is meant goes into ${file}: one override for each finding, with its reason and ` +
  `its last day, at most ${LONGEST_OVERRIDE_IN_DAYS} days ahead. For the first one:`;

/** What a person reads: within 80 columns, but for what is to be copied. */
export function asText(verdict: Verdict): string {
  const { refused, allowed, warnings, problem, overridesFile } = verdict;
  const lines = [wrapped(headline(verdict))];
  const row = (label: string, text: string) => wrapped(text, " ".repeat(12), `   ${label.padEnd(9)}`);
  refused.forEach((finding, index) => {
    lines.push(
      "",
      wrapped(`${shown(finding.type, 120)} ${shown(finding.name, 120)}`, "   ", `${index + 1}. `.padEnd(3)),
      row("what", `${HAPPENS[finding.kind]}${finding.id === undefined ? "" : ` (${finding.id})`}`),
      ...becauseOf(finding).map((text) => row("because", text)),
      row("lost", finding.lost),
      row("instead", finding.instead),
    );
  });
  if (allowed.length > 0) lines.push("");
  for (const { finding, override } of allowed) {
    const what = `${shown(finding.type, 120)} ${shown(finding.name, 120)} ${HAPPENS[finding.kind]}`;
    lines.push(wrapped(`allowed until ${override.until}: ${what}. ${printable(override.reason)}`, "  ", ""));
  }
  if (warnings.length > 0) lines.push("");
  lines.push(...warnings.map((text) => wrapped(`warning: ${text}`, "  ", "")));
  if (problem !== undefined) lines.push("", ...problem.split("\n").map((line) => indented(line)));
  if (refused[0] && problem === undefined) {
    lines.push("", wrapped(howTo(overridesFile)), "", exampleOf(refused[0], refused));
  }
  return lines.join("\n");
}

/** A line, wrapped under its own beginning. */
function indented(line: string): string {
  const [spaces = ""] = /^ */.exec(line)!;
  return wrapped(line.slice(spaces.length), spaces);
}

/** What a program reads. */
export function asJson(verdict: Verdict): string {
  const { exitCode, ...rest } = verdict;
  const names = { [ExitCode.Passed]: "passed", [ExitCode.Refused]: "refused", [ExitCode.NotJudged]: "notJudged" };
  const json = JSON.stringify({ verdict: names[exitCode], exitCode, ...rest }, undefined, 2);
  // JSON may have any character in a text; a terminal may not.
  return printableLines(json);
}

/** For a pull request's comment. Whatever came in with the preview stands in code spans. */
export function asMarkdown(verdict: Verdict): string {
  const { refused, allowed, warnings, problem, overridesFile } = verdict;
  const what = ({ type, name, kind }: Finding) => `${code(shown(type))} ${code(shown(name))} ${HAPPENS[kind]}`;
  const lines = [`### Gate: ${code(headline(verdict))}`];
  for (const finding of refused) {
    const causes = finding.causes.map(
      ({ path, old, new: after }) => `- because ${code(shown(path))}: ${code(old)} → ${code(after)}`,
    );
    lines.push(
      "",
      `**${what(finding)}**`,
      "",
      ...(finding.id === undefined ? [] : [`- its id: ${code(finding.id)}`]),
      ...(causes.length > 0 ? causes : [`- because: ${finding.why}`]),
      `- lost: ${finding.lost}`,
      `- instead: ${finding.instead}`,
    );
  }
  if (allowed.length > 0) lines.push("", "Allowed by overrides:", "");
  for (const { finding, override } of allowed) {
    lines.push(`- ${what(finding)}, until ${override.until}: ${code(override.reason)}`);
  }
  if (warnings.length > 0) lines.push("", ...warnings.map((text) => `- warning: ${code(text)}`));
  if (problem !== undefined) lines.push("", ...problem.split("\n").map((line) => `    ${printable(line)}`));
  if (refused[0] && problem === undefined) {
    lines.push(
      "",
      howTo(code(overridesFile)),
      "",
      ...exampleOf(refused[0], refused)
        .split("\n")
        .map((line) => `    ${line}`),
    );
  }
  return lines.join("\n");
}
