import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import * as prettier from "prettier";
import { configurationPage } from "../config/documentation";
import { readProject } from "../config/files";
import { readExample } from "../schema/example";
import { inPython } from "../schema/examplePython";
import { inTypescript } from "../schema/exampleTypescript";
import { readSchema, type SchemaFile } from "../schema/file";
import { type ExampleTexts, referencePages } from "../schema/reference";

const CHECKOUT = path.dirname(__dirname);
const REFERENCE = path.join("docs", "components");
const EXAMPLES = path.join(REFERENCE, "examples");

const formatted = async (text: string, parser: "markdown" | "typescript") =>
  prettier.format(text, { ...(await prettier.resolveConfig(path.join(CHECKOUT, "docs", "page.md"))), parser });

/** The page docs/configuration.md as it must be. */
export async function configurationDocument(): Promise<string> {
  return formatted(configurationPage(readProject(CHECKOUT).declarations), "markdown");
}

/** An example in all languages, made from the one in YAML. */
async function exampleTexts(file: string, schema: SchemaFile): Promise<ExampleTexts> {
  const yaml = fs.readFileSync(path.join(CHECKOUT, EXAMPLES, file), "utf8");
  try {
    const example = readExample(yaml, schema);
    return { typescript: await formatted(inTypescript(example), "typescript"), python: inPython(example), yaml };
  } catch (error) {
    throw new Error(`${path.join(EXAMPLES, file)} has mistakes:\n${(error as Error).message}`);
  }
}

/**
 * The reference of the components as it must be: every file but the examples in YAML, by its path in the checkout.
 *
 * @throws Error for an example that isn't right, or that is missing.
 */
export async function referenceDocuments(): Promise<Record<string, string>> {
  const schema = readSchema();
  const examples: Record<string, ExampleTexts> = {};
  const files: Record<string, string> = {};
  for (const file of fs.readdirSync(path.join(CHECKOUT, EXAMPLES)).filter((it) => it.endsWith(".yaml"))) {
    const name = path.basename(file, ".yaml");
    const texts = await exampleTexts(file, schema);
    examples[name] = texts;
    files[path.join(EXAMPLES, `${name}.ts`)] = texts.typescript;
    files[path.join(EXAMPLES, `${name}.py`)] = texts.python;
  }
  for (const [name, text] of Object.entries(referencePages(schema, examples))) {
    files[path.join(REFERENCE, name)] = await formatted(text, "markdown");
  }
  return files;
}

if (require.main === module) {
  void new Command("npm run docs --")
    .description(
      "Writes docs/configuration.md from Pulumi.yaml and the tables of keys and constraints, and docs/components from the " +
        "components' schema and the examples in YAML.",
    )
    .action(async () => {
      const documents = {
        [path.join("docs", "configuration.md")]: await configurationDocument(),
        ...(await referenceDocuments()),
      };
      for (const [file, text] of Object.entries(documents)) fs.writeFileSync(path.join(CHECKOUT, file), text);
    })
    .parseAsync();
}
