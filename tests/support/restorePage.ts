import * as fs from "node:fs";
import * as path from "node:path";

/** The commands of a section of a page in docs/, as a reader would paste them, in their order. */
export function commandsOf(title: string, file = "restore.md"): string[] {
  const page = fs.readFileSync(path.resolve(__dirname, "../../docs", file), "utf8");
  const section = page.split(/^###? /m).find((text) => text.startsWith(`${title}\n`));
  if (!section) throw new Error(`docs/${file} has no section ${title}`);
  const lines = section.split("\n").filter((line) => /^ {4,}(aws|pulumi|kubectl|perl|--)/.test(line));
  return lines
    .map((line) => line.trim())
    .join("\n")
    .replaceAll(/ \\\n/g, " ")
    .split("\n");
}
