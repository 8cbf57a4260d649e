import { type Drift, DriftKind, type DriftReport } from "./drift";
import { code } from "./markdown";
import { limits } from "./page";
import { pageOf } from "./pageParts";
import { counted, wrapped } from "./text";
import { printable, printableLines, shown } from "./values";
import { quoted } from "./whoDidIt";

const HAPPENED: Record<DriftKind, string> = {
  [DriftKind.Deleted]: "is deleted",
  [DriftKind.Changed]: "is changed",
};

function headline({ stack, resources, drifts, untold }: DriftReport): string {
  if (drifts.length > 0) return `drift: ${stack}, ${counted(drifts.length, "resource")} of ${resources}`;
  if (untold > 0) return `drift: ${stack}`;
  return `no drift: ${stack}, ${counted(resources, "resource")} as the state has them`;
}

/** Sentences on what the refresh counts and doesn't show. */
function untoldOf({ untold }: DriftReport): string[] {
  if (untold === 0) return [];
  const what = `${counted(untold, "more resource")} changed, of which the refresh doesn't say which or how.`;
  return [`${what} See them with: pulumi refresh --preview-only --diff`];
}

/** Whether somebody can be asked who did it. */
const TRAIL = "CloudTrail has a change after some minutes, for 90 days.";
const UNNAMED = "its provider doesn't say what";

/** Of one resource on a page. */
const MOST_CAUSES = 20;

/** What a person reads: within 80 columns, but for commands that are to be copied. */
export function driftAsText(report: DriftReport): string {
  const lines = [wrapped(headline(report))];
  const row = (label: string, text: string) => wrapped(text, " ".repeat(14), `   ${label.padEnd(11)}`);
  report.drifts.forEach((drift, index) => {
    lines.push(
      "",
      wrapped(`${shown(drift.type, 120)} ${shown(drift.name, 120)}`, "   ", `${index + 1}. `),
      row("what", `${HAPPENED[drift.kind]}${drift.id === undefined ? "" : ` (${drift.id})`}`),
      ...changesOf(drift).map((text) => row("changed", text)),
      ...(drift.lost === undefined ? [] : [row("lost", drift.lost)]),
      row("take back", drift.takeBack),
      row("accept", drift.accept),
      ...(drift.who === undefined ? [] : [`   who did it`, `     ${printable(drift.who)}`]),
    );
  });
  const untold = untoldOf(report);
  if (untold.length > 0) lines.push("", ...untold.map((text) => wrapped(text)));
  if (report.drifts.some(({ who }) => who?.includes("cloudtrail"))) lines.push("", TRAIL);
  if (report.expected.length > 0) lines.push("", "expected, and no drift:");
  for (const { type, name, cause, reason } of report.expected) {
    const change = `${shown(cause.path)}: ${cause.old} → ${cause.new}`;
    lines.push(wrapped(`${shown(type, 120)} ${shown(name, 120)}, ${change}. ${reason}`, "    ", "  "));
  }
  return lines.join("\n");
}

function changesOf({ kind, causes }: Drift): string[] {
  if (kind === DriftKind.Deleted) return [];
  if (causes.length === 0) return [UNNAMED];
  return causes.map(({ path, old, new: after }) => `${shown(path)}: ${old} → ${after}`);
}

/** What a program reads. */
export const driftAsJson = (report: DriftReport): string =>
  printableLines(JSON.stringify({ verdict: report.exitCode === 0 ? "none" : "drift", ...report }, undefined, 2));

const nameOf = ({ type, name }: { type: string; name: string }) => `${code(shown(type))} ${code(shown(name))}`;
const causeOf = ({ path, old, new: after }: Drift["causes"][number]) =>
  `${code(shown(path))}: ${code(old)} → ${code(after)}`;

function blockOf(drift: Drift): string {
  const { kind, id, causes, lost, takeBack, accept, who } = drift;
  const left = causes.length - MOST_CAUSES;
  const lines = [
    `**${nameOf(drift)} ${HAPPENED[kind]}**`,
    "",
    ...(id === undefined ? [] : [`- its id: ${code(id)}`]),
    ...causes.slice(0, MOST_CAUSES).map((cause) => `- changed ${causeOf(cause)}`),
    ...(left > 0 ? [`- changed also: ${left} more ${left === 1 ? "property" : "properties"}`] : []),
    ...(kind === DriftKind.Changed && causes.length === 0 ? [`- changed: ${UNNAMED}`] : []),
    ...(lost === undefined ? [] : [`- lost: ${lost}`]),
    `- take back: ${code(takeBack)}`,
    `- accept: ${code(accept)}`,
    ...(who === undefined ? [] : ["- who did it:", "", `      ${printable(who)}`]),
  ];
  return lines.join("\n");
}

/** For an issue, below its mark. Whatever comes from the stack stands in code spans and code blocks. */
export function driftAsMarkdown(report: DriftReport): string {
  const blocks = (drifted: DriftKind) => report.drifts.filter(({ kind }) => kind === drifted).map(blockOf);
  const expected = report.expected.map((it) => `- ${nameOf(it)}, ${causeOf(it.cause)}: ${it.reason}`);
  const sections = [
    { title: "Deleted", isOpen: true, items: blocks(DriftKind.Deleted) },
    { title: "Changed", isOpen: true, items: blocks(DriftKind.Changed) },
    { title: "Expected, and no drift", head: [], items: expected },
  ];
  const head = [`## Drift: ${code(headline(report))}`, ...untoldOf(report).flatMap((text) => ["", text])];
  return pageOf(
    head,
    sections.filter(({ items }) => items.length > 0).map((it) => ({ ...it, title: `${it.title}: ${it.items.length}` })),
    `All of it is printed by ${code(`npm run drift -- --stack ${quoted(report.stack)}`)}.`,
    limits,
  ).trimEnd();
}
