import * as path from "node:path";
import { Command } from "commander";
import { calendar } from "../components/checks/calendar";
import { supportNotice } from "../components/eks/kubernetesSupport";
import { checkConfiguration, refusal } from "../config/check";
import { FileError, readStack, type StackFiles } from "../config/files";
import { nameOf } from "../config/stackName";

const CHECKOUT = path.dirname(__dirname);
const COLUMNS = 80;

/** A value in lines of so many characters, cut after a comma where there is one. */
function wrapped(value: string, width: number): string[] {
  if (value.length <= width) return [value];
  const comma = value.lastIndexOf(",", width - 1);
  const end = comma > 0 ? comma + 1 : width;
  return [value.slice(0, end), ...wrapped(value.slice(end), width)];
}

/** The configuration in force, within 80 columns; a star marks what the stack's file sets. */
export function effectiveTable({ project, values, given, declarations }: StackFiles): string {
  const width = Math.max(...Object.keys(declarations).map((name) => name.length));
  const rows = Object.keys(declarations).flatMap((name) => {
    const full = `${project}:${name}`;
    const label = `${given.includes(full) ? "*" : " "} ${name}`;
    return wrapped(values[full] ?? "", COLUMNS - width - 4).map((line, index) =>
      `${(index === 0 ? label : "").padEnd(width + 4)}${line}`.trimEnd(),
    );
  });
  return rows.join("\n");
}

/** What a check without violations proves. */
function verdict({ stack, environments }: StackFiles): string {
  if (environments.length === 0) {
    return `Pulumi.${stack}.yaml can be deployed. The settings in force (* set in the file):`;
  }
  return (
    `Nothing is wrong with what Pulumi.${stack}.yaml sets.\n` +
    `It imports Pulumi ESC environments, which can't be read here: ${environments.join(", ")}.\n` +
    "They may set keys without a star. These, and constraints that read them, are\n" +
    "checked by pulumi preview. As far as the files tell (* set in the file):"
  );
}

/** How the name is written down, where it isn't. */
function naming({ project, stack, values }: StackFiles): string {
  if (values[`${project}:name`]) return "";
  const name = nameOf(project, stack);
  return [
    `\n\nEverything is named ${name}, after project and stack, which can't be`,
    "renamed then. When the stack is made, write the name down:",
    `  pulumi config set name ${name} --stack ${stack}`,
  ].join("\n");
}

/** What becomes wrong by itself: the end of the Kubernetes version's support, where the cluster is the stack's own. */
function notice({ project, values }: StackFiles): string {
  if (values[`${project}:existingClusterName`]) return "";
  const said = supportNotice(values[`${project}:kubernetesVersion`] ?? "", calendar.today());
  return said === undefined ? "" : `\n\nwarning: ${said}`;
}

/** Checks a stack's files without an engine. The text to print, and the exit code. */
export function config(directory: string, stack: string): { text: string; exitCode: number } {
  try {
    const files = readStack(directory, stack);
    const { violations } = checkConfiguration(files);
    if (violations.length > 0) return { text: refusal(stack, violations), exitCode: 1 };
    return { text: `${verdict(files)}\n\n${effectiveTable(files)}${naming(files)}${notice(files)}`, exitCode: 0 };
  } catch (error) {
    if (error instanceof FileError) return { text: `error: ${error.message}`, exitCode: 1 };
    throw error;
  }
}

if (require.main === module) {
  new Command("npm run config --")
    .description("Checks a stack's configuration, and shows what is in force. Needs no engine and no account.")
    .option("--stack <name>", "the environment: any NAME with a Pulumi.NAME.yaml", "dev")
    .action(({ stack }: { stack: string }) => {
      const { text, exitCode } = config(CHECKOUT, stack);
      (exitCode === 0 ? console.log : console.error)(text);
      process.exitCode = exitCode;
    })
    .parse();
}
