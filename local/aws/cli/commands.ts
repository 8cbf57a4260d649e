import { services } from "../services";
import { commandName, runCommand } from "./run";

/** `backup start-backup-job` -> what it runs. */
const commands = Object.fromEntries(
  Object.entries(services).flatMap(([name, service]) =>
    Object.keys(service.commands ?? {}).map((operation) => [
      `${name} ${commandName(operation)}`,
      (args: string[]) => runCommand(service, operation, args),
    ]),
  ),
);

/** Runs `aws SERVICE OPERATION ...`, and prints what it answers; its exit code. */
export function runNamed(args: string[]): number {
  const command = commands[args.slice(0, 2).join(" ")];
  if (!command) {
    const known = ["--version", "eks get-token", ...Object.keys(commands)].map((words) => `  aws ${words}\n`);
    console.error(
      `This is a stand-in for the AWS CLI in a local cloud. It knows no "aws ${args.join(" ")}", but:\n${known.join("")}` +
        "Use the real one, outside npm run local, to talk to AWS.",
    );
    return 2;
  }
  try {
    const answer = command(args.slice(2));
    if (answer) console.log(answer);
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 254;
  }
}
