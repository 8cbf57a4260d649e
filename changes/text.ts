/** What a terminal shows without a break. */
export const COLUMNS = 80;

/**
 * A text in lines of so many characters, broken at spaces, and within what has none where it must be.
 *
 * @param indent of every line.
 * @param first what the first line begins with, in place of `indent`; not longer.
 */
export function wrapped(text: string, indent = "", first = indent, columns = COLUMNS): string {
  const width = columns - indent.length;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((it) => pieces(it, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((it, index) => (index === 0 ? first : indent) + it).join("\n");
}

const pieces = (word: string, width: number): string[] => word.match(new RegExp(`.{1,${width}}`, "gsu")) ?? [word];

/** A message without the engine's colour marks. https://github.com/pulumi/pulumi/blob/master/sdk/go/common/diag/colors/colors.go */
export const plain = (message: string): string => message.replace(/<\{%[^%]*%\}>/g, "").trim();

/** Whether a message only says that a plugin is taken from PATH, where stand-ins come first on purpose: the engine warns of each. */
export const isOfPath = (message: string): boolean => /^(warning: )?using pulumi-\S+ from \$PATH at /.test(message);

/** "1 finding", "2 findings". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
