import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "../../components/index";
import { type AwsRecord, token } from "../../local/aws/records";
import { commandsOf } from "../support/pages";
import { effects, LivingStack } from "./living/livingStack";
import type { LocalStack, Steps } from "./localStack";
import { inOrder } from "../support/inOrder";

const HERE = "eu-west-1";
const THERE = "eu-central-1";
const zones = JSON.stringify([`${THERE}a`, `${THERE}b`]);

/** The part of a stack that is left when its region fails: files, and their copy elsewhere. */
async function files() {
  const config = new pulumi.Config();
  const retention = config.require<storage.Retention>("retention");
  const provider = new aws.Provider("aws", { region: HERE, defaultTags: { tags: { environment: "first" } } });
  const vpcId = "vpc-0123456789abcdef0";
  const accessPoints = { assets: { path: "/assets", identity: { uid: 999, gid: 999 } } };
  const place = { vpcId, zones: [`${HERE}a`], subnetIds: { [`${HERE}a`]: "subnet-0123456789abcdef0" } };
  const source = new storage.FileSystem("first", { ...place, accessPoints, retention }, { providers: [provider] });
  const region = config.get("efsReplicaRegion");
  const copied = { sourceFileSystemId: source.fileSystemId, retention };
  const replica = region ? new storage.FileSystemReplica("copy", { ...copied, region }, { provider }) : undefined;
  return { fileSystemId: source.fileSystemId, replicaFileSystemId: replica?.fileSystemId };
}

describe("failing over to the copy and back, by docs/storage.md", function () {
  this.timeout("4m");
  inOrder(this);
  const second = new LivingStack("staging");
  const stacks: Record<string, { stack: LocalStack; config: Map<string, string> }> = {};
  const words: Record<string, string> = { SOURCE_REGION: HERE, REPLICA_REGION: THERE };
  const find = (id: string): AwsRecord => second.awsRecords().find((record) => record.id === id)!;
  const protection = (id: string) => (find(id).properties.protection as Record<string, string>).replicationOverwrite;
  const copyings = () => second.awsRecords().filter(({ type }) => type === token("efs/replicationConfiguration"));

  before(async () => {
    await second.start();
    const there = { region: THERE, zones, controlPlaneZones: zones, mysqlZone: `${THERE}a` };
    stacks.SECOND = { stack: second, config: new Map(Object.entries(there)) };
    const given = new Map([
      ["efsReplicaRegion", THERE],
      ["retention", "retain"],
    ]);
    const first = { stack: second.neighbour("dev", files), config: given };
    stacks.FIRST = first;
    await up(first);
    const { fileSystemId, replicaFileSystemId } = first.stack.outputs();
    Object.assign(words, { SOURCE_ID: fileSystemId!.value, REPLICA_ID: replicaFileSystemId!.value });
  });
  after(() => second.stop());

  const up = ({ stack, config }: (typeof stacks)[string]): Promise<Steps> =>
    stack.up(...[...config].map(([key, value]) => `${key}=${value}`));

  const destroy = ({ stack, config }: (typeof stacks)[string]) =>
    stack.destroy(...[...config].map(([key, value]) => `${key}=${value}`));

  /** Does what the page says: `pulumi` here, all else in a shell. */
  async function follow(lines: string[]): Promise<void> {
    let current = stacks.FIRST!;
    for (const line of lines) {
      const command = line.replaceAll(/\b(SOURCE|REPLICA)_(ID|REGION)\b/g, (word) => words[word]!);
      const [program, ...rest] = command.split(/\s+/);
      if (program !== "pulumi") {
        second.shell(command);
        continue;
      }
      const [key = "", value = ""] = rest.slice(2);
      const says = rest.join(" ");
      if (says === "up") await up(current);
      else if (/^stack (init|select) \w+$/.test(says)) current = stacks[key]!;
      else if (/^config set \w+ \S+/.test(says)) current.config.set(key, value);
      else if (/^config rm \w+/.test(says)) current.config.delete(key);
      else if (/^destroy --stack \w+$/.test(says)) await destroy(stacks[key]!);
      else throw new Error(`docs/storage.md says what this test doesn't do: ${line}`);
    }
  }

  it("moves the workloads to the copy, which is written to there and belongs to the second stack alone", async () => {
    assert.equal(protection(words.REPLICA_ID!), "REPLICATING");
    await follow(commandsOf("docs/storage.md", "Failing over"));
    assert.deepEqual([copyings(), protection(words.REPLICA_ID!)], [[], "ENABLED"]);
    await second.runs();
    const claim: string = second.outputs().pvcNames!.value.assets;
    const { volumeName } = second.get("pvc", claim, "--namespace", "assets").spec;
    const [fileSystemId, accessPointId] = second.get("pv", volumeName).spec.csi.volumeHandle.split("::");
    assert.equal(fileSystemId, words.REPLICA_ID);
    const ofFirst = second.awsRecords().find(({ type, properties }) => {
      return type === token("efs/accessPoint") && properties.fileSystemId === words.SOURCE_ID;
    })!;
    const directory = ({ properties }: AwsRecord) => properties.rootDirectory as { path: string };
    assert.equal(directory(find(accessPointId)).path, directory(ofFirst).path);
    assert.equal(stacks.FIRST!.stack.outputs().replicaFileSystemId, undefined);
    assert.deepEqual(find(words.REPLICA_ID!).properties.tagsAll, {
      Name: "eks-storage-staging",
      project: "eks-storage",
      environment: "staging",
    });
    assert.deepEqual(effects(await up(stacks.SECOND!)), {});
  });

  it("brings the files back, and begins anew with another copy", async () => {
    await follow(commandsOf("docs/storage.md", "Failing back"));
    const [copying, ...others] = copyings();
    assert.deepEqual([copying!.id, others], [words.SOURCE_ID, []]);
    const { replicaFileSystemId } = stacks.FIRST!.stack.outputs();
    assert.notEqual(replicaFileSystemId!.value, words.REPLICA_ID);
    assert.deepEqual([words.SOURCE_ID!, replicaFileSystemId!.value as string].map(protection), [
      "ENABLED",
      "REPLICATING",
    ]);
    assert.equal(find(words.REPLICA_ID!), undefined, "gone with the second stack");
    assert.deepEqual(effects(await up(stacks.FIRST!)), {});
    await assert.rejects(destroy(stacks.FIRST!), /protected/);
    assert.ok(find(words.SOURCE_ID!));
  });
});
