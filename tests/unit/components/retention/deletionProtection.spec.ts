import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DeletionProtection, Retention } from "../../../../components/index";
import { run, type Secret } from "../../../support/registrations";
import { assertOrder, one, registered } from "../../../support/queries";

const claim = { namespace: "shop", name: "data-0", volumeKey: "keptVolumeId", zoneKey: "keptZone" };

/** What else is in a stack. */
const afterAll = () => ({ dependsOn: [new aws.ec2.Vpc("vpc")] });

describe("DeletionProtection", () => {
  it("warns where it has no dependsOn, as it then doesn't come first", async () => {
    const said: string[] = [];
    const { warn } = pulumi.log;
    pulumi.log.warn = async (text: string) => void said.push(text);
    try {
      const args = { retention: Retention.Retain, configuration: {}, kubeconfig: "{}" };
      for (const opts of [{}, { dependsOn: [] }, undefined as any]) {
        await registered(() => new DeletionProtection("all", args, opts));
        assert.match(said.splice(0).join("\n"), /^It has no dependsOn.*Give everything else as dependsOn\.$/s);
      }
      await registered(() => new DeletionProtection("all", args, afterAll()));
      assert.deepEqual(said, []);
    } finally {
      pulumi.log.warn = warn;
    }
  });

  it("is protected under any retention where whoever makes it protects it", async () => {
    const args = { retention: Retention.Delete, configuration: {}, kubeconfig: "{}" };
    const made = await registered(() => new DeletionProtection("all", args, { ...afterAll(), protect: true }));
    assert.equal(one(made, "DeletionProtection").protect, true);
  });

  for (const [retention, refuses] of [
    [Retention.Delete, false],
    [Retention.Retain, true],
    [Retention.Release, false],
  ] as const) {
    it(`${refuses ? "refuses" : "allows"} deletion under ${retention}`, async () => {
      const args = { retention, configuration: {}, claim, kubeconfig: "{}" };
      const resources = await registered(() => new DeletionProtection("all", args, {}));
      assert.equal(one(resources, "DeletionProtection").protect, refuses);
      assert.equal(one(resources, "dynamic:Resource").inputs.retention, retention);
    });
  }

  it("protects what has no claim, such as a bucket", async () => {
    const args = { retention: Retention.Retain, configuration: { adoptBucketName: "shop" }, kubeconfig: "{}" };
    const resources = await registered(
      () => new DeletionProtection("all", { ...args, recordParameter: "/shop/kept" }, afterAll()),
    );
    assert.ok(one(resources, "DeletionProtection").protect);
    const { value } = one(resources, "ssm/parameter:Parameter").inputs;
    const { retention, configuration } = args;
    assert.deepEqual(JSON.parse((value as Secret).value as string), { retention, configuration });
  });

  it("refuses a name for the record that has no path", async () => {
    const args = { retention: Retention.Delete, configuration: {}, claim, kubeconfig: "{}" };
    const { error } = await run(() => new DeletionProtection("all", { ...args, recordParameter: "shop-kept" }, {}));
    assert.match(
      error!.message,
      /recordParameter must be a name that begins with \/, such as \/shop-prod\/kept; it is 'shop-kept'/,
    );
  });

  it("goes before everything that it depends on, and so does its notice", async () => {
    const resources = await registered(() => {
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
      const args = { retention: Retention.Retain, configuration: {}, claim, kubeconfig: "{}" };
      new DeletionProtection("all", args, { dependsOn: [vpc] });
    });
    assertOrder(
      resources,
      [one(resources, "Vpc")],
      [one(resources, "DeletionProtection"), one(resources, "dynamic:Resource")],
    );
  });

  describe("with a parameter for the record", () => {
    for (const [retention, outlives] of [
      [Retention.Delete, false],
      [Retention.Retain, true],
      [Retention.Release, true],
    ] as const) {
      it(`${outlives ? "keeps it" : "lets it go"} with the rest under ${retention}`, async () => {
        const configuration = { adoptFileSystemId: "fs-11111111" };
        const args = { retention, configuration, claim, kubeconfig: "{}", recordParameter: "/shop/kept" };
        const resources = await registered(() => new DeletionProtection("all", args, {}));
        const parameter = one(resources, "ssm/parameter:Parameter");
        const { inputs, retainOnDelete } = parameter;
        // Whose output is the disk.
        assertOrder(resources, [one(resources, "dynamic:Resource")], [parameter]);
        assert.equal(retainOnDelete, outlives);
        const { value, ...others } = inputs;
        assert.deepEqual(others, {
          name: "/shop/kept",
          type: "String",
          description: "What a destroy of the stack keeps, and the configuration that adopts it",
          overwrite: true,
        });
        assert.deepEqual(JSON.parse((value as Secret).value as string), { retention, configuration, claim });
      });
    }

    describe("that an earlier stack of the same name left", () => {
      const record = {
        retention: Retention.Retain,
        configuration: { adoptFileSystemId: "fs-00000000", adoptBucketName: "bucket" },
        claim,
        disk: { volumeName: "pv", volumeId: "vol-00000000", zone: "z-a", reclaimPolicy: "Retain" },
        earlier: [["adoptFileSystemId", "fs-99999999"]],
      };
      const all = [
        ...record.earlier,
        ["adoptFileSystemId", "fs-00000000"],
        ["adoptBucketName", "bucket"],
        ["keptVolumeId", "vol-00000000"],
      ];
      const said: string[] = [];
      const { warn } = pulumi.log;
      beforeEach(() => (pulumi.log.warn = async (text: string) => void said.push(text)));
      afterEach(() => {
        pulumi.log.warn = warn;
        said.length = 0;
      });
      const foundBy = async (recorded: object, adopted = {}, state = {}, own: typeof claim | undefined = claim) => {
        const args = { retention: Retention.Delete, configuration: {}, claim: own, adopted, kubeconfig: "{}" };
        const program = () => new DeletionProtection("all", { ...args, recordParameter: "/shop/kept" }, afterAll());
        const parameters = { "/shop/kept": JSON.stringify(recorded), "/shop/other": "{}" };
        const { registrations, error } = await run(program, { parameters, state });
        assert.equal(error, undefined);
        return one(registrations, "dynamic:Resource").inputs.found;
      };

      it("is carried on, and told of", async () => {
        assert.deepEqual(await foundBy(record), all);
        const lines = all.map((pair) => `  ${pair.join(" ")}`).join("\n");
        assert.equal(said.length, 1);
        assert.ok(
          said[0]!.startsWith(`An earlier stack of this name kept what this one doesn't adopt:\n${lines}\n`),
          said[0],
        );
        assert.match(said[0]!, /goes on naming it: aws ssm get-parameter --name \/shop\/kept\n/);
      });

      it("is carried on where it has no claim, and neither has this one", async () => {
        const { retention, configuration, earlier } = record;
        assert.deepEqual(await foundBy({ retention, configuration, earlier }, {}, {}, undefined), all.slice(0, 3));
      });

      it("is nothing once it is adopted, or where it kept nothing", async () => {
        const adopted = { adoptFileSystemId: "fs-00000000", adoptBucketName: "bucket", keptVolumeId: "vol-00000000" };
        assert.deepEqual(await foundBy(record, adopted), record.earlier);
        assert.deepEqual(await foundBy({ ...record, earlier: undefined }, adopted), []);
        assert.deepEqual(await foundBy({ ...record, retention: "delete", disk: null, earlier: undefined }), []);
        assert.equal(said.length, 1);
      });

      it("isn't what the stack has: a destroy that stopped half-way leaves that in its state", async () => {
        const rest = "urn:pulumi:test::eks-storage::";
        const state = {
          [`${rest}aws:efs/fileSystem:FileSystem::files`]: { outputs: { id: "fs-00000000" } },
          [`${rest}kubernetes:core/v1:PersistentVolumeClaim::data`]: {
            outputs: { metadata: { namespace: claim.namespace, name: claim.name } },
          },
        };
        assert.deepEqual(await foundBy(record, {}, state), [...record.earlier, ["adoptBucketName", "bucket"]]);
      });

      it("is nothing to mocks that answer with what they were asked", async () => {
        await pulumi.runtime.setMocks({
          newResource: ({ type, name, inputs }) => ({ id: `${type}-${name}`, state: inputs }),
          call: ({ inputs }) => inputs,
        });
        const args = { retention: Retention.Delete, configuration: {}, claim, kubeconfig: "{}" };
        await pulumi.runtime.runInPulumiStack(
          async () => void new DeletionProtection("all", { ...args, recordParameter: "/shop/kept" }, afterAll()),
        );
        await pulumi.runtime.disconnect();
      });

      it("is refused where the parameter holds something else", async () => {
        for (const text of ["{", "null", '{"retention":"retain"}', "[]"]) {
          const args = { retention: Retention.Delete, configuration: {}, claim, kubeconfig: "{}" };
          const program = () => new DeletionProtection("all", { ...args, recordParameter: "/shop/kept" }, afterAll());
          const { error } = await run(program, { parameters: { "/shop/kept": text } });
          assert.match(error!.message, /^The SSM parameter \/shop\/kept must hold the record of a stack of this name;/);
        }
      });

      it("isn't asked for where the stack has its own", async () => {
        const own =
          "urn:pulumi:test::eks-storage::eks-storage:index:DeletionProtection$aws:ssm/parameter:Parameter::all-kept";
        assert.deepEqual(await foundBy(record, {}, { [own]: { outputs: { name: "/shop/kept" } } }), []);
        assert.deepEqual(said, []);
      });
    });
  });
});
