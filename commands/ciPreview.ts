import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import { type BaseRevision, deployedBase, told } from "./ciBase";
import type { Change } from "../changes/changes";
import { diagramOf } from "../changes/diagram";
import { svgOf } from "../changes/diagramSvg";
import { asText } from "../changes/gateReport";
import { type Recording, Told } from "../changes/events";
import { failedPage, previewPage } from "../changes/page";
import { type Preview, PreviewError, readPreview } from "../changes/preview";
import { readState, withChanges } from "../changes/state";
import { ExitCode, judgePreview } from "../changes/verdict";
import { overridesIn } from "./gate";
import { runOf } from "./github";
import { fromUser } from "./fromUser";
import { recorded, run } from "./recorded";
import { checkConfiguration, refusal } from "../config/check";
import { FileError, readStack } from "../config/files";
import { locked } from "../local/cli/terminal";
import { policyPack } from "../local/stack/engine";
import { withOwnValues } from "../local/stack/ownValues";

const CHECKOUT = path.dirname(__dirname);

interface Options {
  stack: string;
  local?: true;
  base: string;
  page: string;
  preview: string;
  picture: string;
}

/** What stays unknown of a local preview, however right it is. */
const UNKNOWN_LOCALLY = [
  "This preview is of the local cloud: the base revision was deployed there, with its own account and addresses. " +
    "What AWS refuses, and what others changed in the account, it can't show.",
];

/** GitHub's page of the run that has all of it, if this is one. */
const ofRun = () => (process.env.GITHUB_RUN_ID ? { run: runOf(process.env).url } : {});
const whole = (file: string): string => ofRun().run ?? file;

/** What is wrong with a stack's files, which a preview would say once the base is deployed. */
function wrongFiles(stack: string): string | undefined {
  try {
    const files = readStack(CHECKOUT, stack);
    const { violations } = checkConfiguration({ ...files, values: withOwnValues(files.values) });
    return violations.length > 0 ? refusal(stack, violations) : undefined;
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

/** Previews, judges, and writes the files. @returns the exit code. */
async function preview(options: Options): Promise<ExitCode> {
  const { stack, base, local } = options;
  if (!local) return judged(options, undefined);
  const wrong = wrongFiles(stack);
  if (wrong !== undefined) {
    console.error(wrong);
    return failed(options, { errors: [wrong] });
  }
  const lock = path.join(CHECKOUT, ".local", `base-${stack}.lock`);
  return locked(lock, `previews ${stack} on its base`, 15, async () => {
    let found: BaseRevision;
    try {
      found = await deployedBase(CHECKOUT, stack, base);
    } catch (error) {
      return failed(options, { errors: [(error as Error).message] });
    }
    try {
      return await judged(options, found);
    } finally {
      await found.end().catch(told);
    }
  });
}

/** Writes the page of what couldn't be judged. */
function failed({ stack, page }: Options, why: Pick<Recording, "errors"> & Partial<Recording>): ExitCode {
  const { errors, policies = [], notices = [] } = why;
  fs.writeFileSync(page, failedPage({ stack, errors, policies, notices, ...ofRun() }));
  console.error(`The preview failed: there is nothing to judge. ${page} says why.`);
  const isRefused = errors.length === 0 && policies.some(({ level }) => level === "mandatory");
  return isRefused ? ExitCode.Refused : ExitCode.NotJudged;
}

/** Draws the picture, without which the page goes on: where it is. */
async function drawn(file: string, state: unknown, changes: Change[]): Promise<{ picture?: string }> {
  try {
    fs.writeFileSync(file, await svgOf(diagramOf(withChanges(readState(JSON.stringify(state)), changes))));
    return { picture: whole(file) };
  } catch (error) {
    console.error(`The picture can't be drawn: ${(error as Error).message}`);
    return {};
  }
}

async function judged(options: Options, found: BaseRevision | undefined): Promise<ExitCode> {
  const { stack, page, preview: file, picture } = options;
  const where = { checkout: CHECKOUT, stack, ...(found && { local: found.local }) };
  const checked = policyPack(found?.local ?? { checkout: CHECKOUT, stack, cloud: "" });
  let state: unknown;
  const recording = await recorded(where, Told.Before, async (it, given) => {
    state = await it.exportStack();
    await it.preview({ ...given, ...checked });
  });

  const { errors, policies, notices } = recording;
  if (!recording.isWhole || errors.length > 0) return failed(options, recording);
  const text = JSON.stringify(recording.digest(), null, 2);
  fs.writeFileSync(file, text);
  let read: Preview;
  try {
    read = readPreview(text);
  } catch (error) {
    if (!(error instanceof PreviewError)) throw error;
    return failed(options, { errors: [error.message], policies, notices });
  }
  const { changes } = read;
  const verdict = judgePreview(read, overridesIn(CHECKOUT));
  const notKnown = found ? UNKNOWN_LOCALLY : [];
  const addresses = { whole: whole(file), ...(await drawn(picture, state, changes)) };
  fs.writeFileSync(page, previewPage({ stack, changes, policies, notices, gate: verdict, notKnown, ...addresses }));
  const refused = policies.filter(({ level }) => level === "mandatory");
  console.log(`\n${asText(verdict)}`);
  if (refused.length > 0) console.log(`Policies refuse it: ${refused.map(({ policy }) => policy).join(", ")}.`);
  const its = addresses.picture === undefined ? "" : `, ${picture} its picture`;
  console.log(`${page} has the page, ${file} the whole preview${its}.`);
  return refused.length > 0 && verdict.exitCode === ExitCode.Passed ? ExitCode.Refused : verdict.exitCode;
}

if (require.main === module) {
  const command = new Command("npm run ci:preview --")
    .description(
      "Previews a stack, checks it by the policy pack and the gate, and writes the page of it for a pull request.",
    )
    .requiredOption("--stack <name>", "the stack: NAME of Pulumi.NAME.yaml")
    .option("--local", "on the local cloud, where the base revision is deployed first: it needs no AWS account")
    .option("--base <revision>", "with --local: what the change is to", "origin/main")
    .option("--page <file>", "the page's file", "page.md")
    .option("--preview <file>", "the whole preview's file, in JSON", "preview.json")
    .option("--picture <file>", "the picture's file", "preview.svg")
    .addHelpText(
      "after",
      `
Exit codes: 0 passed, 1 refused by the gate or a mandatory policy, 2 not judged:
the preview failed, or can't be read.`,
    )
    .action(async (options: Options) => {
      const { page, preview: file, picture } = options;
      const files = { page: fromUser(page), preview: fromUser(file), picture: fromUser(picture) };
      process.exitCode = await preview({ ...options, ...files });
    });
  run(command, ExitCode.NotJudged);
}
