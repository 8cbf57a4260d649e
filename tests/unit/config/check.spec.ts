import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadSettings, type Settings } from "../../../config";
import { configurationOf, environments } from "../../support/program";
import { refused, registered } from "../../support/queries";

const DIGEST = `sha256:${"0a".repeat(32)}`;

type Changes = Record<string, unknown>;

async function settingsOf(stack: string, changes: Changes = {}): Promise<Settings> {
  let settings: Settings | undefined;
  const program = () => {
    settings = loadSettings(new pulumi.Config());
  };
  await registered(program, { stack, config: configurationOf(stack, changes) });
  return settings!;
}

/** The message's mistakes, each in one line with how to fix it. */
async function mistakes(changes: Changes): Promise<string[]> {
  const message = await refused(() => loadSettings(new pulumi.Config()), {
    stack: "dev",
    config: configurationOf("dev", changes),
  });
  const [title, ...lines] = message.replaceAll("\n    ", " ").split("\n");
  assert.equal(title, "Pulumi.dev.yaml can't be deployed:");
  assert.match(lines.pop()!, /pulumi config set/);
  return lines;
}

describe("loadSettings", () => {
  for (const environment of environments) {
    it(`accepts Pulumi.${environment}.yaml`, async () => {
      const settings = await settingsOf(environment);
      assert.match(settings.accountId, /^\d{12}$/);
      assert.equal(settings.retention, environment === "prod" ? "retain" : "delete");
    });
  }

  it("gives every environment an account of its own", () => {
    const accounts = environments.map((stack) => configurationOf(stack)["eks-storage:accountId"]);
    assert.equal(new Set(accounts).size, environments.length);
  });

  it("takes more IOPS and throughput for a larger disk, and none by default", async () => {
    const fast = await settingsOf("dev", { mysqlStorage: "1Ti", ebsIops: 80000, ebsThroughputInMibps: 2000 });
    assert.deepEqual([fast.ebsIops, fast.ebsThroughputInMibps], [80000, 2000]);
    const small = await settingsOf("dev", { mysqlStorage: "1Gi" });
    assert.deepEqual([small.ebsIops, small.ebsThroughputInMibps], [3000, 125], "what is in the price of any disk");
  });

  it("reads numbers as numbers and lists as lists", async () => {
    const settings = await settingsOf("dev", { nodesPerZone: 4, viewers: ["arn:aws:iam::111101013333:role/a"] });
    assert.deepEqual(
      [settings.nodesPerZone, settings.viewers, settings.zones],
      [4, ["arn:aws:iam::111101013333:role/a"], ["eu-west-1a", "eu-west-1b"]],
    );
  });

  // Each key, values that it takes, and values that it refuses with what the message must say.
  const constraints: [key: string, good: unknown[], bad: [value: unknown, says: string][]][] = [
    ["accountId", ["012345678901"], [["12345", "twelve digits"]]],
    [
      "region",
      [],
      [
        ["Ireland", "such as eks-storage:region: eu-west-1"],
        ["eu-west-1a", "such as eks-storage:region: eu-west-1"],
        ["us-iso-east-1", "commercial, GovCloud or China"],
        ["eusc-de-east-1", "commercial, GovCloud or China"],
      ],
    ],
    [
      "zones",
      [["eu-west-1b", "eu-west-1a"]],
      [
        [["eu-west-1a"], "at least two"],
        ["eu-west-1a", "a list of at least two"],
        [["eu-west-1a", "us-east-1a"], "These are in eu-west-1 and us-east-1."],
      ],
    ],
    [
      "tags",
      [{}, { team: "web" }],
      [
        ["team=web", '{ team: "web" }'],
        [{ team: 1 }, "tags by name"],
      ],
    ],
    ["vpcCidr", ["10.9.0.0/16"], [["", ""]]],
    ["natGateways", ["single", "perZone"], [["two", "single"]]],
    ["encryptionKey", ["aws", "customer"], [["mine", "customer"]]],
    [
      "adoptEncryptionKeyId",
      [],
      [
        ["alias/shop", "1234abcd-"],
        ["1234abcd-12ab-34cd-56ef-1234567890ab", "left out unless encryptionKey is customer"],
      ],
    ],
    ["efsThroughputMode", ["elastic", "bursting"], [["fast", "one of elastic, bursting, provisioned"]]],
    [
      "efsProvisionedThroughputInMibps",
      [],
      [
        ["fast", "a whole number, or left out"],
        [64, "left out with elastic throughput"],
      ],
    ],
    ["efsToInfrequentAccess", ["AFTER_1_DAY", "NEVER"], [["AFTER_2_DAYS", "AFTER_1_DAY"]]],
    [
      "efsToArchive",
      ["AFTER_90_DAYS"],
      [
        ["AFTER_30_DAYS", "later than the move to Infrequent Access, which is AFTER_30_DAYS"],
        ["never", "NEVER"],
      ],
    ],
    ["assetsProvisioning", ["static", "dynamic"], [["auto", "static, dynamic"]]],
    ["efsBackOnAccess", [true, false], [["AFTER_1_ACCESS", "true or false"]]],
    ["efsMountAccess", ["network", "roles"], [["everybody", "network, roles"]]],
    [
      "efsReplicaRegion",
      ["eu-central-1"],
      [
        ["eu-west-1", "a region other than eu-west-1"],
        ["Ireland", "eu-central-1"],
      ],
    ],
    [
      "adoptReplicaFileSystemId",
      [],
      [
        ["fsap-11111111", "fs-0123456789abcdef0"],
        ["fs-0123456789abcdef0", "left out unless adoptFileSystemId and efsReplicaRegion are set"],
      ],
    ],
    ["adoptReplicaEncryptionKeyId", [], [["1234abcd-12ab-34cd-56ef-1234567890ab", "left out unless encryptionKey"]]],
    ["retention", ["delete", "retain", "release"], [["keep", "retain"]]],
    [
      "kubernetesVersion",
      ["1.36"],
      [
        ["1.35.2", '"1.35"'],
        ["latest", '"1.35"'],
      ],
    ],
    ["apiAccess", ["public"], [["open", "private"]]],
    [
      "apiAccessCidrs",
      [["198.18.100.0/24", "198.18.113.7/32"]],
      [
        [["198.18.113.0"], "[203.0.113.0/24]"],
        [[], "apiAccess"],
      ],
    ],
    [
      "administrators",
      [["arn:aws:iam::111101013333:role/deployer", "arn:aws:iam::111101013333:user/ops/ana@example.com"], []],
      [
        [["deployer"], "ARNs of IAM roles"],
        // A role's session, a name that is too long, and characters that IAM has in no name.
        [["arn:aws:sts::111101013333:assumed-role/deployer/ana"], "ARNs of IAM roles"],
        [[`arn:aws:iam::111101013333:role/${"r".repeat(65)}`], "ARNs of IAM roles"],
        [["arn:aws:iam::111101013333:role/R&D"], "ARNs of IAM roles"],
        [["arn:aws:iam::111101013333:role/"], "ARNs of IAM roles"],
      ],
    ],
    ["instanceTypes", [["m7i.large"]], [[[], "at least one"]]],
    ["ebsCsiDriverVersion", ["v1.64.0-eksbuild.1"], [["latest", "v1.64.0-eksbuild.1"]]],
    ["assetsStorage", ["efs", "s3"], [["ebs", "one of efs, s3"]]],
    ["nodesPerZone", [1, 100], [0, 101, 1.5, "many"].map((value) => [value, ""])],
    ["drainTimeoutInMinutes", [0, 1440], [-1, 1441, 0.5, ""].map((value) => [value, ""])],
    ["assetsReplicas", [1, 1000], [0, 1001].map((value) => [value, ""])],
    ["catalogReplicas", [1, 1000], [0, 1001].map((value) => [value, ""])],
    ["assetsUid", [1, 4294967295], [0, 4294967296].map((value) => [value, ""])],
    ["assetsGid", [1, 4294967295], [0, 4294967296].map((value) => [value, ""])],
    [
      "mysqlImage",
      ["reg.example:5000/a/mysql:8.4.10", `mysql@${DIGEST}`, `mysql:8.4.10@${DIGEST}`],
      ["mysql", "mysql:latest", `mysql:latest@${DIGEST}`, "reg.example:5000/mysql", "mysql:8.4@sha256:12", ""].map(
        (value) => [value, "a tag other than latest, or with a digest"],
      ),
    ],
    ["assetsImage", ["assets:2"], [["assets", "a tag other than latest"]]],
    ["catalogImage", ["catalog:2"], [["catalog:latest", "a tag other than latest"]]],
    [
      "ebsIops",
      [3000, 10000],
      [
        [2999, "from 3000 to 80000"],
        [80001, "from 3000 to 80000"],
        [10001, "at most 500 for each GiB of mysqlStorage, which is 20Gi"],
      ],
    ],
    [
      "ebsThroughputInMibps",
      [125, 750],
      [
        [124, "from 125 to 2000"],
        [751, "at most 750, a quarter of the IOPS"],
      ],
    ],
    [
      "mysqlStorage",
      ["1Gi", "2Ti"],
      [
        ["20GB", "20Gi"],
        ["20", "20Gi"],
        ["0Gi", "20Gi"],
      ],
    ],
  ];
  for (const [key, good, bad] of constraints) {
    for (const value of good) {
      it(`accepts ${key} ${JSON.stringify(value)}`, async () => {
        assert.deepEqual((await settingsOf("dev", { [key]: value }))[key as keyof Settings], value);
      });
    }
    for (const [value, says] of bad) {
      it(`refuses ${key} ${JSON.stringify(value)}, naming the key and what it is`, async () => {
        const [line = "accepted"] = (await mistakes({ [key]: value })).filter((it) =>
          it.includes(`eks-storage:${key} `),
        );
        assert.ok(line.includes(says), line);
        assert.ok(/; it is \S.*\. \S/.test(line), line);
      });
    }
  }

  const kept = {
    adoptFileSystemId: "fs-0123456789abcdef0",
    adoptAssetsAccessPointId: "fsap-0123456789abcdef0",
    adoptMysqlVolumeId: "vol-0123456789abcdef0",
    adoptMysqlZone: "eu-west-1a",
    adoptMysqlCredentials: "/eks-storage-prod/catalog-mysql",
    adoptBackupVault: "eks-storage-prod",
    adoptBackupKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
  };
  const keptKeys = Object.keys(kept) as (keyof typeof kept)[];

  it("adopts nothing by default, and what a destroy has printed", async () => {
    const values = (settings: Settings) => keptKeys.map((key) => settings[key]);
    assert.deepEqual(
      values(await settingsOf("dev")),
      keptKeys.map(() => undefined),
    );
    assert.deepEqual(values(await settingsOf("dev", kept)), Object.values(kept));
  });

  it("refuses what isn't the id of something that is kept, all of it at once", async () => {
    const lines = await mistakes(Object.fromEntries(keptKeys.map((key) => [key, "Something else"])));
    for (const key of keptKeys) {
      assert.ok(
        lines.some(
          (line) => line.includes(`eks-storage:${key} must be of the form shown`) && line.includes("left out"),
        ),
        key,
      );
    }
  });

  it("refuses ids and names that AWS doesn't give: cut off, too long, of another kind", async () => {
    const wrong = {
      existingVpcId: "vpc-0123456",
      existingFileSystemSecurityGroupId: "sg-0123456789abcdef",
      mysqlSnapshotId: "snap-0123456789abcdef01",
      adoptMysqlVolumeId: "vol-1",
      adoptFileSystemId: "fs-0123456",
      adoptAssetsAccessPointId: "fs-0123456789abcdef0",
      adoptEncryptionKeyId: "1234abcd-12ab-34cd-56ef-1234567890a-",
      existingKeyArn: "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef1234567890ab0",
      existingBucketName: "-shop-images",
      adoptBucketName: "shop-images-s3alias",
      adoptBackupKeyId: "mrk-0123456789abcdef0123456789abcdef",
      adoptMysqlCredentials: "/eks-storage-prod//catalog-mysql",
      deployerRoleArn: "arn:aws:iam::111101013333:role/deployer:1",
    };
    const lines = await mistakes(wrong);
    for (const key of Object.keys(wrong))
      assert.ok(
        lines.some((line) => line.includes(`eks-storage:${key} must be of the form shown`)),
        key,
      );
    const existingPrivateSubnetIds = { "eu-west-1a": "subnet-0", "eu-west-1b": "subnet-1" };
    const [subnets] = await mistakes({ existingVpcId: "vpc-0123456789abcdef0", existingPrivateSubnetIds });
    assert.match(subnets!, /existingPrivateSubnetIds must be subnet ids by zone/);
  });

  for (const [without, about] of [
    ["adoptMysqlVolumeId", "adoptMysqlVolumeId must be set with adoptMysqlZone and adoptMysqlCredentials"],
    ["adoptMysqlZone", "adoptMysqlZone must be set with adoptMysqlVolumeId"],
    ["adoptMysqlCredentials", "adoptMysqlCredentials must be set with adoptMysqlVolumeId"],
    ["adoptFileSystemId", "adoptFileSystemId must be set with adoptAssetsAccessPointId"],
    ["adoptBackupVault", "adoptBackupKeyId must be set with adoptBackupVault, and only with it"],
    ["adoptBackupKeyId", "adoptBackupKeyId must be set with adoptBackupVault, and only with it"],
  ]) {
    it(`refuses to adopt the rest without ${without!}`, async () => {
      const [line = "accepted", ...others] = await mistakes({ ...kept, [without!]: "" });
      assert.ok(line.includes(about!), line);
      assert.deepEqual(others, []);
    });
  }

  it("adopts a file system without its access points", async () => {
    const settings = await settingsOf("dev", { ...kept, adoptAssetsAccessPointId: "" });
    assert.equal(settings.adoptFileSystemId, kept.adoptFileSystemId);
  });

  it("refuses to send alarms to anything but a topic", async () => {
    const [line = "accepted"] = await mistakes({ alarmTopicArn: "storage" });
    assert.match(line, /alarmTopicArn must be the ARN of a standard SNS topic; it is 'storage'/);
    assert.equal((await settingsOf("dev")).alarmTopicArn, undefined);
  });

  it("locks backups for ever only with the word for it, where nothing is torn down or adopted", async () => {
    const forEver = { backupLock: "compliance", backupComplianceConfirmation: "irrevocable" };
    const settings = await settingsOf("dev", { ...forEver, retention: "retain" });
    assert.equal(settings.backupLock, "compliance");
    const mistake = async (changes: Record<string, string>) => {
      const [line = "accepted", ...others] = await mistakes({ ...forEver, retention: "retain", ...changes });
      assert.deepEqual(others, []);
      return line.slice(0, line.indexOf("."));
    };
    assert.equal(
      await mistake({ backupComplianceConfirmation: "" }),
      "  - eks-storage:backupComplianceConfirmation must be irrevocable with backupLock compliance; it is missing",
    );
    assert.equal(
      await mistake({ backupLock: "governance" }),
      "  - eks-storage:backupComplianceConfirmation must be left out with backupLock governance; it is 'irrevocable'",
    );
    assert.equal(
      await mistake({ retention: "delete" }),
      "  - eks-storage:backupLock must be none or governance with retention delete; it is 'compliance'",
    );
    assert.equal(
      await mistake(kept),
      "  - eks-storage:backupLock must be none or governance for an adopted vault; it is 'compliance'",
    );
  });

  it("adopts a bucket where the images are in S3, and refuses one that nothing would use", async () => {
    const adoptBucketName = "eks-storage-prod-assets-111101013333";
    const settings = await settingsOf("dev", { assetsStorage: "s3", adoptBucketName });
    assert.equal(settings.adoptBucketName, adoptBucketName);
    assert.equal((await settingsOf("dev")).adoptBucketName, undefined);
    assert.deepEqual(await mistakes({ adoptBucketName }), [
      "  - eks-storage:adoptBucketName must be left out unless assetsStorage is s3; it is " +
        "'eks-storage-prod-assets-111101013333'. The kept images are in that bucket: set assetsStorage to s3.",
    ]);
    const [line = "accepted"] = await mistakes({ assetsStorage: "s3", adoptBucketName: "s3://Images" });
    assert.match(line, /adoptBucketName must be of the form shown, or left out; it is 's3:/);
  });

  it("restores from a snapshot with this stack's passwords or others that were kept, and not beside a kept disk", async () => {
    const mysqlSnapshotId = "snap-0123456789abcdef0";
    const { adoptMysqlCredentials } = kept;
    assert.equal((await settingsOf("dev", { mysqlSnapshotId })).mysqlSnapshotId, mysqlSnapshotId);
    const others = await settingsOf("dev", { mysqlSnapshotId, adoptMysqlCredentials });
    assert.equal(others.adoptMysqlCredentials, adoptMysqlCredentials);
    const lines = (await mistakes({ ...kept, mysqlSnapshotId })).join("\n");
    assert.match(lines, /mysqlSnapshotId must be left out with adoptMysqlVolumeId; it is 'snap-0123456789abcdef0'/);
    const incomplete = await mistakes({ mysqlSnapshotId, adoptMysqlZone: "eu-west-1a" });
    assert.match(incomplete.join("\n"), /adoptMysqlVolumeId must be set with adoptMysqlZone/);
    assert.match((await mistakes({ mysqlSnapshotId: "vol-11111111" })).join("\n"), /mysqlSnapshotId must be/);
  });

  it("refuses a disk in a zone without nodes", async () => {
    const [line = "accepted"] = await mistakes({ ...kept, adoptMysqlZone: "eu-west-1c" });
    const zones = ["eu-west-1a", "eu-west-1b"];
    assert.deepEqual(await mistakes({ zones, mysqlZone: "eu-west-1c" }), [
      "  - eks-storage:mysqlZone must be one of the zones, eu-west-1a, eu-west-1b; it is 'eu-west-1c'. " +
        "A disk can't leave its zone, and only nodes of that zone can attach it.",
    ]);
    assert.match(line, /adoptMysqlZone must be one of the zones.* eu-west-1a, eu-west-1b; it is 'eu-west-1c'/);
  });

  it("refuses to lose a zone of the control plane", async () => {
    assert.deepEqual(await mistakes({ zones: ["eu-west-1a", "eu-west-1c"] }), [
      "  - eks-storage:controlPlaneZones must be at least two of the zones eu-west-1a, eu-west-1c; it is " +
        "[ 'eu-west-1a', 'eu-west-1b' ]. " +
        "EKS can't change them later: list the zones that the cluster was, or will be, created with.",
    ]);
  });

  it("needs no networks when the API is private", async () => {
    const settings = await settingsOf("dev", { apiAccess: "private", runnerInsideVpc: true, apiAccessCidrs: [] });
    assert.deepEqual([settings.apiAccess, settings.apiAccessCidrs], ["private", []]);
  });

  it("misses every key that has neither a value nor a default", async () => {
    for (const key of Object.keys(await settingsOf("dev"))) {
      const [line] = (await mistakes({ [key]: undefined })).filter((it) => it.includes(`eks-storage:${key} `));
      assert.match(line ?? `${key}: accepted`, /missing/);
    }
  });

  it("refuses a key that it doesn't know, naming the nearest: a mistyped retention would protect nothing", async () => {
    assert.deepEqual(await mistakes({ retension: "retain" }), [
      "  - eks-storage:retension must be a key of this project; it is 'eks-storage:retension'. " +
        "Pulumi would ignore it. The nearest is eks-storage:retention.",
    ]);
  });

  it("tells the new name of a key that was renamed", async () => {
    assert.deepEqual(await mistakes({ keptFileSystemId: "fs-11111111" }), [
      "  - eks-storage:keptFileSystemId must be a key of this project; it is 'eks-storage:keptFileSystemId'. " +
        "It is called eks-storage:adoptFileSystemId now.",
    ]);
  });

  it("blames kube-proxy for nothing where it is Kubernetes' own version that won't do", async () => {
    const lines = await mistakes({ kubernetesVersion: "1.30" });
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /eks-storage:kubernetesVersion/);
  });

  it("says everything that is wrong at once", async () => {
    const lines = await mistakes({
      accountId: undefined,
      natGateways: "two",
      zones: ["eu-west-1a", "us-east-1b", "eu-west-1b"],
      kubernetesVersion: "35",
      nodesPerZone: 0,
      apiAccessCidrs: [],
      mysqlStorage: "big",
    });
    assert.deepEqual(lines.map((line) => /eks-storage:(\w+)/.exec(line)?.[1]).sort(), [
      "accountId",
      "apiAccessCidrs",
      "kubernetesVersion",
      "mysqlStorage",
      "natGateways",
      "nodesPerZone",
      "zones",
    ]);
  });
});
