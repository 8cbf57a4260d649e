import { ensure } from "../../local/tools/ensure";
import { controlPlaneTools, engineTools } from "../../local/tools/toolSets";

/** Makes the tools before the first test, whose time limit is for itself: a first build takes ten minutes. */
export async function mochaGlobalSetup(): Promise<void> {
  await ensure(engineTools(), controlPlaneTools());
}
