import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import { fromUser } from "./fromUser";
import { recorded, run } from "./recorded";
import { driftOf } from "../changes/drift";
import { driftAsJson, driftAsMarkdown, driftAsText } from "../changes/driftReport";
import { Told } from "../changes/events";
import { markOf } from "../changes/mark";
import { readPreview } from "../changes/preview";
import { checkDeployed } from "../local/stack/controlPlane";

const CHECKOUT = path.dirname(__dirname);

/** How it ends where the stack couldn't be compared. */
const NOT_COMPARED = 2;

interface Options {
  stack: string;
  local?: true;
  json?: true;
  markdown?: string;
}

/** Compares, and prints or writes the report. @returns the exit code. */
async function drift({ stack, local, json, markdown }: Options): Promise<number> {
  const cloud = path.join(CHECKOUT, ".local", stack);
  if (local) checkDeployed(cloud);
  const where = { checkout: CHECKOUT, stack, ...(local && { local: { checkout: CHECKOUT, stack, cloud } }) };
  const recording = await recorded(
    { ...where, needsCluster: true, isAside: json === true },
    Told.After,
    (it, options) => it.previewRefresh(options),
  );
  if (!recording.isWhole || recording.errors.length > 0) {
    console.error(`${stack} couldn't be compared:\n${recording.errors.join("\n")}`);
    return NOT_COMPARED;
  }
  const report = driftOf(readPreview(JSON.stringify(recording.digest())));
  if (markdown !== undefined) {
    fs.writeFileSync(fromUser(markdown), `${markOf("drift", stack)}\n${driftAsMarkdown(report)}\n`);
  }
  console.log(json ? driftAsJson(report) : `\n${driftAsText(report)}`);
  return report.exitCode;
}

if (require.main === module) {
  const command = new Command("npm run drift --")
    .description(
      "What somebody changed behind the program's back: compares the stack's state with what is there, and writes nothing.",
    )
    .requiredOption("--stack <name>", "the stack: NAME of Pulumi.NAME.yaml")
    .option("--local", "the stack on the local cloud")
    .option("--json", "the report as JSON")
    .option("--markdown <file>", "the report also into a file, for an issue")
    .addHelpText("after", "\nExit codes: 0 nothing drifted, 7 something did, 2 not compared.")
    .action(async (options: Options) => {
      process.exitCode = await drift(options);
    });
  run(command, NOT_COMPARED);
}
