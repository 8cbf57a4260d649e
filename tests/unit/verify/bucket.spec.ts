import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { AwsError } from "../../../commands/awsQuestions";
import type { Context } from "../../../verify/context";
import { outputs } from "../../support/verified/objects";
import { idsOf, mountTargets, resultOf, Verified } from "../../support/verified/runs";

const BUCKET = "shop-images";

describe("verify, of images in a bucket", () => {
  let verified: Verified;
  let files: string;
  /** What the bucket is asked, without the file of this machine. */
  let asked: string[];
  beforeEach(async () => {
    verified = await Verified.start();
    asked = [];
    const { spec } = verified.cluster.find("PersistentVolume", `pv-${outputs.pvcNames.assets}`)!;
    spec.csi = { driver: "s3.csi.aws.com", volumeHandle: "assets", volumeAttributes: { bucketName: BUCKET } };
    spec.mountOptions = ["allow-delete", "region eu-west-1", "prefix images/"];
    files = verified.cluster.filesOf(verified.cluster.find("Pod", "assets-node-a", "assets")!);
  });
  afterEach(() => verified.stop());

  /** The bucket: its objects are the volume's files, and of each there is one version. */
  const aws: Context["aws"] = async (region, service, operation, ...args) => {
    if (service === "efs") return mountTargets;
    const option = (name: string) => args[args.indexOf(name) + 1]!;
    const key = args.includes("--key") ? option("--key") : option("--prefix");
    const file = path.join(files, key.replace(/^images\//, ""));
    asked.push([region, operation, key].join(" "));
    if (operation === "put-object") return (fs.copyFileSync(option("--body"), file), {});
    if (operation === "delete-object") return {};
    if (operation === "list-object-versions")
      return {
        Versions: [
          { Key: key, VersionId: "1" },
          { Key: `${key}.bak`, VersionId: "2" },
        ],
      };
    if (!fs.existsSync(file)) throw new AwsError("An error occurred (404) when calling …: Not Found");
    if (operation === "get-object") fs.copyFileSync(file, args.at(-1)!);
    return {};
  };
  const run = (changes: Partial<Context> = {}) =>
    verified.run({ outputs: { ...outputs, bucketName: BUCKET }, aws, ...changes });

  it("finds in each what was put into the other, and leaves neither object nor version", async () => {
    const results = await run();
    assert.deepEqual(idsOf(results, "failed"), [], JSON.stringify(results, null, 1));
    assert.ok(
      ["claims.assets", "bucket.fromPod", "bucket.toPod", "bucket.removed"].every((id) =>
        idsOf(results, "passed").includes(id),
      ),
    );
    assert.match(resultOf(results, "bucket.fromPod").saw, /^images\/verify-0a1b2c3d-from-pod\.txt, sha256 /);
    assert.deepEqual(verified.cluster.leftovers(), []);
    const deleted = asked.filter((it) => it.includes("delete-object"));
    assert.deepEqual(
      deleted.sort(),
      ["from-pod", "to-pod"].map((it) => `eu-west-1 delete-object images/verify-0a1b2c3d-${it}.txt`),
    );
  });

  it("asks before it begins for every right that it uses", async () => {
    await run();
    assert.deepEqual(verified.server.unasked(), []);
  });

  it("leaves no version when no pod removes the file any more", async () => {
    verified.server.hears = (request) => {
      if (/^exec .* rm -f .*to-pod/.test(request)) verified.server.kubeletError = "no kubelet";
    };
    assert.equal(resultOf(await run(), "bucket.removed").outcome, "passed");
    const deleted = asked.filter((it) => it.includes("delete-object"));
    assert.deepEqual(
      deleted.map((it) => it.replace(/.*0a1b2c3d-/, "")),
      ["to-pod.txt", "from-pod.txt"],
    );
  });

  it("removes its files through another pod when the one that wrote them has gone", async () => {
    const results = await run({
      aws: async (region, service, operation = "", ...args) => {
        if (operation === "put-object") {
          for (const it of verified.cluster.all("Pod", "assets")) verified.cluster.delete(it);
        }
        return aws(region, service, operation, ...args);
      },
    });
    assert.equal(resultOf(results, "bucket.removed").outcome, "passed");
    assert.deepEqual(verified.cluster.leftovers(), []);
  });

  it("says what may be left where neither a pod nor the bucket has removed anything", async () => {
    const elsewhere = fs.mkdtempSync(path.join(verified.cluster.directory, "elsewhere-"));
    files = elsewhere;
    verified.server.hears = (request) => {
      if (/^exec .* rm -f .*from-pod/.test(request)) verified.server.kubeletError = "no kubelet";
    };
    const results = await run({
      aws: async (region, service, operation = "", ...args) =>
        operation === "list-object-versions" ? {} : aws(region, service, operation, ...args),
    });
    assert.match(
      resultOf(results, "bucket.removed").saw,
      /^it may still be there: the object images\/\S+from-pod\.txt .*no kubelet/,
    );
  });

  it("isn't run without rights to the bucket, and writes nothing then", async () => {
    const denied: Context["aws"] = async (region, service, ...args) => {
      if (service === "efs") return aws(region, service, ...args);
      throw new AwsError("An error occurred (403) when calling the HeadObject operation: Forbidden");
    };
    const results = await run({ aws: denied });
    for (const id of ["bucket.fromPod", "bucket.toPod"]) {
      const { outcome, saw } = resultOf(results, id);
      assert.deepEqual(
        [outcome, saw],
        [
          "not run",
          "the bucket can't be asked: An error occurred (403) when calling the HeadObject operation: Forbidden",
        ],
      );
    }
    assert.ok(!verified.server.asked.some((it) => /^exec .*(from|to)-pod/.test(it)));
    assert.ok(!results.some(({ id }) => id === "bucket.removed"), "nothing was made");
  });

  /** The bucket, which answers one operation with an error. */
  const refusing =
    (refused: string, error: string): Context["aws"] =>
    async (region, service, operation = "", ...args) => {
      if (operation === refused) throw new AwsError(`An error occurred (${error}) when calling it`);
      return aws(region, service, operation, ...args);
    };

  for (const refused of ["list-object-versions", "delete-object"]) {
    it(`says what removes the versions where whoever runs it may not ${refused}`, async () => {
      const results = await run({ aws: refusing(refused, "AccessDenied") });
      const { outcome, saw, look = "", isBlocked } = resultOf(results, "bucket.removed");
      assert.deepEqual([outcome, isBlocked], ["not run", true]);
      const why = "with its versions (the bucket can't be asked: An error occurred (AccessDenied) when calling it)";
      const [toPod, fromPod] = ["to", "from"].map((it) => `the object images/verify-0a1b2c3d-${it}-pod.txt ${why}`);
      assert.equal(saw, `it may still be there: ${toPod}, ${fromPod}`);
      const [command, ...others] = look.split("\n");
      assert.equal(others.length, 1);
      const place = (option: string) => `--bucket ${BUCKET} ${option}--region eu-west-1`;
      assert.equal(
        command,
        `aws s3api delete-objects ${place("")} --delete "$(aws s3api list-object-versions ` +
          `${place("--prefix images/verify-0a1b2c3d-to-pod.txt ")} ` +
          `--query '{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}' --output json)"`,
      );
    });
  }

  it("has nothing to remove from a bucket that is gone by then", async () => {
    const results = await run({ aws: refusing("list-object-versions", "404") });
    assert.equal(resultOf(results, "bucket.removed").outcome, "passed");
  });

  it("fails where the pod's files aren't the bucket's", async () => {
    const elsewhere = fs.mkdtempSync(path.join(verified.cluster.directory, "elsewhere-"));
    files = elsewhere;
    const results = await run();
    assert.deepEqual(idsOf(results, "failed"), ["bucket.fromPod", "bucket.toPod"]);
    assert.equal(
      resultOf(results, "bucket.fromPod").saw,
      "the bucket has no object images/verify-0a1b2c3d-from-pod.txt",
    );
    assert.match(resultOf(results, "bucket.toPod").saw, /^assets-\S+ on node-\w doesn't have the file$/);
  });

  it("fails where the object isn't what the pod wrote", async () => {
    const results = await run({
      aws: async (region, service, operation = "", ...args) => {
        if (operation !== "get-object") return aws(region, service, operation, ...args);
        return (fs.writeFileSync(args.at(-1)!, "the beginning"), {});
      },
    });
    assert.deepEqual(idsOf(results, "failed"), ["bucket.fromPod"]);
    assert.match(resultOf(results, "bucket.fromPod").saw, /^the object images\/\S+ has sha256 \w+, not sha256 \w+$/);
  });

  it("fails where another bucket is mounted", async () => {
    const results = await run({ outputs: { ...outputs, bucketName: "another-bucket" } });
    assert.match(resultOf(results, "claims.assets").saw, /^Bound to pv-assets-1a2b3c4d, but that volume is assets$/);
  });
});
