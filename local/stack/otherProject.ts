import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { UserError } from "../cli/terminal";
import { ensure } from "../tools/ensure";
import { onPath } from "../tools/find";
import { nodejsHostTools } from "../tools/toolSets";

/**
 * The file that runs programs of a project's language, as the command line finds it.
 *
 * @throws UserError when there is none.
 */
export async function languageHost(directory: string): Promise<string | undefined> {
  const { runtime } = parse(fs.readFileSync(path.join(directory, "Pulumi.yaml"), "utf8")) as {
    runtime?: string | { name?: string };
  };
  const language = typeof runtime === "string" ? runtime : runtime?.name;
  const binary = `pulumi-language-${language}`;
  if (language === "nodejs") return (await ensure(nodejsHostTools()))[0].paths[binary];
  const found = onPath(binary);
  if (found) return found;
  throw new UserError(
    `${path.join(directory, "Pulumi.yaml")} has the runtime ${language}, which needs ${binary} on PATH. It comes with the Pulumi CLI.`,
  );
}
