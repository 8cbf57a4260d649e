import * as fs from "node:fs";
import * as path from "node:path";
import type { Rule } from "./rule";
import { families } from "./rules";

/** The rules' levels of an environment, as the engine is given them. */
export function levelsOf(environment: string): Record<string, string> {
  return JSON.parse(fs.readFileSync(path.join(__dirname, "config", `${environment}.json`), "utf8")) as never;
}

const environments = ["dev", "staging", "prod"].map((name) => [name, levelsOf(name)] as const);

function chapter(rule: Rule): string {
  const { name, description, severity, standards, mend, url, example } = rule;
  return [
    `### ${name}`,
    `${description} Severity: ${severity}.${standards.length > 0 ? ` ${standards.join(", ")}.` : ""} [Why](${url})`,
    `\`\`\`ts\n// wrong\n${example.wrong}\n// right\n${example.right}\n\`\`\``,
    mend.map((step) => `- ${step}`).join("\n"),
  ].join("\n\n");
}

/** docs/policies.md, from the rules themselves. */
export function documentation(): string {
  const row = ({ name, description, standards }: Rule) =>
    `| [${name}](#${name}) | ${description} | ${standards.join("<br>")} | ${environments
      .map(([, levels]) => levels[name])
      .join(" | ")} |`;
  const table = (rules: Rule[]) =>
    [
      `| rule | demands | standards | ${environments.map(([name]) => name).join(" | ")} |`,
      `| --- | --- | --- |${" --- |".repeat(environments.length)}`,
      ...rules.map(row),
    ].join("\n");
  const sections = Object.entries(families).flatMap(([family, rules]) => [
    `## ${family}`,
    table(rules),
    ...rules.map(chapter),
  ]);
  return [INTRODUCTION, ...sections].join("\n\n") + "\n";
}

const INTRODUCTION = `# Policies

<!-- Made by \`npm run docs:policy\` from the rules in policy/rules: change those. -->

\`policy/\` is a policy pack for this stack and others. It reports; it changes nothing.

    pulumi preview --policy-pack policy --policy-pack-config policy/config/prod.json
    npm run preview:local -- --stack prod --policy

A \`mandatory\` violation fails the preview or the update, an \`advisory\` one is shown, a \`disabled\` rule is not run. The
levels of an environment are in \`policy/config/\`; without such a file every rule is mandatory.

What a resource is by itself is checked before it is made, how it hangs together with others at the end of a preview or an
update: let a preview come before every update. A first preview doesn't know ids, so references are followed to where they
come from. A check that even this can't decide says at a preview that it can't be known yet, as an advisory message. An
update checks it again: what isn't known even then is reported at the rule's own level. A check about something that the
stack refers to and doesn't have, such as an existing subnet, hasn't passed: it is counted by itself. The pack ends with:

    Policies of eks-storage: 159 checks passed, 0 violated, 4 can't be known yet, 0 are about what isn't in this stack

What keeps small the loss of a zone, a node or a backup is advisory in dev; in staging, a file system's zones and bursts.`;

if (require.main === module) {
  fs.writeFileSync(path.join(__dirname, "..", "docs", "policies.md"), documentation());
}
