import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";

const CHECKOUT = path.dirname(__dirname);

/** The folders of what is published: the components, and the policy pack. All have one version. */
const PACKAGES = ["components", "policy"];

export interface Released {
  manifest: { name: string; version: string; private?: boolean; repository?: unknown };
  /** Its CHANGELOG.md; `undefined` where there is none. */
  changelog: string | undefined;
}

/** What a release is made of. */
export interface Release {
  /** As git has it: v1.2.3. */
  tag: string;
  /** By folder. */
  packages: Record<string, Released>;
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

/** What a release changed, each package's under its name. */
export function releaseNotes({ packages, tag }: Pick<Release, "packages" | "tag">): string {
  const sections = Object.values(packages).map(
    ({ manifest, changelog }) => `## ${manifest.name}\n\n${notesOf(changelog!, tag.slice(1))}\n`,
  );
  return sections.join("\n");
}

/** Why a package can't be released under a tag. */
function packageViolations(tag: string, folder: string, { manifest, changelog }: Released): string[] {
  const violations: string[] = [];
  const version = tag.slice(1);
  const file = `${folder}/package.json`;
  if (manifest.version !== version)
    violations.push(
      `${file}'s version must be ${version}, as the tag ${tag} says, and is ${manifest.version}: ` +
        `run npm version ${version} --workspace ${manifest.name} --no-git-tag-version, commit, and tag that commit.`,
    );
  if (manifest.private)
    violations.push(`${file} must not be "private", or npm refuses to publish it, and is: take that line out.`);
  // https://docs.npmjs.com/generating-provenance-statements
  if (manifest.repository === undefined)
    violations.push(
      `${file} must have a "repository", against which npm holds where the package comes from, and has none: ` +
        `run npm pkg set repository=github:OWNER/NAME --workspace ${manifest.name}, commit, and tag that commit.`,
    );
  if (changelog === undefined)
    violations.push(`${folder}/CHANGELOG.md must have a section of the release, and isn't there.`);
  else if (notesOf(changelog, version) === "")
    violations.push(`${folder}/CHANGELOG.md must say under "## ${version}" what changed, and doesn't.`);
  return violations;
}

/** Why a tag can't be released: what was expected, what was found, how to mend it. */
export function releaseViolations({ tag, packages, schemas }: Release): string[] {
  const version = tag.slice(1);
  if (!/^v\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/.test(tag))
    return [`A release's tag must be like v1.2.3, and is ${tag}: delete it, and tag the commit anew.`];
  const violations = Object.entries(packages).flatMap(([folder, it]) => packageViolations(tag, folder, it));
  for (const [file, its] of Object.entries(schemas).filter(([, its]) => its !== version))
    violations.push(
      `${file} must be of the version ${version}, and ${its === undefined ? "isn't there" : `is of ${its}`}: ` +
        "run npm run schema -- --release, commit, and tag that commit.",
    );
  return violations;
}

if (require.main === module) {
  new Command("npm run ci:release --")
    .description(
      "Checks a tag against packages, changelogs and schema of components/ and policy/, and writes what the release changed.",
    )
    .requiredOption("--tag <tag>", "the tag, such as v1.2.3")
    .requiredOption("--notes <file>", "where the changelogs' sections go")
    .action(({ tag, notes }: { tag: string; notes: string }) => {
      const read = (file: string) => fs.readFileSync(path.join(CHECKOUT, file), "utf8");
      const versionOf = (file: string) =>
        fs.existsSync(path.join(CHECKOUT, file)) ? (JSON.parse(read(file)) as Released["manifest"]).version : undefined;
      const schemas = Object.fromEntries(SCHEMAS.map((file) => [file, versionOf(file)]));
      const released = (folder: string): Released => ({
        manifest: JSON.parse(read(`${folder}/package.json`)) as Released["manifest"],
        changelog: fs.existsSync(path.join(CHECKOUT, folder, "CHANGELOG.md"))
          ? read(`${folder}/CHANGELOG.md`)
          : undefined,
      });
      const packages = Object.fromEntries(PACKAGES.map((folder) => [folder, released(folder)]));
      const violations = releaseViolations({ tag, packages, schemas });
      if (violations.length > 0) {
        console.error(`error: ${tag} can't be released:\n${violations.map((it) => `  - ${it}`).join("\n")}`);
        process.exitCode = 1;
        return;
      }
      fs.writeFileSync(notes, releaseNotes({ packages, tag }));
      console.log(`${tag} can be released.`);
    })
    .parse();
}
