import { checkConfiguration, refusal } from "../../config/check";
import { readStack } from "../../config/files";
import { parseConfig, type Local } from "../stack/engine";
import { UserError } from "./terminal";

/**
 * Checks a stack's files, and what `--config` says, before anything is built or started.
 *
 * @throws UserError with everything that is wrong.
 */
export function checkStack({ checkout, stack }: Local, pairs: string[]): void {
  const { project } = readStack(checkout, stack);
  const { violations } = checkConfiguration(readStack(checkout, stack, parseConfig(project, pairs)));
  if (violations.length > 0) throw new UserError(refusal(stack, violations));
}
