import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

const PAGE = path.join(__dirname, "..", "..", "..", "docs", "experiment.md");

/** Set, a run writes what it sees into the page, in place of holding it against what is there. */
const RECORDS = process.env.RECORD === "1";

/** What was typed for it, as far as it would say more than where a test has its files, and how long it may wait. */
const COMMAND = `npm run verify -- --outputs dev.json --kubeconfig config \\
    --other-volumes --disruptive`;

/**
 * Holds a terminal session against the one that the page has below a heading, times and ids apart.
 *
 * @param output all that the command has printed.
 */
export function recorded(title: string, output: string): void {
  const page = fs.readFileSync(PAGE, "utf8");
  const block = new RegExp(`(\n#+ ${title}\n(?:(?!\n#)[^])*?\n\`\`\`text\n)([^]*?)(\n\`\`\`\n)`);
  const [, , before] = block.exec(page) ?? [];
  assert.ok(before !== undefined, `docs/experiment.md has no session below "${title}"`);
  const session = sessionOf(output);
  for (const line of session.split("\n")) {
    // Commands aren't broken: they are there to be pasted.
    assert.ok(line.length <= 80 || line.startsWith("    look"), `no terminal of 80 columns shows this: ${line}`);
  }
  if (RECORDS)
    fs.writeFileSync(
      PAGE,
      page.replace(block, (_, head, __, tail) => `${head}${session}${tail}`),
    );
  else {
    const help = "docs/experiment.md has another session: RECORD=1 npm run test:live writes what is so now";
    assert.equal(masked(session), masked(before), help);
  }
}

/** Without the lines that a terminal would have redrawn, and without the test's own directory. */
function sessionOf(output: string): string {
  const lines = output.split("\n").filter((line) => !/^ {8}\w+[.]\w+: .* so far$/.test(line));
  const text = lines.join("\n").replaceAll(/\/\S+\/dev\.json/g, "dev.json");
  return `$ ${COMMAND}\n${text.trim()}`;
}

/** What differs from run to run, in the order in which it is looked for. */
const MASKS: [RegExp, string][] = [
  // Where a line is broken follows from how long all these are.
  [/\s+/g, " "],
  [/(\d+ min )?\d+(\.\d)? s\b/g, "TIME"],
  [/127\.0\.0\.1:\d+/g, "SERVER"],
  [/\d+\.\d+\.\d+\.\d+/g, "ADDRESS"],
  [/pvc-[0-9a-f-]{36}/g, "VOLUME"],
  [/sha256 [0-9a-f]{12}/g, "CHECKSUM"],
  [/\b[0-9a-f]{8}( in its name)/g, "RUN$1"],
  [/(verify[-_])[0-9a-f]{8}/g, "$1RUN"],
  [/\b(assets|catalog)-[0-9a-z]{6,10}-[0-9a-z]{5}\b/g, "$1-POD"],
];

const masked = (text: string): string => MASKS.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by), text);
