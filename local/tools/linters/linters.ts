import * as path from "node:path";
import { ensure } from "../ensure";
import { pythonEnvironment } from "../pythonEnvironment";
import { actionlintTools } from "../toolSets";

/** What checks workflows and shell scripts: file by name. */
export interface Linters {
  actionlint: string;
  shellcheck: string;
  zizmor: string;
}

const REQUIREMENTS = path.join(__dirname, "requirements.txt");

/** @returns the directory of zizmor and shellcheck. */
export const pythonPrograms = (requirements = REQUIREMENTS, python?: string, cache?: string): Promise<string> =>
  pythonEnvironment({ name: "linters", what: "zizmor and shellcheck", requirements, hashed: true, python, cache });

/**
 * Finds the linters, or downloads, builds or installs them, once for this user.
 *
 * @throws UserError
 */
export async function ensureLinters(): Promise<Linters> {
  const [{ paths }] = await ensure(actionlintTools());
  const programs = await pythonPrograms();
  return {
    actionlint: paths.actionlint!,
    shellcheck: path.join(programs, "shellcheck"),
    zizmor: path.join(programs, "zizmor"),
  };
}
