import * as pulumi from "@pulumi/pulumi";
import { type OwnResource, ownState } from "../components/retention/ownState";
import { orEnd } from "../components/retention/refusals";

/** A component that every stack has, by the name of the stack. */
const NAMED = "eks-storage:index:Backups";

/**
 * Options of the provider that everything waits for: nothing is done under another name than the stack's resources have.
 * `pulumi stack rename` changes the default of `name`, and the engine would then delete all and make it anew.
 *
 * @throws pulumi.RunError, at the preview already, with the command that keeps the name.
 */
export function underItsName(name: string, tags: Record<string, string>): pulumi.CustomResourceOptions {
  const checked = orEnd(ownState().then((state) => assertName(state, name, tags)));
  const wait: pulumi.ResourceTransform = async () => {
    await checked;
    return undefined;
  };
  return { transforms: [wait] };
}

function assertName(state: OwnResource[], name: string, tags: Record<string, string>): void {
  const before = state.find((it) => it.type === NAMED)?.name;
  if (before === undefined || before === name) return;
  const count = state.filter((it) => it.name.includes(before)).length;
  const old = tagsOf(state);
  const changed = ["project", "environment"].filter((tag) => old[tag] !== undefined && old[tag] !== tags[tag]);
  const keep = changed.map((tag) => `  pulumi config set --path tags.${tag} ${old[tag]!}\n`).join("");
  throw new pulumi.RunError(
    `The stack's resources are named ${before}, and would be named ${name} now: ${count} of them would be deleted and ` +
      `made anew, the cluster and the file system among them. To keep them:\n  pulumi config set name ${before}\n` +
      (keep &&
        `Their tags follow the stack's new name, which replaces the nodes, zone by zone. To keep them, too:\n${keep}`) +
      "docs/operations.md says how to rename a stack.",
  );
}

/** The tags that the stack has so far. */
function tagsOf(state: OwnResource[]): Record<string, string | undefined> {
  const provider = state.find((it) => it.type === "pulumi:providers:aws" && it.name === "aws");
  const given = provider?.outputs["defaultTags"];
  const parsed = (typeof given === "string" ? JSON.parse(given) : given) as
    { tags?: Record<string, string> } | undefined;
  return parsed?.tags ?? {};
}
