import { credential } from "../eks/credential";
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

/**
 * Stands for the AWS CLI. A kubeconfig runs `aws eks get-token`, which answers with the client certificate of the stack's
 * control plane instead of a token; docs/restore.md and docs/storage.md have the others.
 */
function main(args: string[]): void {
  const command = commands[args.slice(0, 2).join(" ")];
  if (args.includes("--version")) {
    console.log("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64 (stand-in of eks-storage)");
  } else if (args.join(" ").includes("eks get-token")) {
    console.log(JSON.stringify(credential(), undefined, 2));
  } else if (command) {
    try {
      const answer = command(args.slice(2));
      if (answer) console.log(answer);
    } catch (error) {
      console.error((error as Error).message);
      process.exitCode = 254;
    }
  } else {
    const known = ["--version", "eks get-token", ...Object.keys(commands)].map((words) => `  aws ${words}\n`);
    console.error(
      `This is a stand-in for the AWS CLI in a local cloud. It knows no "aws ${args.join(" ")}", but:\n${known.join("")}` +
        "Use the real one, outside npm run local, to talk to AWS.",
    );
    process.exitCode = 2;
  }
}

main(process.argv.slice(2));
