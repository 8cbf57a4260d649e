import { code } from "./markdown";
import { printable } from "./values";

/** As HTML has it: no parser of Markdown finds anything in it. */
const entities = (text: string): string =>
  [...printable(text)].map((it) => (/[\p{L}\p{N} ]/u.test(it) ? it : `&#${it.codePointAt(0)!};`)).join("");

/** A text as it is, for a table's cell too: parsers differ on a `|` in a code span after a `\`, so there it is HTML. */
export const cell = (text: string): string => (text.includes("|") ? `<code>${entities(text)}</code>` : code(text));

/** A line of a table, of cells in Markdown. */
export const tableRow = (...cells: string[]): string => `| ${cells.join(" | ")} |`;

/** The two lines that begin a table. */
export const tableHead = (...titles: string[]): string[] => [tableRow(...titles), tableRow(...titles.map(() => "---"))];

/** Lines as they are, whatever is in them. */
export function codeBlock(text: string): string {
  const lines = text.split(/\r?\n/).map(printable);
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join("\n");
}

const LONGEST_LINK = 2000;

/** A link, or its text alone where the address is none that a page could have. */
export function link(text: string, address: string): string {
  if (address === "" || address.length > LONGEST_LINK) return text;
  const safe = address.replace(/\p{Cs}/gu, "").replace(/[^\w\-.~!$&'*+,;=:@/?#%]/gu, encodeURIComponent);
  return `[${text}](${safe})`;
}
