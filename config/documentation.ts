import * as yaml from "yaml";
import { addonPins, imagePins, kubernetesPin, kubernetesVersions } from "../components/versions";
import type { Declaration } from "./files";
import { type Key, keys } from "./keys";
import { constraints } from "./constraints";
import { code, table } from "./markdown";

/** As a stack's file has it, in one line. */
const inYaml = (value: unknown) =>
  yaml.stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false }).trim();

const defaultOf = ({ default: value }: Declaration) =>
  value === undefined ? "none: must be set" : value === "" ? "left out" : code(inYaml(value));

/** A cell can be read at a glance. */
const MOST_LISTED = 6;
const listed = (names: readonly string[]) =>
  names.length > MOST_LISTED ? `${names.length} keys` : names.map(code).join(", ");

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
    listed(reads.filter((name) => name !== key)),
  ]);
  return `<!-- Made by npm run docs from Pulumi.yaml, config/keys.ts and config/constraints/: change those. -->

# Configuration

A stack's file, \`Pulumi.NAME.yaml\`, has what differs from the defaults in [Pulumi.yaml](../Pulumi.yaml). Each key has the
project's name before it: \`eks-storage:zones\`. \`pulumi config set KEY VALUE\` writes it;
\`pulumi config set --path 'zones[0]' eu-west-1a\` writes into a list.

    npm run config -- --stack prod    # checks the file, and shows the settings in force; needs no account

It reports all mistakes at once, each with the key, what it must be, what it is and how to fix it. \`pulumi up\`,
\`pulumi preview\` and the local commands check the same before anything is made. (The engine itself reports missing keys
and wrong types before that, one at a time.)

## Keys

Keys that begin with \`existing\` name resources that somebody else manages: the stack uses them, and never deletes them
([existing.md](existing.md)). Keys that begin with \`adopt\` name what an earlier stack kept: its destroy prints them.

${table(["key", "type", "default", "meaning", "must be"], keyRows)}

## Constraints

${constraints.length} constraints concern several keys, or are a component's. Each is checked once the keys that it reads are valid by
themselves.

${table(["constraint", "key to fix", "what holds", "also reads"], constraintRows)}

Values that are left from an example are refused in every key but \`tags\`: networks for documentation (RFC 5737, 3849 and
9637) and the accounts of AWS's documentation, such as those in the files as they are shipped. The message says how to
find your own: \`aws sts get-caller-identity\` shows the account, \`curl https://checkip.amazonaws.com\` the address that
you work from. The local cloud has values of its own in their place ([local.md](local.md#configuration)).

Beside these, an unknown key is refused, with the name of the nearest known one; an encrypted one, since no key of this
project is a secret; and one of a provider, such as \`aws:region\` or \`aws:profile\`: the program makes its own providers,
which don't read it. The message names what to use instead.

## Kubernetes versions

${table(
  ["version", "[in standard support](https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html) until"],
  Object.entries(kubernetesVersions),
)}

From 60 days before that date on, \`npm run config\` and every preview say it. After it, a new cluster of that version is
refused, and EKS upgrades a living one by itself ([aws.md](aws.md#upgrading-kubernetes)).

## Pinned versions

What a stack gets that sets nothing else, from \`components/versions.ts\`. \`npm run versions\` asks AWS which newer versions
there are for the stack's Kubernetes.

${table(
  ["key", "default", "last seen offered", "where its releases are listed"],
  [kubernetesPin, ...Object.values(addonPins), ...imagePins].map(({ key, version, checked, source }) => [
    code(key),
    code(version),
    checked,
    `<${source}>`,
  ]),
)}
`;
}
