import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";

const CHECKOUT = path.dirname(__dirname);
const PACKAGE = path.join(CHECKOUT, "components");

/** What a release is made of: components/ is the package. */
export interface Release {
  /** As git has it: v1.2.3. */
  tag: string;
  package: { version: string; private?: boolean; repository?: unknown };
  /** components/CHANGELOG.md; `undefined` where there is none. */
  changelog: string | undefined;
  /** Whose schema each file is, by its version; `undefined` where there is none. */
  schemas: Record<string, string | undefined>;
}

/** What other languages have the components from, and what the next release must be compatible with. */
const SCHEMAS = ["components/schema.json", "schema/released.json"];

/** What a version's section of the changelog says: below `## 1.2.3`, up to the next such heading. */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split("\n", 1)[0]!.trim().split(/\s/, 1)[0] === version);
  return section === undefined ? "" : section.slice(section.indexOf("\n") + 1 || section.length).trim();
}

/** Why a tag can't be released: what was expected, what was found, how to mend it. */
export function releaseViolations({ tag, package: manifest, changelog, schemas }: Release): string[] {
  const violations: string[] = [];
  const version = tag.slice(1);
  if (!/^v\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/.test(tag))
    return [`A release's tag must be like v1.2.3, and is ${tag}: delete it, and tag the commit anew.`];
  if (manifest.version !== version)
    violations.push(
      `components/package.json's version must be ${version}, as the tag ${tag} says, and is ${manifest.version}: ` +
        `run npm version ${version} --workspace eks-storage --no-git-tag-version, commit, and tag that commit.`,
    );
  if (manifest.private)
    violations.push(
      'components/package.json must not be "private", or npm refuses to publish it, and is: take that line out.',
    );
  // https://docs.npmjs.com/generating-provenance-statements
  if (manifest.repository === undefined)
    violations.push(
      'components/package.json must have a "repository", against which npm holds where the package comes from, and has none: ' +
        "run npm pkg set repository=github:OWNER/NAME --workspace eks-storage, commit, and tag that commit.",
    );
  for (const [file, its] of Object.entries(schemas).filter(([, its]) => its !== version))
    violations.push(
      `${file} must be of the version ${version}, and ${its === undefined ? "isn't there" : `is of ${its}`}: ` +
        "run npm run schema -- --release, commit, and tag that commit.",
    );
  if (changelog === undefined)
    violations.push("components/CHANGELOG.md must have a section of the release, and isn't there.");
  else if (notesOf(changelog, version) === "")
    violations.push(`components/CHANGELOG.md must say under "## ${version}" what changed, and doesn't.`);
  return violations;
}

if (require.main === module) {
  new Command("npm run ci:release --")
    .description(
      "Checks a tag against package, changelog and schema of components/, and writes what the release changed.",
    )
    .requiredOption("--tag <tag>", "the tag, such as v1.2.3")
    .requiredOption("--notes <file>", "where the changelog's section goes")
    .action(({ tag, notes }: { tag: string; notes: string }) => {
      const read = (file: string) => fs.readFileSync(path.join(PACKAGE, file), "utf8");
      const versionOf = (file: string) =>
        fs.existsSync(path.join(CHECKOUT, file))
          ? (JSON.parse(fs.readFileSync(path.join(CHECKOUT, file), "utf8")) as Release["package"]).version
          : undefined;
      const schemas = Object.fromEntries(SCHEMAS.map((file) => [file, versionOf(file)]));
      const changelog = fs.existsSync(path.join(PACKAGE, "CHANGELOG.md")) ? read("CHANGELOG.md") : undefined;
      const manifest = JSON.parse(read("package.json")) as Release["package"];
      const violations = releaseViolations({ tag, package: manifest, changelog, schemas });
      if (violations.length > 0) {
        console.error(`error: ${tag} can't be released:\n${violations.map((it) => `  - ${it}`).join("\n")}`);
        process.exitCode = 1;
        return;
      }
      fs.writeFileSync(notes, `${notesOf(changelog!, tag.slice(1))}\n`);
      console.log(`${tag} can be released.`);
    })
    .parse();
}
