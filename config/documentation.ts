import * as yaml from "yaml";
import type { Declaration } from "./files";
import { type Key, keys } from "./keys";
import { kubernetesVersions } from "./kubernetesVersions";
import { constraints } from "./constraints";

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string) => `\`${text}\``;

/** As a stack's file has it, in one line. */
const inYaml = (value: unknown) =>
  yaml.stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false }).trim();

const defaultOf = ({ default: value }: Declaration) =>
  value === undefined ? "none: must be set" : value === "" ? "left out" : code(inYaml(value));

const typeOf = ({ type, items }: Declaration) => (items ? `${type} of ${items.type}` : type);

/** docs/configuration.md, out of Pulumi.yaml's declarations and the tables of keys and constraints. */
export function configurationPage(declarations: Record<string, Declaration>): string {
  const keyRows = Object.entries(declarations).map(([name, declaration]) => [
    code(name),
    typeOf(declaration),
    defaultOf(declaration),
    declaration.description,
    `${keys[name as Key].expected}, such as ${code(keys[name as Key].example)}`,
  ]);
  const constraintRows = constraints.map(({ id, key, title, reads }) => [
    id,
    code(key),
    title,
    reads
      .filter((name) => name !== key)
      .map(code)
      .join(", "),
  ]);
  return `<!-- Made by npm run docs from Pulumi.yaml, config/keys.ts and config/constraints.ts: change those. -->

# Configuration

A stack's file, \`Pulumi.NAME.yaml\`, says what differs from the defaults in [Pulumi.yaml](../Pulumi.yaml), each key with
the project's name before it: \`eks-storage:zones\`. \`pulumi config set KEY VALUE\` writes it;
\`pulumi config set --path 'zones[0]' eu-west-1a\` writes into a list.

    npm run config -- --stack prod    # checks the file, and shows what is in force; needs no account

It reports everything that is wrong at once, each mistake with the key, what it must be, what it is and how to fix it;
\`pulumi up\`, \`pulumi preview\` and the local commands check the same before anything is made. (The engine looks at
missing keys and wrong types before that, one mistake at a time.)

## Keys

${table(["key", "type", "default", "meaning", "must be"], keyRows)}

## Constraints

${constraints.length} constraints look at several keys together, or ask a component what it takes. Each is asked when the keys that it
looks at are right in themselves, and is tested both ways, accepted and refused.

${table(["constraint", "fixed at", "what holds", "looks at as well"], constraintRows)}

Beside these, a key that the project doesn't know is refused, with the name of the nearest one; one that is encrypted, since
none is a secret; and one of a provider, such as \`aws:region\` or \`aws:profile\`: the program makes its own providers,
which don't read it. The message names what to use instead.

## Kubernetes versions

${table(
  ["version", "[standard support](https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html)"],
  Object.entries(kubernetesVersions),
)}
`;
}
