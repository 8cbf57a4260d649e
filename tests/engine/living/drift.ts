import assert from "node:assert/strict";
import type { AwsRecord } from "../../../local/aws/records";
import { commandsOf } from "../../support/pages";
import type { LivingStack } from "./livingStack";

/** Changes behind the program's back, seen by a refresh and put right by an up. */
export function drift(stack: LivingStack): void {
  const byType = async () => (await stack.inventory()).aws.map(({ type, note }) => `${type} ${note}`).sort();
  const isOf = (type: string) => (record: AwsRecord) => record.type.startsWith(`aws:${type}:`);

  async function putRight(): Promise<void> {
    await stack.refresh(...stack.with());
    await stack.change({});
    await stack.runs();
  }

  it("puts right what kubectl changed", async () => {
    const image = () =>
      stack.get("deployment", "catalog", "--namespace", "catalog").spec.template.spec.containers[0].image;
    const port = () => stack.get("service", "assets", "--namespace", "assets").spec.ports[0].port;
    const replicas = () => stack.get("deployment", "assets", "--namespace", "assets").spec.replicas;
    const asDeclared = [image(), port(), replicas()];
    stack.kubectl("set", "image", "deployment/catalog", "catalog=other:1", "--namespace", "catalog");
    stack.kubectl("scale", "deployment/assets", "--replicas=1", "--namespace", "assets");
    const patch = JSON.stringify([{ op: "replace", path: "/spec/ports/0/port", value: 81 }]);
    stack.kubectl("patch", "service", "assets", "--namespace", "assets", "--type=json", `--patch=${patch}`);
    assert.deepEqual([image(), port(), replicas()], ["other:1", 81, 1]);
    await putRight();
    assert.deepEqual([image(), port(), replicas()], asDeclared);
  });

  it("puts right what was changed or deleted in AWS", async () => {
    const before = await byType();
    stack.changeAws((records) => {
      const fileSystem = records.find(isOf("efs/fileSystem"))!;
      fileSystem.properties.tags = { ...(fileSystem.properties.tags as object), Name: "by hand" };
      records.splice(records.findIndex(isOf("efs/mountTarget")), 1);
      records.splice(records.findIndex(isOf("vpc/securityGroupIngressRule")), 1);
    });
    assert.notDeepEqual(await byType(), before);
    await putRight();
    assert.deepEqual(await byType(), before);
  });

  it("gets a deleted access point back, when its volume and claim go with it", async () => {
    const before = await byType();
    const { accessPointIds, pvcNames } = stack.outputs();
    const id: string = accessPointIds!.value.assets;
    stack.changeAws((records) =>
      records.splice(
        records.findIndex((record) => record.id === id),
        1,
      ),
    );
    const claim: string = pvcNames!.value.assets;
    await stack.follow(commandsOf("docs/operations.md", "An access point", { ASSETS_CLAIM: claim }));
    await stack.settled();
    await stack.runs();
    assert.deepEqual(await byType(), before);
    assert.notEqual(stack.outputs().accessPointIds!.value.assets, id);
    assert.equal(stack.outputs().pvcNames!.value.assets, claim);
  });
}

/** What is left of a stack in the end. */
export function ends(stack: LivingStack, name: string): void {
  if (name === "prod") {
    it("still refuses to be destroyed", async () => {
      const before = await stack.inventory();
      await assert.rejects(stack.destroy(...stack.with()), /protected/);
      assert.deepEqual(await stack.inventory(), before);
    });
  } else {
    it("leaves nothing behind", async () => {
      await stack.destroy(...stack.with());
      assert.deepEqual(await stack.leaked(), []);
    });
  }
}
