import { code } from "../changes/markdown";
import { cell, tableHead, tableRow } from "../changes/markdownTable";
import { COLUMNS, counted, wrapped } from "../changes/text";
import { printable } from "../changes/values";
import { type Audit, exitCodeOf, ExitCode, factsOf, type Finding, isLeft, Owner } from "./findings";

interface Section {
  title: string;
  findings: Finding[];
}

const TITLES: Record<Owner, string> = {
  [Owner.Driver]: "left by a driver, a controller, EKS or a node",
  [Owner.Stack]: "the stack's own",
  [Owner.Other]: "others', in the way of the stack's",
  [Owner.Kept]: "kept on purpose",
};

function sectionsOf({ findings }: Audit): Section[] {
  const of = (owner: Owner) => findings.filter((it) => it.owner === owner && !it.isGoing);
  const owners = [Owner.Driver, Owner.Stack, Owner.Other, Owner.Kept];
  return [
    ...owners.map((owner) => ({ title: TITLES[owner], findings: of(owner) })),
    { title: "AWS is deleting", findings: findings.filter(({ isGoing }) => isGoing) },
  ].filter((it) => it.findings.length > 0);
}

function headline(audit: Audit): string {
  const { stack, name, accountId, regions, findings, gaps } = audit;
  const left = findings.filter(isLeft).length;
  const others = [
    [findings.filter((it) => it.owner === Owner.Kept && !it.isGoing).length, "kept on purpose"],
    [findings.filter(({ isGoing }) => isGoing).length, "being deleted"],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `, ${count!} ${what!}`)
    .join("");
  const what = left === 0 ? "nothing left" : `${counted(left, "resource")} left`;
  const where = `${accountId}, ${regions.join(" and ")}`;
  const doubt = gaps.length > 0 ? ", as far as could be looked" : "";
  return `${stack} (${name}) in ${where}: ${what}${others}${doubt}`;
}

/** That a cluster is there: what is listed is in use, then. */
const standing = ({ findings }: Audit): string[] =>
  findings.some((it) => it.kind === "cluster" && !it.isGoing)
    ? ["The stack's cluster exists: unless a destroy stopped half-way, what is listed is in use."]
    : [];

const gapLines = ({ gaps }: Audit): string[] =>
  gaps.map(({ what, region, missing, message }) => {
    const mend = missing === undefined ? "" : `; whoever is signed in lacks the right ${missing}`;
    const where = region === undefined ? "" : ` in ${region}`;
    return `${what}${where}${mend}: ${message}`;
  });

/** What it does besides being there: nothing for long, where AWS is deleting it. */
function effectOf({ kind, isGoing }: Finding): string {
  if (isGoing) return "";
  const { costs, blocks } = factsOf(kind);
  return [...(costs ? ["costs"] : []), ...(blocks === undefined ? [] : [`blocks ${blocks}`])].join(", ");
}

/** What AWS says of it; and where it is, where that isn't the stack's region. */
const detailOf = ({ regions: [home] }: Audit, { detail, region }: Finding): string =>
  [...(detail === "" ? [] : [detail]), ...(region === home ? [] : [`in ${region}`])].join(", ");

/** The longest id that has a column beside others: those of most kinds have 17 digits. A longer one has a line of its own. */
const LONGEST_ID = "eipalloc-0123456789abcdef0".length;

/** Rows in columns. Ids stay whole, since they are copied; the last column's text is broken to what is left. */
function table(audit: Audit, findings: Finding[], columns: number): string {
  const kindWidth = Math.max(...findings.map(({ kind }) => kind.length));
  const rows = findings.flatMap((it) => {
    const [kind, id] = [`  ${it.kind.padEnd(kindWidth)}`, printable(it.id)];
    const text = printable([effectOf(it), detailOf(audit, it)].filter(Boolean).join(": "));
    const indent = (length: number) => " ".repeat(length);
    if (id.length > LONGEST_ID) return [`${kind}  ${id}`, wrapped(text, indent(kind.length + 2), undefined, columns)];
    const first = `${kind}  ${id.padEnd(LONGEST_ID)}  `;
    return [wrapped(text, indent(first.length), first, columns)];
  });
  return rows.join("\n");
}

/** What a person reads, in a terminal of so many columns. */
export function auditAsText(audit: Audit, columns = COLUMNS): string {
  const sections = sectionsOf(audit).flatMap(({ title, findings }) => [
    "",
    `${title}:`,
    table(audit, findings, columns),
  ]);
  const gaps = gapLines(audit).map((text) => wrapped(printable(text), "    ", "  "));
  return [
    wrapped(headline(audit)),
    ...standing(audit).map((text) => wrapped(text)),
    ...sections,
    ...(gaps.length > 0 ? ["", "could not be looked at:", ...gaps] : []),
    ...audit.remarks.flatMap((text) => ["", wrapped(printable(text))]),
    ...(sections.length > 0 ? ["", "How each is deleted: docs/audit.md."] : []),
  ].join("\n");
}

const VERDICTS: Record<ExitCode, string> = {
  [ExitCode.Clean]: "clean",
  [ExitCode.Left]: "left",
  [ExitCode.NotAudited]: "incomplete",
};

/** What a program reads. */
export function auditAsJson(audit: Audit): string {
  const exitCode = exitCodeOf(audit);
  const findings = audit.findings.map((it) => ({ ...it, ...factsOf(it.kind), ...(it.isGoing && { costs: false }) }));
  return JSON.stringify({ verdict: VERDICTS[exitCode], ...audit, findings, exitCode }, undefined, 2)
    .split("\n")
    .map(printable)
    .join("\n");
}

/** For an issue. Whatever comes from AWS stands in code spans. */
export function auditAsMarkdown(audit: Audit): string {
  const sections = sectionsOf(audit).flatMap(({ title, findings }) => [
    "",
    `### ${title}: ${findings.length}`,
    "",
    ...tableHead("what", "id", "does", "details", "told by"),
    ...findings.map((it) =>
      tableRow(it.kind, cell(it.id), effectOf(it) || "-", cell(detailOf(audit, it)), cell(it.because)),
    ),
  ]);
  const gaps = gapLines(audit).map((text) => `- ${code(text)}`);
  return [
    `## Audit: ${code(headline(audit))}`,
    ...standing(audit).flatMap((text) => ["", text]),
    ...sections,
    ...(gaps.length > 0 ? ["", `### could not be looked at: ${gaps.length}`, "", ...gaps] : []),
    ...audit.remarks.flatMap((text) => ["", code(text)]),
    "",
  ].join("\n");
}
