import * as fs from "node:fs";
import * as path from "node:path";
import { Command, Option } from "commander";
import { asJson, asMarkdown, asText } from "../changes/gateReport";
import { OverridesError } from "../changes/overrides";
import { ExitCode, judge, notJudged, type OverridesFile, overridesFileOf, type Verdict } from "../changes/verdict";

/** How a verdict is printed. */
export const Format = { Text: "text", Json: "json", Markdown: "markdown" } as const;
export type Format = (typeof Format)[keyof typeof Format];

const PRINTED: Record<Format, typeof asText> = { text: asText, json: asJson, markdown: asMarkdown };
const STANDARD_INPUT = "-";

export interface GateOptions {
  format: Format;
  /** The file of overrides; `gate.STACK.yaml` in `directory` by default, where it exists. */
  overrides?: string;
  /** Where relative paths begin. */
  directory: string;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** The overrides for a stack: of a file that is named, or else of the stack's own in a directory, where there is one. */
export const overridesIn =
  (directory: string, file?: string) =>
  (stack: string): OverridesFile => {
    const name = file ?? overridesFileOf(stack);
    try {
      return { name, content: fs.readFileSync(path.resolve(directory, name), "utf8") };
    } catch (error) {
      if (codeOf(error) === "ENOENT" && file === undefined) return { name };
      throw new OverridesError(`${name} can't be read (${codeOf(error)}).`);
    }
  };

/**
 * Judges a preview in a file.
 *
 * @param file its path, or `-` for standard input.
 * @returns the text to print, and the exit code.
 */
export function gate(
  file: string,
  { format, overrides, directory }: GateOptions,
): { text: string; exitCode: ExitCode } {
  let verdict: Verdict;
  try {
    verdict = judge(
      fs.readFileSync(file === STANDARD_INPUT ? 0 : path.resolve(directory, file), "utf8"),
      overridesIn(directory, overrides),
    );
  } catch (error) {
    // Whatever it is, nothing was judged: also a fault of the gate itself must not end as a verdict does.
    const code = codeOf(error);
    const { stack = "" } = error as Error;
    verdict = notJudged(
      code === undefined ? `This is a fault of the gate:\n${stack}` : `${file} can't be read (${code}).`,
    );
  }
  return { text: PRINTED[format](verdict), exitCode: verdict.exitCode };
}

if (require.main === module) {
  new Command("npm run gate --")
    .description(
      "Refuses a preview that would delete or replace anything durable, or take away what keeps it. " +
        "It needs no engine and no account.",
    )
    .argument("<preview>", "what pulumi preview --json --show-sames printed: a file, or - for standard input")
    .option("--overrides <file>", "findings that are meant (default: gate.STACK.yaml, where there is one)")
    .addOption(new Option("--json", "as JSON").conflicts("markdown"))
    .addOption(new Option("--markdown", "as Markdown, for a pull request's comment").conflicts("json"))
    .addHelpText(
      "after",
      `
Exit codes: 0 passed, 1 refused, 2 not judged: the preview or the overrides
can't be read, or the preview doesn't show all.`,
    )
    // Its own code for a wrong argument is 1, which means refused.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? ExitCode.Passed : ExitCode.NotJudged))
    .action((file: string, { overrides, json, markdown }: { overrides?: string; json?: true; markdown?: true }) => {
      const format = json ? Format.Json : markdown ? Format.Markdown : Format.Text;
      const { text, exitCode } = gate(file, { format, directory: process.cwd(), ...(overrides ? { overrides } : {}) });
      (exitCode === ExitCode.NotJudged && format === Format.Text ? console.error : console.log)(text);
      process.exitCode = exitCode;
    })
    .parse();
}
