import { type Change, Operation, partsOf, type PropertyChange } from "./changes";
import { asMarkdown } from "./gateReport";
import { markOf } from "./mark";
import { cell, codeBlock, link, tableHead, tableRow } from "./markdownTable";
import { countsOf, isTold, told, toldOperations, type ToldOperation } from "./operations";
import { inOrder } from "./order";
import { pageOf, type PageLimits, type Section } from "./pageParts";
import { durableOf } from "./safeguards";
import { counted } from "./text";
import { isPlaceholder, notKnown, printableLines, shown, type Value } from "./values";
import { ExitCode, type Verdict } from "./verdict";

/** What a policy says of a resource. */
export interface PolicyFinding {
  /** The policy's name. */
  policy: string;
  /** `mandatory` stops the deployment; `advisory` doesn't. */
  level: string;
  /** The resource that it is about; none where it is about the stack. */
  urn?: string;
  /** What is wrong and how to mend it, in lines. */
  message: string;
}

export interface PreviewPage {
  /** The stack's name, as Pulumi has it. */
  stack: string;
  /** All of a preview. */
  changes: Change[];
  policies: PolicyFinding[];
  /** What the program, the plugins and the engine say besides, the gravest first. */
  notices: string[];
  /** What the gate says. Default: it wasn't asked. */
  gate?: Verdict;
  /** What this preview can't know or see, a sentence each. What properties become that aren't known is told anyway. */
  notKnown: string[];
  /** Where the whole preview is: an address. */
  whole: string;
  /** Where the picture is: an address. Default: there is none. */
  picture?: string;
}

/** GitHub refuses a comment of 65,536 characters, and Pulumi's own action cuts at 64,000. */
export const limits: PageLimits = { foldAbove: 60, longest: 63_999 };

const MOST_PROPERTIES = 8;
const LONGEST_VALUE = 60;
const LONGEST_NAME = 160;
const LONGEST_MESSAGE = 3000;

const resource = ({ type, name }: Pick<Change, "type" | "name">): string =>
  `${cell(shown(type, LONGEST_NAME))} ${cell(shown(name, LONGEST_NAME))}`;

function property({ path, old, new: after }: PropertyChange): string {
  const value = (it: Value | undefined) => cell(shown(it, LONGEST_VALUE));
  return `${cell(shown(path, LONGEST_NAME))}: ${value(old)} → ${value(after)}`;
}

/** Properties, one below the other in a table's cell. */
function listed(properties: PropertyChange[]): string {
  const left = properties.length - MOST_PROPERTIES;
  return [...properties.slice(0, MOST_PROPERTIES).map(property), ...(left > 0 ? [`and ${left} more`] : [])].join(
    "<br>",
  );
}

/** The properties that a change is because of: of a replacement those that cause it. */
function causes({ op, properties }: Change): string {
  if (op !== Operation.Replace && op !== Operation.Update) return "";
  const causing = properties.filter(({ causesReplacement }) => causesReplacement || op === Operation.Update);
  return listed(causing) || "no property is named";
}

function lostWith({ op, type, old }: Change): string {
  if (op !== Operation.Delete && op !== Operation.Replace) return "";
  if (old?.retainOnDelete) return "Nothing: it stays where it is, and the stack forgets it.";
  return durableOf(type)?.lost ?? "";
}

const words = (op: ToldOperation): string => `${cell(told[op].mark)} ${told[op].what}`;
const isDurable = ({ type }: Change): boolean => durableOf(type) !== undefined;

/** A change that is told of. */
type Told = Change & { op: ToldOperation };

function durables(changes: Told[]): Section[] {
  const rank = ({ op }: Told) => toldOperations.indexOf(op);
  const gravestFirst = changes.filter(isDurable).sort((one, other) => rank(one) - rank(other));
  const rows = gravestFirst.map((it) => tableRow(words(it.op), resource(it), causes(it), lostWith(it)));
  return section("Durable", rows, tableHead("what", "resource", "because of", "lost with it"), true);
}

const section = (title: string, items: string[], head?: string[], isOpen = false): Section[] =>
  items.length === 0 ? [] : [{ title: `${title}: ${items.length}`, items, isOpen, ...(head ? { head } : {}) }];

/** What isn't durable, by what happens to it. */
function others(changes: Told[]): Section[] {
  const rest = changes.filter((it) => !isDurable(it));
  const rows = (op: ToldOperation, row: (change: Told) => string) => rest.filter((it) => it.op === op).map(row);
  const alone = (it: Told) => tableRow(resource(it));
  const because = (it: Told) => tableRow(resource(it), causes(it));
  const plain = tableHead("resource");
  return [
    ...section("To create", rows(Operation.Create, alone), plain),
    ...section("To import", rows(Operation.Import, alone), plain),
    ...section("To update", rows(Operation.Update, because), tableHead("resource", "properties")),
    ...section("To replace", rows(Operation.Replace, because), tableHead("resource", "because of")),
    ...section("To delete", rows(Operation.Delete, alone), plain),
  ];
}

/** What stops the deployment first. */
const byLevel = (one: PolicyFinding, other: PolicyFinding): number =>
  Number(isMandatory(other)) - Number(isMandatory(one)) ||
  inOrder(one.policy, other.policy) ||
  inOrder(one.urn ?? "", other.urn ?? "");

const isMandatory = ({ level }: PolicyFinding): boolean => level === "mandatory";

function policyItem({ policy, level, urn, message }: PolicyFinding): string {
  const parts = urn === undefined ? undefined : partsOf(urn);
  const about = parts ? `: ${resource(parts)}` : "";
  const text = message.trim();
  const body = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
  return `**${cell(shown(policy, LONGEST_NAME))}** (${cell(shown(level, LONGEST_NAME))})${about}\n\n${codeBlock(body)}`;
}

/** Whether any part of a value isn't known yet. */
function isOpenValue(value: Value | undefined): boolean {
  if (isPlaceholder(value)) return value === notKnown;
  if (typeof value === "string") return value.includes(String(notKnown));
  return typeof value === "object" && value !== null && Object.values(value).some(isOpenValue);
}

/** Properties of what is there already, and whose new value isn't known yet. */
function openProperties(changes: Told[]): string[] {
  return changes.flatMap((change) => {
    const open = change.properties
      .filter((it) => isOpenValue(it.new))
      .map(({ path }) => cell(shown(path, LONGEST_NAME)));
    const left = open.length - MOST_PROPERTIES;
    const some = [...open.slice(0, MOST_PROPERTIES), ...(left > 0 ? [`${left} more`] : [])];
    return open.length === 0 ? [] : [`- ${resource(change)}: what ${some.join(", ")} will be`];
  });
}

function verdicts({ policies, gate }: PreviewPage): string[] {
  const stopping = policies.filter(isMandatory).length;
  return [
    ...(gate ? [GATE[gate.exitCode]] : []),
    ...(stopping > 0 ? [`The policies refuse it: ${counted(stopping, "mandatory finding")}.`] : []),
  ];
}

const GATE: Record<ExitCode, string> = {
  [ExitCode.Passed]: "The gate lets it pass.",
  [ExitCode.Refused]: "**The gate refuses it.**",
  [ExitCode.NotJudged]: "**The gate can't judge it.**",
};

/** "3 to create, 1 to replace, 2 durable". Components are no resources. */
function summary(changes: Told[]): string {
  if (changes.length === 0) return "Nothing changes";
  const durable = changes.filter(isDurable).length;
  return [...countsOf(changes.map(({ op }) => op)), ...(durable > 0 ? [`${durable} durable`] : [])].join(", ");
}

/**
 * The page of a preview for a pull request's comment, in GitHub's Markdown: durable things first. Whatever came in with the
 * preview stands in code, so that nothing of it is a mark, a link, a mention or HTML; secrets are masked already.
 */
export function previewPage(page: PreviewPage): string {
  const { stack, policies, gate, whole, picture } = page;
  // The engine's order is that of a race.
  const changes = page.changes
    .filter((it): it is Told => it.custom && isTold(it.op))
    .sort((one, other) => inOrder(one.type, other.type) || inOrder(one.urn, other.urn));
  const links = [...(picture === undefined ? [] : [link("Picture", picture)]), link("The whole preview", whole)];
  const head = [
    markOf("preview", stack),
    `## Preview of ${cell(shown(stack))}`,
    "",
    [`**${summary(changes)}.**`, ...verdicts(page), links.join(" · ")].join(" "),
  ];
  const sections = [
    ...gateSection(gate),
    ...durables(changes),
    ...section("Notices", page.notices.map(noticeItem), undefined, true),
    ...others(changes),
    ...section("Policies", [...policies].sort(byLevel).map(policyItem)),
    ...section("Not known yet", [...page.notKnown.map((it) => `- ${cell(shown(it))}`), ...openProperties(changes)], []),
  ];
  return pageOf(head, sections, `${link("The whole preview", whole)} has it.`, limits);
}

const noticeItem = (text: string): string => codeBlock(readable(text));

/** Lines that stay lines, of at most so many characters in all. */
const readable = (text: string): string => printableLines(text.slice(0, LONGEST_MESSAGE));

/** What of a preview that failed is told. */
export interface FailedPreview extends Pick<PreviewPage, "stack" | "policies" | "notices"> {
  /** What the engine and the program said. */
  errors: string[];
  /** Where the run is: an address. Default: there is none. */
  run?: string;
}

/** The page of a preview that failed: what is wrong, and nothing of what would happen, since that isn't all known. */
export function failedPage({ stack, errors, policies, notices, run }: FailedPreview): string {
  const links = run === undefined ? [] : [link("The run", run)];
  const head = [
    markOf("preview", stack),
    `## Preview of ${cell(shown(stack))}`,
    "",
    ["**The preview failed: what would change isn't known.**", ...links].join(" "),
  ];
  const sections = [
    { title: "Why", isOpen: true, items: errors.map(noticeItem) },
    ...section("Notices", notices.map(noticeItem)),
    ...section("Policies", [...policies].sort(byLevel).map(policyItem)),
  ];
  return pageOf(head, sections, `${links[0] ?? "The log"} has it.`, limits);
}

/** The gate's report, where it has more to say than that it passes. */
function gateSection(gate: Verdict | undefined): Section[] {
  if (!gate || (gate.exitCode === ExitCode.Passed && gate.allowed.length + gate.warnings.length === 0)) return [];
  const [, ...blocks] = asMarkdown(gate).split("\n\n");
  const title = gate.refused.length > 0 ? `Gate: ${counted(gate.refused.length, "finding")}` : "Gate";
  return [{ title, isOpen: true, items: blocks }];
}
