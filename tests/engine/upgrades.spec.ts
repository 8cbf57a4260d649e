import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { effects, kinds, LivingStack } from "./living/livingStack";
import { CHECKOUT, type Steps } from "./localStack";
import { COMMITS, type Earlier, programOf } from "./upgrades/program";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

/** The code of dynamic resources lies in the state; a preview doesn't know what the notice finds, which is recorded. */
const ALWAYS = [
  /^update pulumi-nodejs:dynamic:Resource /,
  /^update aws:ssm\/parameter:Parameter eks-storage-\w+-kept$/,
];

/** The steps that nobody has explained. */
const unexplained = (steps: Steps, explained: RegExp[]): string[] =>
  kinds(effects(steps)).filter((step) => ![...ALWAYS, ...explained].some((it) => it.test(step)));

/** A stack that the earlier commit's program deploys first. */
function stackOfBefore(name: string, commit: string): LivingStack {
  const stack = new LivingStack(name);
  let earlier: string;
  before(async () => {
    earlier = programOf(commit);
    await stack.start();
    stack.switchTo(earlier);
  });
  after(async () => {
    await stack.stop();
    fs.rmSync(earlier, { recursive: true, force: true });
  });
  return stack;
}

/** All resources in AWS and in the cluster, by id: one that was made anew has another id. */
async function resourcesOf(stack: LivingStack): Promise<string[]> {
  const { aws, kubernetes } = await stack.inventory();
  const objects = stack.get("pv,pvc,statefulsets,deployments", "--all-namespaces").items;
  const uids = objects.map(({ metadata }: any) => `${metadata.name} ${metadata.uid}`);
  return [...[...aws, ...kubernetes].map(({ type, id }) => `${type} ${id}`), ...uids].sort();
}

/** Every resource is the same as before, and only what is explained was added. */
async function assertSame(stack: LivingStack, before: string[], added: string[]): Promise<void> {
  const now = await resourcesOf(stack);
  assert.deepEqual(
    before.filter((resource) => !now.includes(resource)),
    [],
  );
  const others = now.filter((resource) => !before.includes(resource));
  assert.deepEqual(
    others.map((resource) => resource.split(" ")[0]),
    added,
  );
}

for (const [release, earlier] of Object.entries<Earlier>(COMMITS)) {
  const { commit, adoptKeys = "adopt", explained = [], added = [] } = earlier;
  describe(`stacks of ${release} (${commit.slice(0, 7)}), upgraded`, function () {
    this.timeout("8m");
    inOrder(this);

    describe("dev, which has adopted a file system", () => {
      const dev = stackOfBefore("dev", commit);
      const adopted = { FileSystemId: "fs-0123456789abcdef0", AssetsAccessPointId: "fsap-0123456789abcdef0" };
      const keys = (prefix: string) => Object.entries(adopted).map(([key, id]) => `${prefix}${key}=${id}`);
      let before: string[];

      it("is deployed by the code of then", async () => {
        const [fileSystemId, accessPointId] = Object.values(adopted);
        const arn = (kind: string, id: string) => `arn:aws:elasticfilesystem:eu-west-1:111101013333:${kind}/${id}`;
        const fixed = { creationToken: "kept", encrypted: true, performanceMode: "generalPurpose" };
        dev.addToAws("efs/fileSystem", fileSystemId!, { ...fixed, arn: arn("file-system", fileSystemId!) });
        dev.addToAws("efs/accessPoint", accessPointId!, {
          arn: arn("access-point", accessPointId!),
          fileSystemId,
          posixUser: { uid: 999, gid: 999 },
          rootDirectory: {
            path: "/assets",
            creationInfo: { ownerUid: 999, ownerGid: 999, permissions: "0750" },
          },
        });
        await dev.up(...keys(adoptKeys));
        assert.equal(dev.outputs().fileSystemId!.value, fileSystemId);
        before = await resourcesOf(dev);
        dev.switchTo(CHECKOUT);
      });

      if (adoptKeys !== "adopt") {
        it("has other keys: the old ones are refused with their new names", async () => {
          const renamed = new RegExp(`${adoptKeys}FileSystemId[^]*It is called \\S*adoptFileSystemId now`);
          await assert.rejects(dev.preview(...keys(adoptKeys)), renamed);
        });
      }

      it("is as it was: its first preview explains every step", async () => {
        for (const key of keys("adopt")) dev.configure(key);
        assert.deepEqual(unexplained(await dev.preview(...dev.with()), explained), []);
      });

      it("is deployed: every resource is the same as before", async () => {
        assert.deepEqual(unexplained(await dev.up(...dev.with()), explained), []);
        await assertSame(dev, before, added);
      });

      it("changes in place", async () => {
        const steps = await dev.change({ kubernetesVersion: "1.36", tags: '{"team":"storage"}', mysqlStorage: "30Gi" });
        assert.deepEqual(new Set(Object.values(steps)), new Set(["update"]));
        await dev.runs();
      });

      it("goes without a trace", async () => {
        await dev.destroy(...dev.with());
        assert.deepEqual(await dev.leaked(), []);
      });
    });

    describe("prod", () => {
      const prod = stackOfBefore("prod", commit);
      let before: string[];

      it("is as it was: its first preview explains every step", async () => {
        await prod.up();
        before = await resourcesOf(prod);
        prod.switchTo(CHECKOUT);
        assert.deepEqual(unexplained(await prod.preview(), explained), []);
      });

      it("is deployed: every resource is the same as before, and still refuses to be destroyed", async () => {
        assert.deepEqual(unexplained(await prod.up(), explained), []);
        await assertSame(prod, before, added);
        await assert.rejects(prod.destroy(), /protected/);
        await assertSame(prod, before, added);
      });

      it("moves its images to another directory, and keeps the access point of the first", async () => {
        const claim = async () => prod.outputs().pvcNames!.value.assets as string;
        const [[pointBefore], claimBefore] = [await prod.ids("efs/accessPoint"), await claim()];
        await prod.change({ assetsPath: "/assets/spring", retention: "release" });
        const pointsAfter = await prod.ids("efs/accessPoint");
        assert.equal(pointsAfter.length, 2);
        assert.ok(pointsAfter.includes(pointBefore!));
        assert.notEqual(await claim(), claimBefore);
        await prod.runs();
      });

      it("goes but for its data, each resource the same as before", async () => {
        await prod.destroy(...prod.with());
        const kept = (await prod.leaked()).filter(({ type }) => type.includes("/"));
        assert.deepEqual(
          [...new Set(kept.map(({ type }) => type))],
          [
            "backup/vault",
            "backup/vaultLockConfiguration",
            "ebs/volume",
            "efs/accessPoint",
            "efs/fileSystem",
            "iam/role",
            "iam/rolePolicyAttachment",
            "kms/key",
            "ssm/parameter",
          ],
        );
        const made = kept.filter(({ type, id }) => !before.includes(`${type} ${id}`)).map(({ type }) => type);
        // A role's policy goes with its role.
        const outliving = added.filter((type) => type !== "iam/rolePolicy");
        assert.deepEqual(made, ["efs/accessPoint", ...outliving]);
      });
    });
  });
}

describe("docs/upgrading.md and the commits, for whoever upgrades", () => {
  it("finds the keys of now in a file of then, after the page's command", () => {
    const [line] = commandsOf("docs/upgrading.md", "From 0861e33");
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-keys-"));
    const file = path.join(directory, "Pulumi.prod.yaml");
    fs.writeFileSync(
      file,
      "config:\n  eks-storage:keptFileSystemId: fs-11111111 # kept\n  eks-storage:retention: retain\n",
    );
    execFileSync("bash", ["-euc", line!], { cwd: directory });
    const now = "config:\n  eks-storage:adoptFileSystemId: fs-11111111 # kept\n  eks-storage:retention: retain\n";
    assert.equal(fs.readFileSync(file, "utf8"), now);
    fs.rmSync(directory, { recursive: true });
  });

  it("says what to fetch in a clone without the commit", () => {
    const shallow = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-shallow-"));
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${CHECKOUT}`, shallow]);
    const advice = /is not in this clone.*git fetch --unshallow origin.*fetch-depth: 0/;
    assert.throws(() => programOf(COMMITS.beforeRooms.commit, shallow), advice);
    fs.rmSync(shallow, { recursive: true });
  });
});
