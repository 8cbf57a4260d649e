import * as path from "node:path";
import { ensure } from "../../local/tools/ensure";
import { controlPlaneTools, engineTools, kubernetesPluginTools } from "../../local/tools/toolSets";

/** Makes the tools before the first test, whose time limit is for itself: a first build takes ten minutes. */
export async function mochaGlobalSetup(): Promise<void> {
  await ensure(engineTools(), controlPlaneTools());
  if (process.env.EKS_STORAGE_KUBERNETES_PLUGIN !== "real") return;
  const [plugin] = await ensure(kubernetesPluginTools());
  const [file] = Object.values(plugin.paths);
  // Where local clouds look for real plugins; the processes that run the specs inherit it.
  process.env.PATH = [path.dirname(file!), process.env.PATH].join(path.delimiter);
}
