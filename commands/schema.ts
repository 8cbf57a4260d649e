import * as fs from "node:fs";
import { Command } from "commander";
import { releasedSchema, RELEASED_FILE } from "../schema/released";
import { assertCompatible } from "../schema/compatibility";
import { SCHEMA_FILE } from "../schema/file";
import { componentsSchema, schemaText } from "../schema/schema";

void new Command("npm run schema --")
  .description(
    "Writes components/schema.json, from which other languages have the components, anew from their sources.",
  )
  .option("--release", "keep it as the last release's, with which later ones must be compatible")
  .action(({ release }: { release?: true }) => {
    const schema = componentsSchema();
    const released = releasedSchema();
    if (released) assertCompatible(released, schema);
    fs.writeFileSync(SCHEMA_FILE, schemaText(schema));
    if (release) fs.writeFileSync(RELEASED_FILE, schemaText(schema));
  })
  .parseAsync();
