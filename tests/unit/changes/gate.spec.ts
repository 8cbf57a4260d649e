import assert from "node:assert/strict";
import { type Finding, findingsOf } from "../../../changes/gate";
import { readPreview } from "../../../changes/preview";
import { safeguards, tableType } from "../../../changes/safeguards";
import { durableTypes } from "../../../components/retention/durable";
import { policies } from "../../../policy/policies";
import { digest, previewOf, type State, state, type Step, step, UNKNOWN } from "../../support/previews";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const BUCKET = "aws:s3/bucket:Bucket";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

const judged = (preview: unknown): Finding[] => findingsOf(readPreview(JSON.stringify(preview)).changes);
const findings = (...steps: Step[]): Finding[] => judged(digest(steps));
const told = (all: Finding[]): string[] => all.map(({ kind, name }) => `${kind} ${name}`);
const causes = (all: Finding[]): string[] =>
  all.flatMap((it) => it.causes.map(({ path, old, new: after }) => `${path}: ${old} → ${after}`));

describe("the gate finds", () => {
  const files = state(FILE_SYSTEM, "files", { id: "fs-1", inputs: { kmsKeyId: "a" } });

  it("what would be deleted: what is lost, and what to do instead", () => {
    assert.deepEqual(findings(step("delete", files)), [
      {
        kind: "deleted",
        urn: files.urn,
        type: FILE_SYSTEM,
        name: "files",
        id: "fs-1",
        causes: [],
        why: "The program doesn't have it any more.",
        lost: durableTypes[FILE_SYSTEM]!.lost,
        instead: durableTypes[FILE_SYSTEM]!.instead,
      },
    ]);
  });

  it("every durable type, and no other", () => {
    for (const type of Object.keys(durableTypes)) {
      assert.deepEqual(told(findings(step("delete", state(type, "it")))), ["deleted it"], type);
      assert.deepEqual(told(findings(step("delete-replaced", state(type, "it")))), ["replaced it"], type);
    }
    for (const type of ["aws:ec2/vpc:Vpc", "kubernetes:apps/v1:Deployment", "constructor:x:toString", "toString"]) {
      assert.deepEqual(findings(step("delete", state(type, "it"))), [], type);
    }
  });

  it("durable types under the names that other programs have for them", () => {
    assert.equal(tableType("aws:s3/bucketV2:BucketV2"), BUCKET);
    assert.equal(tableType("aws:s3/bucketVersioningV2:BucketVersioningV2"), "aws:s3/bucketVersioning:BucketVersioning");
    assert.equal(tableType("aws:eks/cluster:Cluster"), "eks:index:Cluster");
    assert.deepEqual(told(findings(step("delete", state("aws:s3/bucketV2:BucketV2", "images")))), ["deleted images"]);
    // A type that an alias changes was another one before.
    const old = { ...files, urn: files.urn.replace(FILE_SYSTEM, "my:own:Type"), type: "aws:efs/fileSystem:FileSystem" };
    const replaced = step("replace", old, state("my:own:Type", "files"));
    assert.deepEqual(told(findings(replaced)), ["replaced files"]);
  });

  it("a resource that is only called otherwise, and says how that is no loss", () => {
    const create = (name: string) => step("create", undefined, state(FILE_SYSTEM, name));
    const [finding] = findings(step("delete", files), create("other"), create("files-2"));
    assert.match(
      finding!.instead,
      /^If it only is called otherwise now \(files-2, which would be created\), give that one an alias\. Make another/,
    );
  });

  it("what an earlier replacement left: it holds data as well", () => {
    const [finding] = findings(step("delete", { ...files, delete: true }), step("create", undefined, files));
    assert.equal(finding!.why, "An earlier deployment replaced it and didn't get to delete it.");
    assert.equal(finding!.instead, durableTypes[FILE_SYSTEM]!.instead);
  });

  it("what would stay, and be forgotten", () => {
    const [inAws] = findings(step("delete", { ...files, retainOnDelete: true }));
    assert.deepEqual(
      [inAws!.kind, inAws!.lost],
      [
        "forgotten",
        "Nothing in AWS: it stays there, and the stack forgets it: nobody updates, protects or deletes it any more.",
      ],
    );
    const [inCluster] = findings(step("delete", state(CLAIM, "data", { retainOnDelete: true })));
    assert.match(inCluster!.lost, /^Nothing in the cluster: /);
    const after = { ...files, retainOnDelete: true };
    const [replaced] = findings(step("replace", { ...files, retainOnDelete: true }, after));
    assert.deepEqual(
      [replaced!.kind, replaced!.lost],
      ["replaced", "Nothing in AWS: it stays there, and the stack forgets it. The new one is empty."],
    );
  });

  it("what would be replaced, and because of which property", () => {
    const all = findings(
      step(
        "replace",
        files,
        { ...files, inputs: { kmsKeyId: UNKNOWN, tags: { a: "b" } } },
        {
          replaceReasons: ["kmsKeyId"],
          diffReasons: ["kmsKeyId", "tags"],
          detailedDiff: {
            kmsKeyId: { kind: "update-replace", inputDiff: true },
            "tags.a": { kind: "add", inputDiff: true },
          },
        },
      ),
    );
    assert.deepEqual(told(all), ["replaced files"]);
    assert.deepEqual(causes(all), ["kmsKeyId: a → not known yet"]);
    const [without] = findings(step("replace", files, files));
    assert.equal(without!.why, "Its provider or another resource demands it; no property is named.");
    assert.deepEqual(told(findings(step("import-replacement", files, files))), ["replaced files"]);
    assert.deepEqual(told(findings(step("read-replacement", files, files))), ["replaced files"]);
  });

  it("the options that keep it, also where nothing else changes", () => {
    const kept = { ...files, protect: true, retainOnDelete: true };
    for (const op of ["same", "update"]) {
      const all = findings(step(op, kept, files));
      assert.deepEqual(told(all), ["unprotected files", "unretained files"], op);
      assert.deepEqual(causes(all), ["protect: true → false", "retainOnDelete: true → false"]);
    }
    assert.deepEqual(findings(step("update", files, kept), step("same", kept, kept)), []);
    const other = state("aws:ec2/vpc:Vpc", "vpc", { protect: true });
    assert.deepEqual(findings(step("same", other, { ...other, protect: false })), []);
  });

  it("the worst first, data before what leads to it", () => {
    const point = state("aws:efs/accessPoint:AccessPoint", "point");
    const kept = { ...files, protect: true };
    assert.deepEqual(
      told(
        findings(
          step("same", kept, files),
          step("replace", files, files),
          step("delete", point),
          step("delete", files),
        ),
      ),
      ["deleted files", "deleted point", "replaced files", "unprotected files"],
    );
  });

  it("a cluster once, which the component that makes it also is", () => {
    const component = state("eks:index:Cluster", "eks", { custom: false });
    const cluster = state("aws:eks/cluster:Cluster", "eks-cluster", { parent: component.urn });
    assert.deepEqual(told(findings(step("delete", cluster), step("delete", component))), ["deleted eks-cluster"]);
    assert.deepEqual(told(findings(step("delete", component))), ["deleted eks"]);
  });
});

describe("a property that keeps data", () => {
  /** An update of one resource, from one set of inputs to another. */
  const change = (type: string, old: object, after: object): Finding[] => {
    const [before, then] = [old, after].map((inputs) => state(type, "it", { inputs: inputs as State["inputs"] }));
    return findings(step("update", before, then));
  };
  const VOLUME = "kubernetes:core/v1:PersistentVolume";
  const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
  const SET = "kubernetes:apps/v1:StatefulSet";
  const policy = (whenDeleted: string) => ({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted } } });
  const rules = (...all: object[]) => ({ rules: all });
  const versions = (noncurrentDays: number, status = "Enabled") => ({
    status,
    noncurrentVersionExpiration: { noncurrentDays },
  });
  const newest = (newerNoncurrentVersions?: number) => ({
    status: "Enabled",
    noncurrentVersionExpiration: { noncurrentDays: 90, newerNoncurrentVersions },
  });
  /** A rule that deletes objects, of those that a filter names. */
  const objects = (expiration: object, filter: unknown = {}) => ({ status: "Enabled", filter, expiration });
  const [week, month] = [{ days: 7 }, { days: 30 }];
  const both = (more: object) => ({ and: { prefix: "tmp/", tags: { a: "b", c: "d" }, ...more } });
  const cases: [type: string, old: object, after: object, cause: string][] = [
    [BUCKET, {}, { forceDestroy: true }, "forceDestroy: none → true"],
    [BUCKET, { forceDestroy: false }, { forceDestroy: UNKNOWN }, "forceDestroy: false → not known yet"],
    ["aws:backup/vault:Vault", { forceDestroy: false }, { forceDestroy: true }, "forceDestroy: false → true"],
    [
      VOLUME,
      { spec: { persistentVolumeReclaimPolicy: "Retain" } },
      { spec: { persistentVolumeReclaimPolicy: "Delete" } },
      "spec.persistentVolumeReclaimPolicy: Retain → Delete",
    ],
    [
      VOLUME,
      { spec: {} },
      { spec: { persistentVolumeReclaimPolicy: "Recycle" } },
      "spec.persistentVolumeReclaimPolicy: none → Recycle",
    ],
    [CLASS, { reclaimPolicy: "Retain" }, { reclaimPolicy: "Delete" }, "reclaimPolicy: Retain → Delete"],
    [CLASS, { reclaimPolicy: "Retain" }, {}, "reclaimPolicy: Retain → none"],
    [SET, { spec: {} }, policy("Delete"), "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: none → Delete"],
    ["aws:eks/cluster:Cluster", { deletionProtection: true }, {}, "deletionProtection: true → none"],
    [
      "eks:index:Cluster",
      { deletionProtection: true },
      { deletionProtection: false },
      "deletionProtection: true → false",
    ],
    [
      FILE_SYSTEM,
      {},
      { protection: { replicationOverwrite: "DISABLED" } },
      "protection.replicationOverwrite: none → DISABLED",
    ],
    [
      "aws:efs/backupPolicy:BackupPolicy",
      { backupPolicy: { status: "ENABLED" } },
      { backupPolicy: { status: "DISABLED" } },
      "backupPolicy.status: ENABLED → DISABLED",
    ],
    [
      "aws:s3/bucketVersioning:BucketVersioning",
      { versioningConfiguration: { status: "Enabled" } },
      { versioningConfiguration: { status: "Suspended" } },
      "versioningConfiguration.status: Enabled → Suspended",
    ],
    [
      LIFECYCLE,
      rules(versions(90)),
      rules(versions(90), versions(30)),
      "rules.noncurrentVersionExpiration: 90 days → 30 days",
    ],
    [LIFECYCLE, rules(versions(1, "Disabled")), rules(versions(1)), "rules.noncurrentVersionExpiration: none → 1 day"],
    [LIFECYCLE, rules(), rules({ expiration: { days: 7 } }), "rules.expiration: none → 7 days"],
    [
      LIFECYCLE,
      rules(newest(5)),
      rules(newest(3)),
      "rules.noncurrentVersionExpiration: 90 days, but the newest 5 → 90 days, but the newest 3",
    ],
    [
      LIFECYCLE,
      rules(newest(5)),
      rules(newest()),
      "rules.noncurrentVersionExpiration: 90 days, but the newest 5 → 90 days",
    ],
    [LIFECYCLE, rules(), rules(objects({ date: "2027-01-01" })), "rules.expiration: none → 2027-01-01"],
    [
      LIFECYCLE,
      rules(objects({ date: "2027-01-01T00:00:00Z" })),
      rules(objects({ date: "2026-12-24" })),
      "rules.expiration: 2027-01-01T00:00:00Z → 2026-12-24",
    ],
    [
      LIFECYCLE,
      rules(objects({ days: 1 }, { prefix: "tmp/" })),
      rules(objects({ days: 1 }, { prefix: "tmp/" }), objects(month)),
      "rules.expiration: none → 30 days",
    ],
    [
      LIFECYCLE,
      rules(objects(month), objects(week, { prefix: "tmp/a" })),
      rules(objects(month), objects(week, { prefix: "tmp/" })),
      'rules.expiration: 30 days → 7 days (prefix "tmp/")',
    ],
    [
      LIFECYCLE,
      rules({ ...objects(week), filter: undefined, prefix: "tmp/" }),
      rules({ ...objects(week), filter: undefined }),
      "rules.expiration: none → 7 days",
    ],
    [
      LIFECYCLE,
      rules(objects(week, both({}))),
      rules(objects(week, { tag: { key: "a", value: "b" } })),
      'rules.expiration: none → 7 days (tags {"a":"b"})',
    ],
    [
      LIFECYCLE,
      rules(objects(week, both({ objectSizeGreaterThan: 10, objectSizeLessThan: 20 }))),
      rules(objects(week, both({ objectSizeGreaterThan: 5, objectSizeLessThan: 20 }))),
      'rules.expiration: none → 7 days (prefix "tmp/", tags {"a":"b","c":"d"}, objectSizeGreaterThan 5, objectSizeLessThan 20)',
    ],
    [
      LIFECYCLE,
      rules(objects(week, { objectSizeLessThan: 20 })),
      rules(objects(week, { objectSizeLessThan: 30 })),
      "rules.expiration: none → 7 days (objectSizeLessThan 30)",
    ],
    [
      LIFECYCLE,
      rules(objects(week, { prefix: "tmp/" })),
      rules(objects(week, { prefix: UNKNOWN })),
      "rules.expiration: none → 7 days (prefix not known yet)",
    ],
    [LIFECYCLE, rules(objects(week)), rules(objects({ days: UNKNOWN })), "rules.expiration: 7 days → not known yet"],
    ["aws:kms/key:Key", {}, { deletionWindowInDays: 7 }, "deletionWindowInDays: none → 7"],
    ["aws:kms/key:Key", { isEnabled: true }, { isEnabled: false }, "isEnabled: true → false"],
    [
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      { minRetentionDays: 35 },
      { minRetentionDays: 7 },
      "minRetentionDays: 35 → 7",
    ],
    ["aws:ebs/volume:Volume", { finalSnapshot: true }, {}, "finalSnapshot: true → none"],
  ];

  for (const [type, old, after, cause] of cases) {
    it(`is weakened: ${cause} of ${type}, and not the other way round`, () => {
      const all = change(type, old, after);
      assert.deepEqual(told(all), ["weakened it"]);
      assert.deepEqual(causes(all), [cause]);
      assert.ok(all[0]!.lost.endsWith(".") && all[0]!.instead.endsWith("."));
      if (!cause.includes("not known yet")) assert.deepEqual(change(type, after, old), []);
      assert.deepEqual(change(type, old, old), []);
    });
  }

  it("is weakened by what can't be compared, and names each rule that is", () => {
    const all = change(LIFECYCLE, rules(), { rules: UNKNOWN });
    assert.deepEqual(causes(all), [
      "rules.expiration: none → not known yet",
      "rules.noncurrentVersionExpiration: none → not known yet",
    ]);
    const two = rules(objects(week, { prefix: "a/" }), objects(month, { prefix: "b/" }));
    assert.deepEqual(causes(change(LIFECYCLE, rules(), two)), [
      'rules.expiration: none → 7 days (prefix "a/")',
      'rules.expiration: none → 30 days (prefix "b/")',
    ]);
    assert.deepEqual(causes(change(LIFECYCLE, rules(objects({ date: "2026-12-24" })), rules(objects(week)))), [
      "rules.expiration: 2026-12-24 → 7 days",
    ]);
    assert.deepEqual(causes(change(LIFECYCLE, rules(objects(week)), rules(objects({ date: "2026-12-24" })))), [
      "rules.expiration: 7 days → 2026-12-24",
    ]);
  });

  it("isn't weakened by rules that delete nothing, or nothing sooner", () => {
    const marks = objects({ expiredObjectDeleteMarker: true, days: 0 });
    for (const [old, after] of [
      [[], [marks, { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }]],
      [[objects(week)], [objects(week), objects(month, { prefix: "tmp/" })]],
      [[objects(week, { prefix: "tmp/" })], [objects(week, both({}))]],
      [[objects(week)], [objects(week, UNKNOWN)]],
    ]) {
      assert.deepEqual(change(LIFECYCLE, rules(...old!), rules(...after!)), []);
    }
    // Another rule that deletes objects of no age isn't one to compare with.
    assert.deepEqual(causes(change(LIFECYCLE, rules(marks), rules(objects(week)))), [
      "rules.expiration: none → 7 days",
    ]);
  });

  it("goes with its resource, where that is all that it is for", () => {
    const POLICY = "aws:efs/backupPolicy:BackupPolicy";
    const backedUp = (status: string) => state(POLICY, "files", { inputs: { backupPolicy: { status } } });
    const all = findings(step("delete", backedUp("ENABLED")));
    assert.deepEqual(told(all), ["weakened files"]);
    assert.deepEqual(causes(all), ["backupPolicy.status: ENABLED → none"]);
    assert.equal(all[0]!.lost, "The daily backups, from now on.");
    assert.deepEqual(findings(step("delete", backedUp("DISABLED"))), []);
    assert.deepEqual(findings(step("delete", { ...backedUp("ENABLED"), retainOnDelete: true })), []);
    // Volumes keep the policy that they were made with.
    assert.deepEqual(findings(step("delete", state(CLASS, "it", { inputs: { reclaimPolicy: "Retain" } }))), []);
  });

  it("has a case for each one", () => {
    const untold = safeguards.filter(
      ({ type, path }) =>
        !cases.some(([other, , , cause]) => tableType(other) === type && cause.startsWith(`${path}: `)),
    );
    assert.deepEqual(
      untold.map(({ path }) => path),
      ["spec.persistentVolumeClaimRetentionPolicy.whenScaled"],
    );
  });

  it("is one of a durable type, or of a type that the policy pack looks at", () => {
    const checked = new Set(policies.flatMap(({ types }) => types));
    const elsewhere = safeguards.filter(({ type }) => !(type in durableTypes) && !checked.has(type));
    assert.deepEqual(
      elsewhere.map(({ type }) => type),
      ["aws:efs/backupPolicy:BackupPolicy"],
    );
  });

  it("may be one that a bucket has of its own until now: none", () => {
    const bucket = state(BUCKET, "images");
    const lifecycle = state(LIFECYCLE, "images", { inputs: rules(versions(7)), dependencies: [bucket.urn] });
    const added = step("create", undefined, lifecycle);
    assert.deepEqual(causes(findings(step("same", bucket, bucket), added)), [
      "rules.noncurrentVersionExpiration: none → 7 days",
    ]);
    assert.deepEqual(findings(step("create", undefined, bucket), added), []);
  });
});

describe("the gate stops, of this program,", function () {
  this.timeout(60_000);
  const zones = (...letters: string[]) => ({ zones: JSON.stringify(letters.map((it) => `eu-west-1${it}`)) });
  /** By what is changed: before and after it, and the worst that is found. */
  const cases: Record<string, [before: Record<string, unknown>, after: Record<string, unknown>, found: RegExp[]]> = {
    "encryptionKey: customer": [
      {},
      { encryptionKey: "customer" },
      [/^deleted eks-storage-staging$/, /^deleted assets-assets-/, /^replaced eks-storage-staging-assets$/],
    ],
    "assetsPath under delete": [
      {},
      { assetsPath: "/other" },
      [/^deleted assets-/, /^replaced eks-storage-staging-assets$/],
    ],
    "a zone less": [zones("a", "b", "c"), zones("a", "b"), [/^deleted eks-storage-staging-eu-west-1c$/]],
    "another name of the cluster": [
      {},
      { name: "other" },
      [/^deleted eks-storage-staging$/, /^replaced catalog-mysql$/],
    ],
    vpcCidr: [{}, { vpcCidr: "10.99.0.0/16" }, [/^replaced eks-storage-staging-eu-west-1a$/]],
  };
  for (const [what, [before, after, found]] of Object.entries(cases)) {
    it(what, async () => {
      const all = told(judged(await previewOf("staging", before, after)));
      for (const it of found)
        assert.ok(
          all.some((line) => it.test(line)),
          `${it} isn't in ${all.join(", ")}`,
        );
    });
  }

  it("and lets pass what changes nothing, one more zone, and the first deployment", async () => {
    assert.deepEqual(judged(await previewOf("prod", {}, {})), []);
    assert.deepEqual(judged(await previewOf("staging", zones("a", "b"), zones("a", "b", "c"))), []);
    assert.deepEqual(judged(await previewOf("dev", {}, { assetsReplicas: 3 })), []);
    const { steps } = await previewOf("prod", {}, {});
    const first = steps.map((it) => step("create", undefined, it.newState));
    assert.deepEqual(judged(digest(first.slice(1), "prod")), []);
  });

  it("retention: retain → delete, by what it takes away", async () => {
    const after = { retention: "delete", confirmDeleteInProd: "prod" };
    const kinds = judged(await previewOf("prod", {}, after)).map(({ kind, type }) => `${kind} ${type}`);
    for (const it of [
      `unprotected ${FILE_SYSTEM}`,
      `unretained ${FILE_SYSTEM}`,
      "weakened aws:backup/vault:Vault",
      "weakened eks:index:Cluster",
      "weakened kubernetes:storage.k8s.io/v1:StorageClass",
    ]) {
      assert.ok(kinds.includes(it), it);
    }
  });
});
