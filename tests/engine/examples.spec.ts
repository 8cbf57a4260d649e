import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensure } from "../../local/tools/ensure";
import { nodejsHostTools } from "../../local/tools/languageTools";
import { inOrder } from "../support/inOrder";
import { askedBy, EXAMPLES_IN_TYPESCRIPT, installExamples } from "../support/installedExamples";
import { commandsOf } from "../support/pages";
import { pairsOf } from "./existing/stackOnExisting";
import { LanguageStack } from "./languages/languageStack";
import { livesAsAStack } from "./languages/lifecycle";
import { changes, type LocalStack } from "./localStack";
import { podOn } from "./otherModes";

/** What examples/ has for a cluster that exists: on that of examples/cluster, one after the other, and beside each other. The whole environment: package.spec.ts. */
describe("the examples in TypeScript", function () {
  this.timeout("5m");
  inOrder(this);
  const stack = new LanguageStack("access-point");
  const claimed = (namespace: string) =>
    stack.kubectl("get", "pvc", "--namespace", namespace, "--output", "json").items;
  const namesOf = (type: string) =>
    stack
      .added()
      .filter((record) => record.type.startsWith(`aws:${type}:`))
      .map(({ id }) => id);

  before(async function () {
    // A first build of the host is not the tests' time, nor is the installation.
    this.timeout("20m");
    await ensure(nodejsHostTools());
    // Their types are checked once, below.
    stack.environment = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    await stack.prepare((directory) => installExamples(directory, EXAMPLES_IN_TYPESCRIPT));
  });
  after(() => stack.stop());

  it("are clean by the configuration of Pulumi's templates, with the types of the tarball", () => {
    const directory = path.dirname(stack.project);
    const files = EXAMPLES_IN_TYPESCRIPT.map((name) => `${name}/index.ts`);
    const extended = { extends: "./access-point/tsconfig.json", files };
    fs.writeFileSync(path.join(directory, "tsconfig.json"), JSON.stringify(extended));
    const tsc = path.join(directory, "node_modules", "typescript", "bin", "tsc");
    execFileSync(process.execPath, [tsc, "--noEmit"], { cwd: directory, stdio: ["ignore", "inherit", "inherit"] });
  });

  describe("an access point", () => {
    livesAsAStack(() => stack);
  });

  describe("a bucket and a database, side by side", () => {
    const configOf = (example: string, values: object) => {
      const given = Object.entries({ ...stack.onCluster, ...values });
      return pairsOf(Object.fromEntries(given.filter(([key]) => askedBy(example).includes(key))));
    };
    let bucket: LocalStack;
    let database: LocalStack;
    let ofBucket: string[];
    let ofDatabase: string[];
    let adopting: string[];
    let disk: string;
    before(() => {
      [bucket, database] = [stack.beside("bucket"), stack.beside("database")];
      ofBucket = configOf("bucket", { bucketName: "shop-examples" });
      ofDatabase = configOf("database", { zone: "eu-west-1a" });
    });
    const bound = (namespace: string) =>
      claimed(namespace)
        .filter(({ status }: any) => status.phase === "Bound")
        .map(({ metadata }: any) => metadata.name as string);

    it("are deployed: the claims are bound, to the bucket and to a disk that is backed up", async () => {
      await database.up(...ofDatabase, "retention=release");
      await bucket.up(...ofBucket, "retention=delete");
      stack.assertOwnersAsBefore();
      assert.match(bound("images").join(), /^images-[0-9a-f]+$/);
      assert.deepEqual(bound("catalog"), ["data-catalog-mysql-0"]);
      [disk] = namesOf("ebs/volume") as [string];
      const { tags, availabilityZone } = stack.added().find(({ id }) => id === disk)!.properties as any;
      assert.deepEqual([tags["eks-storage:backup"], availabilityZone], ["database-database", "eu-west-1a"]);
      const selection = stack.added().find(({ type }) => type.startsWith("aws:backup/selection:"))!;
      assert.match(JSON.stringify(selection.properties), /aws:ResourceTag\/eks-storage:backup.*database-database/);
    });

    it("let pods mount the claim whose name is put out", async () => {
      const { metadata, ...pod } = podOn("reader", bound("images")[0]);
      stack.apply({ apiVersion: "v1", kind: "Pod", metadata: { ...metadata, namespace: "images" }, ...pod });
      stack.kubectl("wait", "pod", "reader", "--namespace", "images", "--for=condition=Ready", "--timeout=60s");
      stack.kubectl("delete", "pod", "reader", "--namespace", "images");
    });

    it("stay as they are when nothing changed", async () => {
      assert.deepEqual(changes(await database.up(...ofDatabase, "retention=release")), {});
      assert.deepEqual(changes(await bucket.up(...ofBucket, "retention=delete")), {});
    });

    it("change what changed: another part of the bucket is another claim, a name more is a snapshot of the disk", async () => {
      const [before] = bound("images");
      await bucket.up(...ofBucket, "retention=delete", "prefix=summer/");
      const [after, ...others] = bound("images");
      assert.ok(after && after !== before && others.length === 0);
      const steps = changes(await database.up(...ofDatabase, "retention=release", 'snapshots=["before-the-release"]'));
      delete steps["pulumi:providers:pulumi-nodejs default"];
      assert.deepEqual(steps, {
        "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshot before-the-release": "create",
      });
      const [snapshot] = stack.added().filter(({ type }) => type.startsWith("aws:ebs/snapshot:"));
      assert.equal(snapshot!.properties.volumeId, disk);
    });

    it("go as the retention says: the bucket with all that is in it, the database but for its data", async () => {
      await bucket.destroy(...ofBucket, "retention=delete", "prefix=summer/");
      await database.destroy(...ofDatabase, "retention=release", 'snapshots=["before-the-release"]');
      adopting = [...database.messages.matchAll(/pulumi config set (\S+) (\S+)/g)].map(([, key, it]) => `${key}=${it}`);
      stack.assertOwnersAsBefore();
      assert.deepEqual(namesOf("ebs/volume"), [disk]);
      const types = stack.added().map(({ type }) => type.split(":")[1]!);
      assert.deepEqual(types.sort(), [
        "backup/vault",
        "backup/vaultLockConfiguration",
        "ebs/snapshot",
        "ebs/volume",
        "iam/role",
        "iam/rolePolicyAttachment",
        "iam/rolePolicyAttachment",
        "kms/key",
        "ssm/parameter",
      ]);
    });

    it("are taken up again with what the destroy printed: the same disk, from now on without protection", async () => {
      const volumes: any[] = stack.kubectl("get", "pv", "--output", "json").items;
      const words = { NAME: volumes.find(({ spec }) => spec.csi.volumeHandle === disk).metadata.name as string };
      for (const line of commandsOf("docs/existing.md", "What stays after a destroy", words)) stack.shell(line);
      await database.up(...ofDatabase, ...adopting, "retention=delete");
      assert.deepEqual(namesOf("ebs/volume"), [disk]);
      assert.deepEqual(bound("catalog"), ["data-catalog-mysql-0"]);
      await database.destroy(...ofDatabase, ...adopting, "retention=delete");
      stack.deleteInAws(({ type }) => type.startsWith("aws:ebs/snapshot:"));
      await stack.assertAsBefore();
    });
  });

  describe("in the end", () => {
    it("have left all to its owner, who leaves nothing", () => stack.ownerLeaves());
  });
});
