import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { underItsName } from "../../../config/renaming";
import { run } from "../../support/registrations";

const URN = "urn:pulumi:test::eks-storage";
const defaultTags = JSON.stringify({ tags: { project: "eks-storage", environment: "dev" } });
const state = {
  [`${URN}::eks-storage:index:Backups::eks-storage-dev`]: { outputs: {} },
  [`${URN}::eks-storage:index:Backups$aws:backup/vault:Vault::eks-storage-dev`]: { outputs: {} },
  [`${URN}::pulumi:providers:aws::aws`]: { outputs: { defaultTags } },
  [`${URN}::eks-storage:index:Catalog::catalog`]: { outputs: {} },
};

async function refusal(name: string, environment: string, before: Record<string, object> = state) {
  const options = { state: before };
  const program = () => void new aws.Provider("aws", {}, underItsName(name, { project: "eks-storage", environment }));
  return (await run(program, options)).error?.message;
}

describe("a stack's name", () => {
  it("is anything in a new stack, and what its resources have in one that lives", async () => {
    assert.equal(await refusal("eks-storage-qa", "qa", {}), undefined);
    assert.equal(await refusal("eks-storage-dev", "dev"), undefined);
    assert.equal(await refusal("eks-storage-dev", "qa"), undefined);
  });

  it("is refused where it changes, with the commands that keep it and the tags", async () => {
    assert.equal(
      await refusal("eks-storage-qa", "qa"),
      `The stack's resources are named eks-storage-dev, and would be named eks-storage-qa now: 2 of them would be deleted and made anew, the cluster and the file system among them. To keep them:
  pulumi config set name eks-storage-dev
Their tags follow the stack's new name, which replaces the nodes, zone by zone. To keep them, too:
  pulumi config set --path tags.environment dev
docs/operations.md says how to rename a stack.`,
    );
    assert.doesNotMatch((await refusal("eks-storage-qa", "dev"))!, /tags/);
  });
});
