import { checkConfiguration, refusal } from "../../config/check";
import { readStack } from "../../config/files";
import { parseConfig } from "../stack/configuration";
import type { Local } from "../stack/local";
import { withOwnValues } from "../stack/ownValues";
import { UserError } from "./terminal";

/**
 * Checks what is deployed of a stack's file, with what `--config` says, before anything is built or started. Says which keys
 * have values of the local cloud's own.
 *
 * @throws UserError with everything that is wrong.
 */
export function checkStack({ checkout, stack }: Local, pairs: string[]): void {
  const { project } = readStack(checkout, stack);
  const given = parseConfig(project, pairs);
  const files = readStack(checkout, stack, given);
  const values = { ...withOwnValues(files.values), ...pick(files.values, Object.keys(given)) };
  const { violations } = checkConfiguration({ ...files, values });
  const how = `--config KEY=VALUE, or in Pulumi.${stack}.yaml as ${project}:KEY`;
  if (violations.length > 0) throw new UserError(refusal(stack, violations, how));
  const own = Object.keys(values).filter((key) => values[key] !== files.values[key]);
  if (own.length === 0) return;
  const names = own
    .map((key) => key.replace(`${project}:`, ""))
    .sort()
    .join(", ");
  console.error(`In place of the examples in Pulumi.${stack}.yaml, the local cloud has values of its own: ${names}.`);
}

const pick = (values: Record<string, string>, keys: string[]) =>
  Object.fromEntries(keys.map((key) => [key, values[key]!]));
