import * as pulumi from "@pulumi/pulumi";
import { validateForms } from "./argumentForms";
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

/**
 * The same, together with what is wrong with each argument by itself: every constructor begins with it.
 *
 * @param violations What else is wrong: the component's own checks. Of one argument they say more, and stand alone.
 */
export function assertArguments(component: string, name: string, args: object, violations: Violation[] = []): void {
  const isSaid = (argument: string) =>
    violations.some((it) => argument === it.argument || argument.startsWith(`${it.argument}.`));
  const forms = validateForms(component, args).filter(({ argument }) => !isSaid(argument));
  assertValid(component, name, [...violations, ...forms]);
}
