import * as path from "node:path";
import { ensure } from "../ensure";
import { pythonPrograms } from "../pythonPrograms";
import { actionlintTools } from "../toolSets";

/** What checks workflows and shell scripts: file by name. */
export interface Linters {
  actionlint: string;
  shellcheck: string;
  zizmor: string;
}

/** Those that are Python's packages. */
const PACKAGES = {
  name: "linters",
  words: "zizmor and shellcheck",
  requirements: path.join(__dirname, "requirements.txt"),
};

/**
 * Finds the linters, or downloads, builds or installs them, once for this user.
 *
 * @throws UserError
 */
export async function ensureLinters(): Promise<Linters> {
  const [{ paths }] = await ensure(actionlintTools());
  const programs = await pythonPrograms(PACKAGES);
  return {
    actionlint: paths.actionlint!,
    shellcheck: path.join(programs, "shellcheck"),
    zizmor: path.join(programs, "zizmor"),
  };
}
