import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as storage from "../../components/index";
import { type AwsRecord, token } from "../../local/aws/records";
import { effects, kinds, LivingStack } from "./living/livingStack";
import type { Steps } from "./localStack";
import { inOrder } from "../support/inOrder";

/** A key that no account has. */
const NO_KEY = "00000000-0000-0000-0000-000000000000";
const REGION = "eu-west-1";
const zones = [`${REGION}a`];
const retention = storage.Retention.Release;

/** What the program is told. */
interface Args {
  retention: storage.Retention;
  path: string;
  throughputMode: storage.ThroughputMode;
  replicaRegion: string;
  hasKey: boolean;
  /** By the component's argument, as an earlier stack kept it. */
  adopt: Partial<
    Record<"fileSystem" | "accessPoint" | "key" | "replica" | "replicaKey" | "vault" | "vaultKey" | "bucket", string>
  >;
}
const usual: Args = {
  ...{ retention, path: "/assets", throughputMode: "elastic", replicaRegion: "eu-central-1", hasKey: true, adopt: {} },
};

/** Everything outside a cluster that can be adopted. */
const program = (args: Args) => async () => {
  const { adopt, replicaRegion, throughputMode } = args;
  const accountId = "111101013333";
  const provider = new aws.Provider("aws", { region: REGION, defaultTags: { tags: { team: "shop" } } });
  const own = { retention: args.retention };
  const encryption = { accountId, ...own };
  const key = new storage.EncryptionKey("shop", { alias: "shop", ...encryption, adoptId: adopt.key }, { provider });
  const replicaKey = new storage.EncryptionKey(
    "replica",
    { alias: "replica", region: replicaRegion, ...encryption, adoptId: adopt.replicaKey },
    { provider },
  );
  const network = new storage.Network("shop", { cidrBlock: "10.0.0.0/16", zones, region: REGION }, { provider });
  const { vpcId, privateSubnetIds: subnetIds } = network;
  const assets = { path: args.path, identity: { uid: 999, gid: 999 }, adoptId: adopt.accessPoint };
  const kmsKeyId = args.hasKey ? key.keyArn : undefined;
  const place = { vpcId, zones, subnetIds, accessPoints: { assets }, kmsKeyId, throughputMode };
  const argumentNames = { adoptId: "adoptFileSystemId", "accessPoints.assets.adoptId": "adoptAssetsAccessPointId" };
  const fileSystem = new storage.FileSystem(
    "shop",
    { ...place, ...own, adoptId: adopt.fileSystem, argumentNames },
    { provider },
  );
  const copied = { sourceFileSystemId: fileSystem.fileSystemId, kmsKeyId: replicaKey.keyArn, region: replicaRegion };
  new storage.FileSystemReplica(
    "copy",
    { ...copied, ...own, adoptId: adopt.replica, adoptSourceId: adopt.replica && adopt.fileSystem },
    { provider },
  );
  const vault = { vaultName: "shop", adopt: adopt.vault !== undefined, adoptKeyId: adopt.vaultKey };
  const backedUp = { id: fileSystem.fileSystemId, arn: fileSystem.fileSystemArn };
  new storage.Backups(
    "shop",
    { ...vault, accountId, ...own, tagValue: "shop", retentionInDays: 7, fileSystem: backedUp },
    { provider },
  );
  new storage.Bucket("shop", { bucketName: "shop-images", ...own, adopt: adopt.bucket !== undefined }, { provider });
};

const DURABLE = [
  "efs/fileSystem",
  "efs/accessPoint",
  "efs/replicationConfiguration",
  "kms/key",
  "backup/vault",
  "s3/bucket",
].map(token);
const isDurable = ({ type }: AwsRecord) => DURABLE.includes(type);
const ofDurable = (steps: Steps) =>
  kinds(effects(steps)).filter((kind) => DURABLE.some((type) => kind.includes(` ${type} `)));

describe("what an earlier stack kept", function () {
  this.timeout("4m");
  inOrder(this);
  const stack = new LivingStack("dev");
  let kept: AwsRecord[] = [];
  let ids: Required<Args["adopt"]>;

  const up = (args: Partial<Args> = {}) => {
    stack.program = program({ ...usual, ...args });
    return stack.up();
  };
  /** What is to be done, and that nothing is to be done then. */
  async function settles(args: Partial<Args>): Promise<string[]> {
    const steps = ofDurable(await up(args));
    assert.deepEqual(effects(await stack.up()), {}, "a second up changes nothing");
    return steps;
  }
  async function refused(args: Partial<Args>, ...why: RegExp[]): Promise<void> {
    const before = stack.awsRecords();
    stack.program = program({ ...usual, ...args });
    await assert.rejects(stack.preview());
    for (const words of why) assert.match(stack.messages, words);
    assert.deepEqual(stack.awsRecords(), before);
  }
  const durable = () => stack.awsRecords().filter(isDurable);
  const idsOf = (records: AwsRecord[]) => records.map(({ id }) => id).sort();
  /** AWS as the first stack left it, less what went with it. */
  const asKept = (change: (records: AwsRecord[]) => unknown = () => {}) =>
    stack.changeAws((records) => {
      records.splice(0, records.length, ...structuredClone(kept));
      change(records);
    });

  before(() => stack.start());
  before("an earlier stack comes and goes", async () => {
    await up();
    await stack.destroy();
    kept = stack.awsRecords();
    const find = (type: string, region = REGION) =>
      kept.filter((it) => it.type === token(type) && it.properties.region === region).map(({ id }) => id);
    const keyOf = (what: RegExp) => kept.find(({ properties }) => what.test(String(properties.description)))!.id;
    ids = {
      fileSystem: find("efs/fileSystem")[0]!,
      replica: find("efs/fileSystem", "eu-central-1")[0]!,
      accessPoint: find("efs/accessPoint")[0]!,
      key: keyOf(/of shop$/),
      replicaKey: keyOf(/of replica$/),
      vaultKey: keyOf(/of shop-backups$/),
      vault: "shop",
      bucket: "shop-images",
    };
  });
  after(() => stack.stop());

  describe("is refused at the preview, by the names of the configuration, where it", () => {
    const change = (id: keyof Args["adopt"], properties: object) => (records: AwsRecord[]) => {
      const found = records.find((it) => it.id === ids[id] && isDurable(it))!;
      Object.assign(found.properties, properties);
    };
    const other = "arn:aws:kms:eu-west-1:111101013333:key/other";
    for (const [what, id, properties, why] of [
      [
        "has another performance mode",
        "fileSystem",
        { performanceMode: "maxIO" },
        /adoptFileSystemId must be a file system with the performance mode generalPurpose/,
      ],
      [
        "isn't encrypted",
        "fileSystem",
        { encrypted: false },
        /adoptFileSystemId must be a file system that is encrypted;/,
      ],
      [
        "is in one zone",
        "fileSystem",
        { availabilityZoneName: "eu-west-1a" },
        /adoptFileSystemId must be a file system in several zones/,
      ],
      [
        "is in another region",
        "fileSystem",
        { region: "eu-west-2" },
        /adoptFileSystemId must be a file system that the account has/,
      ],
      [
        "is encrypted by another key than told",
        "fileSystem",
        { kmsKeyId: other },
        /adoptFileSystemId must be a file system that is encrypted by arn:\S+; it is 'fs-\w+, encrypted by arn:\S+other'/,
      ],
      [
        "is of another file system",
        "accessPoint",
        { fileSystemId: "fs-11111111" },
        /adoptAssetsAccessPointId must be an access point of fs-\w+; it is 'fsap-\w+, which has fs-11111111'/,
      ],
      [
        "has another path",
        "accessPoint",
        { rootDirectory: { path: "/other", creationInfo: { ownerUid: 999, ownerGid: 999, permissions: "0750" } } },
        /adoptAssetsAccessPointId must be an access point with the path \/assets/,
      ],
      [
        "has another user",
        "accessPoint",
        { posixUser: { uid: 1000, gid: 999 } },
        /adoptAssetsAccessPointId must be an access point for the user 999:999/,
      ],
      [
        "makes its directory otherwise",
        "accessPoint",
        { rootDirectory: { path: "/assets", creationInfo: { ownerUid: 1, ownerGid: 999, permissions: "0777" } } },
        /with the permissions 0750[^]*is made for 999:999/,
      ],
      [
        "is about to be deleted",
        "key",
        { keyState: "PendingDeletion" },
        /adoptId of EncryptionKey "shop" must be a key that is Enabled/,
      ],
      [
        "is of several regions",
        "replicaKey",
        { multiRegion: true },
        /adoptId of EncryptionKey "replica" must be a key of one region/,
      ],
      [
        "has another key",
        "vault",
        { kmsKeyArn: other },
        /adoptKeyId of Backups "shop" must be other, the key of the vault shop/,
      ],
      [
        "is in another region",
        "bucket",
        { region: "eu-west-2" },
        /bucketName of Bucket "shop" must be a bucket in eu-west-1/,
      ],
      [
        "is copied to no longer",
        "replica",
        { protection: { replicationOverwrite: "ENABLED" } },
        /adoptSourceId of FileSystemReplica "copy" must be the id of a file system that EFS copies/,
      ],
    ] as const) {
      it(`${what}: ${id}`, async () => {
        asKept(change(id, properties));
        await refused({ adopt: ids }, why);
      });
    }

    it("isn't there, all of it in one message", async () => {
      asKept();
      const adopt = { ...ids, fileSystem: "fs-00000000", accessPoint: "fsap-00000000", key: NO_KEY };
      await refused(
        { adopt },
        /adoptFileSystemId must be a file system that the account has[^]*FileSystemNotFound/,
        /adoptAssetsAccessPointId must be an access point that the account has/,
        /adoptId of EncryptionKey "shop" must be a KMS key that the account has/,
      );
    });

    it("is a copy, whose source isn't adopted with it", async () => {
      asKept();
      await refused(
        { adopt: { replica: ids.replica, replicaKey: ids.replicaKey } },
        /adoptId of FileSystemReplica "copy" must be a file system whose replication overwrite protection is off/,
      );
    });

    it("is encrypted by a key that isn't adopted with it", async () => {
      asKept();
      await refused(
        { adopt: { ...ids, key: undefined } },
        /adoptFileSystemId must be a file system that is encrypted by the stack's new key/,
      );
    });

    it("is encrypted by a customer's key, and the stack has none for it", async () => {
      asKept();
      await refused(
        { hasKey: false, adopt: ids },
        /adoptFileSystemId must be a file system that is encrypted by AWS's own key; it is 'fs-\w+, encrypted by arn:/,
      );
    });
  });

  for (const later of [storage.Retention.Retain, storage.Retention.Release, storage.Retention.Delete]) {
    describe(`is adopted under ${later}`, () => {
      const args = (more: Partial<Args> = {}): Partial<Args> => ({ retention: later, adopt: ids, ...more });
      /** The first look at it differs in all that AWS changes in place. */
      const differently = (records: AwsRecord[]) => {
        for (const record of records.filter(isDurable)) {
          const { properties } = record;
          if ("tagsAll" in properties) Object.assign(properties, { tags: {}, tagsAll: { team: "other" } });
          if (record.type === token("efs/fileSystem"))
            Object.assign(properties, { throughputMode: "bursting", lifecyclePolicies: [] });
          if (record.type === token("kms/key"))
            Object.assign(properties, { description: "old", enableKeyRotation: false });
        }
      };

      it("once, with nothing new beside it, whatever AWS changes in place", async () => {
        asKept(differently);
        const steps = await settles(args());
        assert.ok(
          steps.every((kind) => /^(import|update) /.test(kind)),
          steps.join("\n"),
        );
        assert.deepEqual(idsOf(durable()), idsOf(kept.filter(isDurable)));
      });

      it("then takes documented changes, once each, with the keys still there", async () => {
        assert.deepEqual(await settles(args({ path: "/moved" })), [
          "replace aws:efs/accessPoint:AccessPoint shop-assets",
        ]);
        const bursting = args({ path: "/moved", throughputMode: "bursting" });
        stack.changeAws((records) => records.forEach((it) => delete it.throughputChangedAt));
        assert.deepEqual(await settles(bursting), ["update aws:efs/fileSystem:FileSystem shop-customer-key"]);
        stack.changeAws((records) => records.forEach((it) => delete it.throughputChangedAt));
        await settles(args({ path: "/moved" }));
      });

      it("keeps the stack's own resource where another id is named", async () => {
        const others = { ...ids, fileSystem: "fs-11111111", replica: "fs-22222222", key: NO_KEY, vaultKey: NO_KEY };
        await refused(
          args({ path: "/moved", adopt: others }),
          /adoptFileSystemId must be left out: the stack has fs-\w+ already; it is 'fs-11111111'/,
          /adoptId of EncryptionKey "shop" must be left out/,
          /adoptId of FileSystemReplica "copy" must be left out/,
          /adoptKeyId of Backups "shop" must be left out/,
        );
      });

      it("keeps its copy: another key for the source, which would be another file system, is refused", async () => {
        await refused(
          args({ path: "/moved", hasKey: false }),
          /FileSystemReplica "copy" has an argument that can't work:\n {2}- sourceFileSystemId must be fs-\w+, whose copy fs-\w+ is; it is 'a new file system'/,
        );
      });

      it("changes nothing when the keys go", async () => {
        assert.deepEqual(effects(await up(args({ path: "/moved", adopt: {} }))), {});
        assert.deepEqual(effects(await stack.up()), {});
      });

      if (later === storage.Retention.Delete) {
        it("goes with the stack, another region of the copy before it included", async () => {
          const away = args({ path: "/moved", replicaRegion: "us-east-1", adopt: {} });
          assert.ok((await settles(away)).includes("replace aws:efs/fileSystem:FileSystem copy-customer-key"));
          await stack.destroy();
          assert.deepEqual(idsOf(durable()), []);
        });
      } else {
        it("outlives the stack again", async () => {
          await up(args({ path: "/moved", retention: storage.Retention.Release, adopt: {} }));
          await stack.destroy();
          for (const id of idsOf(kept.filter(isDurable))) assert.ok(idsOf(durable()).includes(id), id);
        });
      }
    });
  }
});
