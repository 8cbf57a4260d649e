import assert from "node:assert/strict";
import { bootstrap } from "../../bootstrap/program";
import type { Settings } from "../../bootstrap/settings";
import { Account } from "../../local/aws/account";
import { isAllowed } from "../../local/aws/iam/evaluation";
import { token } from "../../local/aws/records";
import { ACCOUNT, bootstrapSettings } from "../support/bootstrapSettings";
import { inOrder } from "../support/inOrder";
import { effects, LivingStack } from "./living/livingStack";
import type { Steps } from "./localStack";

describe("bootstrap in an account", function () {
  this.timeout("3m");
  inOrder(this);
  const stack = new LivingStack("dev");

  const up = async (changes: Partial<Settings> = {}): Promise<Steps> => {
    stack.program = async () => bootstrap({ ...bootstrapSettings, ...changes });
    return effects(await stack.up());
  };
  const records = (type: string) => stack.awsRecords().filter((it) => it.type === token(type));

  before(() => stack.start());
  after(() => stack.stop());

  it("makes what CI needs, and nothing else at a second up", async () => {
    await up();
    assert.deepEqual(
      records("iam/role")
        .map(({ id }) => id)
        .sort(),
      ["eks-storage-dev-deploy", "eks-storage-dev-preview"],
    );
    assert.deepEqual(await up(), {});
    await stack.refresh();
    assert.deepEqual(await up(), {});
  });

  it("has roles that may do in AWS what their stack needs, and nothing to another's state", () => {
    const account = new Account(stack.awsRecords(), ACCOUNT);
    const [bucket, key] = [records("s3/bucket")[0]!, records("kms/key")[0]!];
    const may = (kind: string, action: string, resource: string) =>
      isAllowed(
        {
          principal: `arn:aws:iam::${ACCOUNT}:role/ci/eks-storage-dev-${kind}`,
          action,
          resource,
          resourcePolicy: resource === key.properties.arn ? key.properties.policy : undefined,
        },
        account,
      );
    const state = (name: string) => `arn:aws:s3:::${bucket.id}/.pulumi/stacks/eks-storage/${name}.json`;
    assert.ok(may("preview", "s3:GetObject", state("dev")));
    assert.ok(may("preview", "kms:Decrypt", key.properties.arn as string));
    assert.ok(!may("preview", "s3:PutObject", state("dev")));
    assert.ok(may("deploy", "s3:PutObject", state("dev")));
    assert.ok(may("deploy", "eks:DeleteCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/eks-storage-dev`));
    assert.ok(!may("deploy", "s3:GetObject", state("prod")));
    assert.ok(!may("deploy", "kms:ScheduleKeyDeletion", key.properties.arn as string));
  });

  it("takes another stack up without touching the first", async () => {
    const steps = await up({ stacks: ["dev", "staging"] });
    assert.deepEqual([...new Set(Object.values(steps))], ["create"]);
    assert.ok(
      Object.keys(steps).every((it) => /staging/.test(it)),
      Object.keys(steps).join(),
    );
    const environments = stack.outputs().environments!.value as Record<string, object>;
    assert.deepEqual(Object.keys(environments), ["dev", "dev-preview", "staging", "staging-preview"]);
  });

  it("changes who may take the roles in place, when the repository is renamed", async () => {
    const steps = await up({ stacks: ["dev", "staging"], repository: "shop/storage" });
    assert.deepEqual(
      [...new Set(Object.entries(steps).map(([what, op]) => `${op} ${what.split(" ")[0]}`))],
      ["update aws:iam/role:Role"],
    );
    assert.equal(Object.keys(steps).length, 4);
  });

  it("can't be destroyed, nor any part of it, with the states of all stacks in it", async () => {
    const before = stack.awsRecords();
    await assert.rejects(stack.destroy());
    assert.match(
      stack.messages,
      /RolePolicyAttachment::eks-storage-dev-deploy-\w+" cannot be deleted\nbecause it is protected/,
    );
    assert.deepEqual(stack.awsRecords(), before);
  });

  it("gives a stack's roles up once they are unprotected", async () => {
    await stack.changeState((resources) => resources.forEach((it) => delete it.protect));
    const steps = await up({ repository: "shop/storage" });
    assert.deepEqual([...new Set(Object.values(steps))], ["delete"]);
    assert.ok(
      Object.keys(steps).every((it) => /staging/.test(it)),
      Object.keys(steps).join(),
    );
  });
});
