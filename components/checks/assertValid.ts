import * as pulumi from "@pulumi/pulumi";
import { validateForms } from "./argumentForms";
import { validatePlain, validatePlainName } from "./plainArguments";
import { validateRequired } from "./requiredArguments";
import { type Violation, violationLines } from "./violations";

/**
 * Refuses a component's arguments, all the wrong ones in one message, before anything is registered.
 *
 * @param name The component's in Pulumi; left out for a function.
 * @throws pulumi.RunError, which the terminal shows without a stack trace.
 */
export function assertValid(component: string, name: string | undefined, violations: Violation[]): void {
  if (violations.length === 0) return;
  const count = violations.length === 1 ? "an argument that" : `${violations.length} arguments that`;
  const whose = name === undefined ? component : `${component} "${name}"`;
  throw new pulumi.RunError(`${whose} has ${count} can't work:\n${violationLines(violations)}`);
}

/**
 * The same, together with what is wrong with each argument by itself: every constructor begins with it.
 *
 * @param validate Finds what else is wrong: the component's own checks. Of one argument they say more, and stand alone. They take
 *   plain values, so they are asked once all arguments that must be plain are, and all that must be there.
 */
export function assertArguments(
  component: string,
  name: string,
  args: object,
  validate: () => Violation[] = () => [],
): void {
  const ofName = validatePlainName(name);
  const ofForm = [...ofName, ...validatePlain(component, args), ...validateRequired(component, args)];
  const violations = ofForm.length > 0 ? ofForm : validate();
  const isSaid = (argument: string) =>
    violations.some((it) => argument === it.argument || argument.startsWith(`${it.argument}.`));
  const forms = validateForms(component, args).filter(({ argument }) => !isSaid(argument));
  assertValid(component, ofName.length > 0 ? undefined : name, [...violations, ...forms]);
}

/** Refuses outputs among what a function takes as plain: a component's arguments. */
export function assertPlain(by: string, component: string, args: object): void {
  assertValid(by, undefined, validatePlain(component, args));
}
