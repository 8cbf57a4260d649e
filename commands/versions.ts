import * as path from "node:path";
import { Command } from "commander";
import { validateVpcCniVersion } from "../components/eks/vpcCniVersion";
import { addonPins, kubernetesVersions } from "../components/versions";
import { FileError, readStack } from "../config/files";
import { type Aws, aws, AwsError } from "./awsQuestions";

const CHECKOUT = path.dirname(__dirname);

/** Add-ons whose versions are keys, by the key. The owner of an existing cluster has the first four. */
const ADDONS = {
  ...Object.fromEntries(Object.entries(addonPins).map(([name, { key }]) => [key, name])),
  containerInsightsVersion: "amazon-cloudwatch-observability",
};
const OF_THE_CLUSTER = ["vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent"];

/** What EKS says of one add-on's version. */
export interface AddonVersions {
  /** The configuration key. */
  key: string;
  /** The add-on's name in EKS. */
  addon: string;
  /** The version that is set. */
  version: string;
  /** Whether EKS offers it for this Kubernetes. */
  isOffered: boolean;
  /** What EKS installs where no version is named; `null` where it has none. */
  default: string | null;
  /** The newest that fits, but for those that the program refuses; `null` where there is none. */
  newest: string | null;
}

/** What EKS says of a stack's versions. */
export interface Versions {
  stack: string;
  kubernetes: {
    /** The version that the add-ons are asked for. */
    version: string;
    /** The day that ends its standard support, by EKS; `null` where EKS doesn't say. */
    endOfStandardSupport: string | null;
    newest: string | null;
  };
  addons: AddonVersions[];
}

/** What is read of the CLI's answers: https://docs.aws.amazon.com/cli/latest/reference/eks/ */
interface Offered {
  addonVersion: string;
  compatibilities?: { clusterVersion: string; defaultVersion?: boolean }[];
}
interface ClusterVersion {
  clusterVersion: string;
  /** In any time zone; the first version of the CLI prints seconds. */
  endOfStandardSupportDate?: string | number;
}

/** By the numbers in them: `v1.9.0-eksbuild.1` is before `v1.10.0-eksbuild.1`. */
function compare(one: string, other: string): number {
  const numbers = (version: string) => version.match(/\d+/g)!.map(Number);
  const others = numbers(other);
  return numbers(one).reduce((order, number, index) => order || number - (others[index] ?? 0), 0);
}

const newest = (versions: string[]): string | null => [...versions].sort(compare).at(-1) ?? null;

const day = (date: string | number | undefined): string | null =>
  date === undefined ? null : new Date(typeof date === "number" ? date * 1000 : date).toISOString().slice(0, 10);

/**
 * Asks EKS which versions of the add-ons it offers, for the stack's Kubernetes or another.
 *
 * @throws FileError, AwsError
 */
export async function learn(
  directory: string,
  stack: string,
  kubernetes?: string,
  ofAws: Aws = aws,
): Promise<Versions> {
  const { project, values } = readStack(directory, stack);
  const setting = (name: string) => values[`${project}:${name}`] ?? "";
  const eks = (...args: string[]) => ofAws(setting("region"), "eks", ...args);
  const existing = setting("existingClusterName");
  const version = kubernetes ?? (existing ? await versionOf(existing, eks) : setting("kubernetesVersion"));
  const { clusterVersions } = (await eks("describe-cluster-versions")) as { clusterVersions: ClusterVersion[] };
  const addons: AddonVersions[] = [];
  for (const [key, addon] of Object.entries(ADDONS)) {
    if (setting(key) === "" || (existing && OF_THE_CLUSTER.includes(addon))) continue;
    const answer = await eks("describe-addon-versions", "--addon-name", addon, "--kubernetes-version", version);
    addons.push({ key, addon, version: setting(key), ...judged(addon, setting(key), version, answer) });
  }
  const end = clusterVersions.find(({ clusterVersion }) => clusterVersion === version)?.endOfStandardSupportDate;
  const all = clusterVersions.map(({ clusterVersion }) => clusterVersion);
  return { stack, kubernetes: { version, endOfStandardSupport: day(end), newest: newest(all) }, addons };
}

async function versionOf(name: string, eks: (...args: string[]) => Promise<unknown>): Promise<string> {
  const { cluster } = (await eks("describe-cluster", "--name", name)) as { cluster: { version: string } };
  return cluster.version;
}

function judged(addon: string, version: string, kubernetes: string, answer: unknown) {
  const { addons } = answer as { addons: { addonVersions: Offered[] }[] };
  const offered = addons.flatMap(({ addonVersions }) => addonVersions);
  const isDefault = ({ compatibilities = [] }: Offered) =>
    compatibilities.some((it) => it.clusterVersion === kubernetes && it.defaultVersion === true);
  const names = offered.map(({ addonVersion }) => addonVersion);
  const isUsable = (name: string) => addon !== "vpc-cni" || validateVpcCniVersion(name).length === 0;
  return {
    isOffered: names.includes(version),
    default: offered.find(isDefault)?.addonVersion ?? null,
    newest: newest(names.filter(isUsable)),
  };
}

/** What a person reads. */
export function told({ stack, kubernetes, addons }: Versions): string {
  const mark = ({ isOffered, version, newest }: AddonVersions) =>
    !isOffered ? "!" : newest !== null && compare(newest, version) > 0 ? "*" : " ";
  const rows = [
    [" ", "key", "set", "EKS's default", "newest"],
    ...addons.map((it) => [mark(it), it.key, it.version, it.default ?? "-", it.newest ?? "-"]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]! + (column === 0 ? 1 : 2)))
      .join("")
      .trimEnd(),
  );
  const { version, endOfStandardSupport, newest } = kubernetes;
  const end = endOfStandardSupport === null ? "not in EKS" : `in standard support until ${endOfStandardSupport}`;
  const unknown = newest !== null && !(newest in kubernetesVersions) ? ", which this program isn't for yet" : "";
  return [
    `${stack}, Kubernetes ${version}: ${end}. EKS's newest is ${newest ?? "not known"}${unknown}.`,
    "",
    ...table,
    "",
    "* has a newer version that fits, ! isn't offered for this Kubernetes. To set one: pulumi config set KEY VERSION.",
  ].join("\n");
}

/** The text to print, and the exit code. */
export async function versions(
  asJson: boolean,
  ...args: Parameters<typeof learn>
): Promise<{ text: string; exitCode: number }> {
  try {
    const found = await learn(...args);
    return { text: asJson ? JSON.stringify(found, undefined, 2) : told(found), exitCode: 0 };
  } catch (error) {
    if (error instanceof FileError || error instanceof AwsError)
      return { text: `error: ${error.message}`, exitCode: 1 };
    throw error;
  }
}

if (require.main === module) {
  new Command("npm run versions --")
    .description("Asks AWS which versions of the add-ons, newer ones among them, fit a stack's Kubernetes.")
    .option("--stack <name>", "the environment: any NAME with a Pulumi.NAME.yaml", "dev")
    .option("--kubernetes <minor>", "another Kubernetes than the stack's, such as the next: 1.36")
    .option("--json", "as JSON", false)
    .action(async ({ stack, kubernetes, json }: { stack: string; kubernetes?: string; json: boolean }) => {
      const { text, exitCode } = await versions(json, CHECKOUT, stack, kubernetes);
      (exitCode === 0 ? console.log : console.error)(text);
      process.exitCode = exitCode;
    })
    .parse();
}
