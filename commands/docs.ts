import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import * as prettier from "prettier";
import { configurationPage } from "../config/documentation";
import { readProject } from "../config/files";

const CHECKOUT = path.dirname(__dirname);

/** The page docs/configuration.md as it must be. */
export async function configurationDocument(): Promise<string> {
  return prettier.format(configurationPage(readProject(CHECKOUT).declarations), { parser: "markdown" });
}

if (require.main === module) {
  void new Command("npm run docs --")
    .description("Writes docs/configuration.md from Pulumi.yaml and the tables of keys and constraints.")
    .action(async () =>
      fs.writeFileSync(path.join(CHECKOUT, "docs", "configuration.md"), await configurationDocument()),
    )
    .parseAsync();
}
