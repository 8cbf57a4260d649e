import * as fs from "node:fs";
import * as path from "node:path";
import { lexer, walkTokens } from "marked";
import { forEachChild, parse, type Statement, type SyntaxNode } from "unbash";

const CHECKOUT = path.join(__dirname, "..", "..");

/** Whose commands the pages have. */
const PROGRAMS = ["aws", "bash", "curl", "git", "kubectl", "npm", "npx", "perl", "pulumi"];

/** The pages that have commands for a reader. */
export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "local/README.md",
  ...fs
    .readdirSync(path.join(CHECKOUT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

/** What is below a heading, up to the next one of any depth. */
export interface Section {
  title: string;
  /** The commands of its blocks, in their order: each as it can be pasted, on one line unless it has a here-document. */
  steps: string[];
  /** What stands between backquotes in its text. */
  mentions: string[];
}

export function sectionsOf(page: string): Section[] {
  const sections: Section[] = [];
  void walkTokens(lexer(fs.readFileSync(path.join(CHECKOUT, page), "utf8")), (token) => {
    if (token.type === "heading") sections.push({ title: token.text as string, steps: [], mentions: [] });
    else if (token.type === "code") sections.at(-1)?.steps.push(...statementsOf(token.text as string));
    else if (token.type === "codespan") sections.at(-1)?.mentions.push(token.text as string);
  });
  return sections;
}

/**
 * The commands of a section's blocks, as a reader would paste them, in their order.
 *
 * @param words what the reader puts in place of words on the page.
 * @throws when the page has no such section with commands, or several.
 */
export function commandsOf(page: string, title: string, words: Record<string, string> = {}): string[] {
  const [section, ...others] = sectionsOf(page).filter((it) => it.title === title && it.steps.length > 0);
  if (!section || others.length > 0)
    throw new Error(`${page} must have one section "${title}" with commands; it has ${section ? "several" : "none"}`);
  return section.steps.map((step) =>
    Object.entries(words).reduce(
      (line, [word, by]) => line.replaceAll(new RegExp(`\\b${word}\\b`, "g"), () => by),
      step,
    ),
  );
}

/** What `npm run local -- kubectl` passes on: the words behind its own options, which come first. */
const passedOn = (words: string[]): string[] =>
  ["--stack", "--project"].includes(words[0]!) ? passedOn(words.slice(2)) : words;

/**
 * The commands that a text runs, each as its words: those in pipes and in `$(…)` as well. Text that is no command has none.
 *
 * @throws where a command isn't one that a shell can read.
 */
export function invocationsIn(text: string): string[][] {
  const found: string[][] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Command" && PROGRAMS.includes(node.name?.value ?? "")) {
      const words = node.args.flatMap((word) => (word.type === "Word" ? [word.value] : []));
      const command = [node.name!.value, ...words];
      found.push(command);
      if (command.slice(0, 5).join(" ") === "npm run local -- kubectl")
        found.push(["kubectl", ...passedOn(command.slice(5))]);
    }
    forEachChild(node, visit);
  };
  const script = parse(text);
  visit(script);
  const [error] = script.errors ?? [];
  if (error && found.length > 0) throw new Error(`No shell reads this (${error.message}): ${text}`);
  return found;
}

/** A command of a page. */
export interface OnPage {
  words: string[];
  /** `docs/restore.md, "Files": aws backup …`, for messages. */
  place: string;
  /** Whether it can be run as it stands; otherwise it may name no more than program and operation. */
  isStep: boolean;
}

/** All commands of a program, on every page. */
export function commandsOnPages(program: string): OnPage[] {
  return pages
    .flatMap((page) =>
      sectionsOf(page).flatMap(({ title, steps, mentions }) =>
        [steps, mentions].flatMap((texts) =>
          texts.flatMap(invocationsIn).map((words) => ({
            words,
            place: `${page}, "${title}": ${words.join(" ")}`,
            isStep: texts === steps,
          })),
        ),
      ),
    )
    .filter(({ words }) => words[0] === program);
}

function statementsOf(block: string): string[] {
  return parse(block)
    .commands.map((statement) => block.slice(statement.pos, endOf(statement)).replaceAll(/ *\\\n\s*/g, " "))
    .filter((text) => invocationsIn(text).length > 0);
}

/** A here-document stands behind the command that reads it. */
function endOf(node: Statement | SyntaxNode): number {
  let end = node.type === "HereDoc" ? (node.closing?.end ?? node.body.end) : node.end;
  forEachChild(node, (child) => (end = Math.max(end, endOf(child))));
  return end;
}
