import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import { AccountError, audit } from "../audit/audit";
import { exitCodeOf, ExitCode } from "../audit/findings";
import { auditAsJson, auditAsMarkdown, auditAsText } from "../audit/report";
import { scopeOf } from "../audit/scope";
import { FileError, readStack } from "../config/files";
import { progress } from "../local/cli/terminal";
import { fromUser } from "./fromUser";

const CHECKOUT = path.dirname(__dirname);

interface Options {
  stack: string;
  json?: true;
  markdown?: string;
}

/** Looks, and prints or writes the report. */
async function run({ stack, json, markdown }: Options): Promise<ExitCode> {
  try {
    const scope = scopeOf(readStack(CHECKOUT, stack));
    const found = await progress(`Looking for what is left of ${scope.name}`, (note) => audit(scope, note));
    console.log(json ? auditAsJson(found) : auditAsText(found, process.stdout.columns || undefined));
    if (markdown !== undefined) fs.writeFileSync(fromUser(markdown), auditAsMarkdown(found));
    return exitCodeOf(found);
  } catch (error) {
    // A fault of the audit itself has no code, and is nobody's to mend but ours.
    const isTold = error instanceof FileError || error instanceof AccountError || "code" in (error as Error);
    console.error(`error: ${isTold ? (error as Error).message : ((error as Error).stack ?? "")}`);
    return ExitCode.NotAudited;
  }
}

if (require.main === module) {
  new Command("npm run audit --")
    .description(
      "What still exists of a stack in its account and costs money or keeps something from being deleted, after a destroy or " +
        "at any time: what is its own, what drivers left, what retention keeps. It only reads.",
    )
    .requiredOption("--stack <name>", "the stack: NAME of Pulumi.NAME.yaml")
    .option("--json", "the report as JSON")
    .option("--markdown <file>", "the report also into a file, for an issue")
    .addHelpText(
      "after",
      `
Exit codes: 0 nothing left but what is kept on purpose or being deleted,
7 something is, 2 not all could be looked at.`,
    )
    // Its own code for a wrong argument is 1, which says nothing here.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : ExitCode.NotAudited))
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    })
    .parse();
}
