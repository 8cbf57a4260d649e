import * as fs from "node:fs";
import * as path from "node:path";
import { families } from "./policies";
import type { Policy } from "./policy";

/** The levels of an environment's policies, as the engine gets them. */
export function levelsOf(environment: string): Record<string, string> {
  return JSON.parse(fs.readFileSync(path.join(__dirname, "config", `${environment}.json`), "utf8")) as never;
}

const environments = ["dev", "staging", "prod"].map((name) => [name, levelsOf(name)] as const);

function chapter(policy: Policy): string {
  const { name, description, severity, standards, fix, url, example } = policy;
  return [
    `### ${name}`,
    `${description} Severity: ${severity}.${standards.length > 0 ? ` ${standards.join(", ")}.` : ""} [Why](${url})`,
    `\`\`\`ts\n// wrong\n${example.wrong}\n// right\n${example.right}\n\`\`\``,
    fix.map((step) => `- ${step}`).join("\n"),
  ].join("\n\n");
}

/** The longest text of a table's cell: a longer one is only in the policy's own chapter, as a paragraph. */
const CELL_LIMIT = 200;

/** docs/policies.md, from the policies themselves. */
export function documentation(ofFamilies: Record<string, Policy[]> = families): string {
  const row = ({ name, description, standards }: Policy) => {
    const cell = (text: string) => (text.length > CELL_LIMIT ? `[below](#${name})` : text);
    const levels = environments.map(([, levels]) => levels[name]);
    return `| ${[`[${name}](#${name})`, cell(description), cell(standards.join("<br>")), ...levels].join(" | ")} |`;
  };
  const table = (policies: Policy[]) =>
    [
      `| policy | demands | standards | ${environments.map(([name]) => name).join(" | ")} |`,
      `| --- | --- | --- |${" --- |".repeat(environments.length)}`,
      ...policies.map(row),
    ].join("\n");
  const sections = Object.entries(ofFamilies).flatMap(([family, policies]) => [
    `## ${family}`,
    table(policies),
    ...policies.map(chapter),
  ]);
  return [INTRODUCTION, ...sections].join("\n\n") + "\n";
}

const INTRODUCTION = `# Policies

<!-- Made by \`npm run docs:policy\` from policy/policies: change those files. -->

\`policy/\` is a policy pack for this stack and others. It reports violations and changes nothing.

    pulumi preview --policy-pack policy --policy-pack-config policy/config/prod.json
    npm run preview:local -- --stack prod --policy

A violation of a \`mandatory\` policy fails the preview or the update. A violation of an \`advisory\` one is only shown. A
\`disabled\` policy is not checked. \`policy/config/\` has the levels of each environment; without such a file every policy is
mandatory.

## On a program of yours

The pack is an npm package of its own, \`eks-storage-policies\`, for programs in any language that use nothing of this
repository. It is installed in the folder of your program's \`Pulumi.yaml\`, needs Node.js 20.19 or later, and brings the Pulumi
SDKs that it runs on: your program may have others, or none. There is no release yet, so pack it in a checkout, with your program in \`../shop\`:

    npm ci && npm pack --workspace eks-storage-policies --pack-destination ../shop
    cd ../shop && npm install --save-dev ./eks-storage-policies-0.1.0.tgz
    pulumi preview --policy-pack node_modules/eks-storage-policies --policy-pack-config policies.json
    pulumi up --policy-pack node_modules/eks-storage-policies --policy-pack-config policies.json

\`policies.json\` is yours: levels by name, and \`all\` for the policies that it doesn't name. On a program that is there already,
begin with \`"all": "advisory"\`: nothing fails, and everything is told.

    { "all": "mandatory", "durable-protected": "disabled", "tagged": "advisory" }

[examples/policies](../examples/policies/index.ts) is such a program: a bucket, and a database on a cluster that exists, of plain
resources. It keeps every policy but two, which its \`policies.json\` disables so that it can be destroyed. Policies to look at
first: \`tagged\` wants the tags \`project\` and \`environment\`; \`drivers-drained\` wants a CSI driver in another stack than what
uses it, or in \`CsiDriver\` of the package \`eks-storage\`.

Objects in several clusters of one stack are told apart by what their providers and add-ons come from. The pack doesn't see what a
Helm \`Release\` makes, which is one resource for Pulumi (the objects of a \`Chart\` are seen), nor types of other providers than
\`aws\`, \`eks\` and \`kubernetes\`.

## How it checks

A policy about a single resource is checked before the resource is created. A policy about several resources is checked at
the end of a preview or an update, so run a preview before every update. A first preview doesn't know ids: the pack then
follows references to the resources that they come from. A check that needs a value which isn't known yet gives an advisory
message at a preview, and the update checks it again. What isn't known even then is reported at the policy's own level.

A check about something that isn't in the stack, such as an existing subnet, is neither passed nor violated: it is counted
separately. The pack ends with a line like this:

    Policies of eks-storage: 159 checks passed, 0 violated, 4 can't be checked yet, 0 are about what isn't in this stack

In dev, policies about the loss of a zone, a node or a backup are advisory; in staging, those about an EFS file system's
zones and burst credits.`;

if (require.main === module) {
  fs.writeFileSync(path.join(__dirname, "..", "docs", "policies.md"), documentation());
}
