import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Command, Option } from "commander";
import { fromUser } from "./fromUser";
import { diagramOf } from "../changes/diagram";
import { summaryOf, svgOf } from "../changes/diagramSvg";
import { PreviewError, readPreview } from "../changes/preview";
import { readState, StateError, withChanges } from "../changes/state";
import { readProject } from "../config/files";
import { statesDirectory } from "../local/stack/directory";

const CHECKOUT = path.dirname(__dirname);
/** In bytes. */
const LARGEST_STATE = 2 ** 29;

/** Where the picture's resources come from. */
export interface DiagramSources {
  /** The stack whose state is asked for. */
  stack?: string;
  /** Whether the stack is on the local cloud. */
  local?: boolean;
  /** A file with a state in place of a stack; `-` is the standard input. */
  state?: string;
  /** A file with a preview, whose changes are coloured; `-` is the standard input. */
  preview?: string;
}

/** What can't be read or asked for: said in one line or a few, with a remedy. */
class SourceError extends Error {}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file === "-" ? 0 : fromUser(file), "utf8");
  } catch (error) {
    throw new SourceError(`${file} can't be read: ${(error as Error).message}`);
  }
}

/** The state of a stack, from the backend that the Pulumi CLI is signed in to. Its secrets stay encrypted. */
const exported = (checkout: string, stack: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { cwd: checkout, maxBuffer: LARGEST_STATE };
    execFile("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"], options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === "ENOENT")
        reject(
          new SourceError(
            "There is no command pulumi: install the Pulumi CLI, or give --state FILE, or --local after npm run up:local",
          ),
        );
      else reject(new SourceError(`pulumi stack export --stack ${stack} failed: ${stderr.trim() || error.message}`));
    });
  });

function local(checkout: string, stack: string): string {
  const cloud = path.join(checkout, ".local", stack);
  const file = path.join(statesDirectory(cloud, readProject(checkout).project), `${stack}.json`);
  if (fs.existsSync(file)) return fs.readFileSync(file, "utf8");
  throw new SourceError(`${stack} isn't on the local cloud: npm run up:local -- --stack ${stack}`);
}

/**
 * The picture as SVG, and a sentence on what is in it.
 *
 * @throws SourceError, StateError, PreviewError
 */
async function drawn(checkout: string, { stack, state, preview, ...where }: DiagramSources) {
  if (state === "-" && preview === "-")
    throw new SourceError("Only one of --state and --preview can be the standard input.");
  const name = stack ?? "dev";
  const source = async () => {
    if (state !== undefined) return textOf(state);
    if (where.local) return local(checkout, name);
    return stack === undefined && preview !== undefined ? undefined : exported(checkout, name);
  };
  const text = await source();
  const resources = text === undefined ? [] : readState(text);
  const { changes, unseen } = preview === undefined ? { changes: [], unseen: 0 } : readPreview(textOf(preview));
  const diagram = diagramOf(withChanges(resources, changes), text === undefined ? unseen : 0);
  return { svg: await svgOf(diagram), summary: `${diagram.title}: ${summaryOf(diagram)}` };
}

function write(file: string, text: string): void {
  try {
    fs.writeFileSync(fromUser(file), text);
  } catch (error) {
    throw new SourceError(`${file} can't be written: ${(error as Error).message}`);
  }
}

/** Writes the picture into a file. The text to print, and the exit code. */
export async function diagram(
  checkout: string,
  sources: DiagramSources,
  output: string,
): Promise<{ text: string; exitCode: number }> {
  try {
    const { svg, summary } = await drawn(checkout, sources);
    write(output, svg);
    return { text: `${summary}\n${output}`, exitCode: 0 };
  } catch (error) {
    const isKnown = error instanceof SourceError || error instanceof StateError || error instanceof PreviewError;
    if (isKnown) return { text: `error: ${error.message}`, exitCode: 1 };
    throw error;
  }
}

if (require.main === module) {
  void new Command("npm run diagram --")
    .description(
      "Draws a stack as SVG: its resources by component, and in colours what a preview changes. Needs no AWS account.",
    )
    .option("--stack <name>", "the stack whose state pulumi is asked for (default: dev)")
    .option("--local", "its state on the local cloud, after npm run up:local")
    .addOption(
      new Option(
        "--state <file>",
        "a state in place of a stack's: what pulumi stack export prints; - is the standard input",
      ).conflicts(["stack", "local"]),
    )
    .option(
      "--preview <file>",
      "what pulumi preview --json prints; alone it shows what it tells of (--show-sames: all)",
    )
    .option("--output <file>", "the picture's file", "diagram.svg")
    .action(async ({ output, ...sources }: DiagramSources & { output: string }) => {
      const { text, exitCode } = await diagram(CHECKOUT, sources, output);
      (exitCode === 0 ? console.log : console.error)(text);
      process.exitCode = exitCode;
    })
    .parseAsync();
}
