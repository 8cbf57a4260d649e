import * as pulumi from "@pulumi/pulumi";
import { type Violation, violationLines } from "./violations";

/**
 * Refuses a component's arguments, all the wrong ones in one message, before anything is registered.
 *
 * @throws pulumi.RunError, which the terminal shows without a stack trace.
 */
export function assertValid(component: string, name: string, violations: Violation[]): void {
  if (violations.length === 0) return;
  const count = violations.length === 1 ? "an argument that" : `${violations.length} arguments that`;
  throw new pulumi.RunError(`${component} "${name}" has ${count} can't work:\n${violationLines(violations)}`);
}
