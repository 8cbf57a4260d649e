import { printable } from "./values";

/**
 * A text as it is, in Markdown: nothing in it is a mark, a link, a mention or HTML. Not for a table's cell, where a `|` ends
 * it: https://github.github.com/gfm/#code-spans
 */
export function code(text: string): string {
  const line = printable(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  // A space at both ends is taken away again, unless there is nothing else.
  const padded = /^[` ]|[` ]$/.test(line) && line.trim() !== "" ? ` ${line} ` : line;
  return line === "" ? "(empty)" : `${fence}${padded}${fence}`;
}
