import { policyPack, withoutResults } from "../stack/engine";
import type { Local } from "../stack/local";
import { maskedOutputs } from "../stack/outputs";
import { checkStack } from "./configuration";
import { type StackOptions, withEngine, withStack } from "./operation";
import { outputsTable } from "./outputs";
import { explained } from "./terminal";
import { checkLocal, command, stackFlag } from "./which";

export { destroy } from "./destroy";

export async function up(local: Local, options: StackOptions): Promise<void> {
  if (!local.isOther) checkStack(local, options.config);
  const checked = options.policy ? policyPack(local) : {};
  await withStack(local, options.config, "needed", true, (stack) =>
    withEngine(local, (common) => withoutResults(stack).up({ ...common, ...checked })),
  );
  const next: [string, string][] = [
    [`npm run local -- kubectl${stackFlag(local)} get pvc -A`, local.isOther ? "the claims" : "the claims, each Bound"],
    [command("outputs:local", local), "what is printed above"],
    [command("preview:local", local), "what a change would do"],
    [command("destroy:local", local), "takes all of it down"],
  ];
  console.log(`\nOutputs of ${local.stack}:\n${outputsTable(maskedOutputs(local))}\n\nNext:\n${explained(next)}`);
}

export async function preview(local: Local, options: StackOptions): Promise<void> {
  if (!local.isOther) checkStack(local, options.config);
  const checked = options.policy ? policyPack(local) : {};
  await withStack(local, options.config, "if there", false, (stack) =>
    withEngine(local, (common) => stack.preview({ ...common, ...checked })),
  );
}

export async function refresh(local: Local, { config }: StackOptions): Promise<void> {
  checkLocal(local);
  await withStack(local, config, "needed", true, (stack) =>
    withEngine(local, (options) => withoutResults(stack).refresh(options)),
  );
}
