import assert from "node:assert/strict";
import { commandName, runCommand } from "../../aws/cli/run";
import { services } from "../../aws/services";

/** Types a command of the `aws` CLI, without `aws`; what it prints. */
export function printed(line: string): string {
  const [name = "", command, ...args] = line.split(" ");
  const service = services[name]!;
  const operation = Object.keys(service.commands ?? {}).find((known) => commandName(known) === command);
  assert.ok(operation, line);
  return runCommand(service, operation, args);
}

/** The same, as the object that it prints. */
export function type(line: string): any {
  const answer = printed(line);
  return answer && JSON.parse(answer);
}
