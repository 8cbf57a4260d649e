import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  FileSystem,
  type FileSystemArgs,
  MountAccess,
  PerformanceMode,
  Retention,
  ThroughputMode,
  TransitionAfter,
} from "../../../../components/index";
import { arnOf, idOf } from "../../../support/mockIds";
import { all, one, refused, registered } from "../../../support/queries";
import { type Registration, unknown } from "../../../support/registrations";

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const args: FileSystemArgs = {
  vpcId: "vpc-11111111",
  zones: ["eu-west-1a", "eu-west-1b"],
  subnetIds: { "eu-west-1a": "subnet-aaaaaaaa", "eu-west-1b": "subnet-bbbbbbbb" },
  accessPoints: { assets: { path: "/assets", identity: { uid: 999, gid: 998 } } },
  retention: Retention.Delete,
};
const fileSystem = (changes: Partial<FileSystemArgs> = {}) => new FileSystem("files", { ...args, ...changes });

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string;
  Condition: { Bool: Record<string, string> };
}

describe("FileSystem", () => {
  it("by default is encrypted, elastic, and moves what nobody reads to cheaper storage", async () => {
    const { inputs } = one(await registered(() => fileSystem()), "aws:efs/fileSystem:FileSystem");
    assert.equal(inputs.encrypted, true);
    assert.equal(inputs.throughputMode, "elastic");
    assert.equal(inputs.performanceMode, "generalPurpose", "AWS refuses maxIO with elastic throughput");
    assert.ok((inputs.lifecyclePolicies as object[]).some((policy) => "transitionToIa" in policy));
  });

  it("takes another key and another way of paying for throughput", async () => {
    const changed = () => fileSystem({ kmsKeyId: KEY, throughputMode: ThroughputMode.Bursting });
    const { inputs } = one(await registered(changed), "aws:efs/fileSystem:FileSystem");
    assert.deepEqual([inputs.kmsKeyId, inputs.throughputMode, inputs.encrypted], [KEY, "bursting", true]);
  });

  it("is another file system with a key of one's own, as EFS never takes or leaves one", async () => {
    const urn = async (kmsKeyId?: string) =>
      one(await registered(() => fileSystem({ kmsKeyId })), "aws:efs/fileSystem:FileSystem").urn;
    assert.notEqual(await urn(KEY), await urn());
  });

  it("has a mount target in each zone, in the zone's subnet, behind a security group of its own", async () => {
    const resources = await registered(() => fileSystem());
    assert.deepEqual(
      all(resources, "MountTarget").map(({ name, inputs }) => [name, inputs.subnetId, inputs.securityGroups]),
      [
        ["files-eu-west-1a", "subnet-aaaaaaaa", [idOf("ec2/securityGroup", "files")]],
        ["files-eu-west-1b", "subnet-bbbbbbbb", [idOf("ec2/securityGroup", "files")]],
      ],
    );
    const group = one(resources, "SecurityGroup").inputs;
    assert.equal(group.vpcId, "vpc-11111111");
    assert.deepEqual([group.ingress ?? [], group.egress ?? []], [[], []], "inline rules fight with rules of their own");
  });

  it("has others where another file system takes its place: they come before the old ones go", async () => {
    const targets = async (changes: Partial<FileSystemArgs>) => {
      const resources = await registered(() => fileSystem({ throughputMode: ThroughputMode.Bursting, ...changes }));
      // Who may reach them stays: the nodes reach both meanwhile.
      assert.equal(one(resources, "SecurityGroup").name, "files");
      return all(resources, "MountTarget").map(({ name }) => name);
    };
    assert.deepEqual(await targets({}), ["files-eu-west-1a", "files-eu-west-1b"]);
    const others: [Partial<FileSystemArgs>, string][] = [
      [{ kmsKeyId: KEY }, "customer-key"],
      [{ performanceMode: PerformanceMode.MaxIO }, "maxIO"],
      [{ kmsKeyId: KEY, performanceMode: PerformanceMode.MaxIO }, "customer-key-maxIO"],
      [{ kmsKeyId: KEY, fileSystemName: "mine" }, "mine"],
    ];
    for (const [changes, called] of others) {
      assert.deepEqual(await targets(changes), [`files-${called}-eu-west-1a`, `files-${called}-eu-west-1b`]);
    }
  });

  it("shows every mount target at a first preview, though no subnet is there yet", async () => {
    const subnetId = (name: string) => new aws.ec2.Subnet(name, { vpcId: "vpc-11111111" }).id;
    const withNewSubnets = () =>
      fileSystem({ subnetIds: { "eu-west-1a": subnetId("a"), "eu-west-1b": subnetId("b") } });
    const resources = await registered(withNewSubnets, { preview: true });
    assert.deepEqual(
      all(resources, "MountTarget").map(({ name }) => name),
      ["files-eu-west-1a", "files-eu-west-1b"],
    );
    assert.deepEqual(one(resources, "eks-storage:index:FileSystem").outputs, {
      fileSystemId: unknown,
      fileSystemArn: unknown,
      securityGroupId: unknown,
      accessPointIds: unknown,
    });
  });

  it("gives each access point one identity: who its clients act as owns its directory", async () => {
    const resources = await registered(() => fileSystem());
    const { inputs } = one(resources, "AccessPoint", "files-assets");
    assert.deepEqual(inputs.posixUser, { uid: 999, gid: 998 });
    assert.deepEqual(inputs.rootDirectory, {
      path: "/assets",
      creationInfo: { ownerUid: 999, ownerGid: 998, permissions: "0750" },
    });
    assert.deepEqual(one(resources, "eks-storage:index:FileSystem").outputs?.["accessPointIds"], {
      assets: idOf("efs/accessPoint", "files-assets"),
    });
  });

  it("takes other permissions of an access point's directory", async () => {
    const shared = { path: "/a", identity: { uid: 1, gid: 1 }, permissions: "0770" };
    const { inputs } = one(await registered(() => fileSystem({ accessPoints: { shared } })), "AccessPoint");
    assert.equal(inputs.rootDirectory.creationInfo.permissions, "0770");
  });

  it("refuses what isn't encrypted in transit, and grants mounting again, which any policy would end", async () => {
    const { inputs } = one(await registered(() => fileSystem()), "FileSystemPolicy");
    const { Statement: statements } = JSON.parse(inputs.policy as string) as { Statement: Statement[] };
    const rules = (effect: string) =>
      statements.filter(({ Effect }) => Effect === effect).map(({ Action, Condition }) => [Action, Condition.Bool]);
    assert.deepEqual(rules("Deny"), [["*", { "aws:SecureTransport": "false" }]]);
    assert.deepEqual(rules("Allow"), [
      [
        ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        { "elasticfilesystem:AccessedViaMountTarget": "true" },
      ],
    ]);
    statements.forEach(({ Resource }) => assert.equal(Resource, arnOf("efs/fileSystem", "files")));
  });

  it("may leave it to each client whether it encrypts", async () => {
    const policies = async (changes: Partial<FileSystemArgs>) =>
      all(await registered(() => fileSystem({ encryptedTransportOnly: false, ...changes })), "FileSystemPolicy").map(
        ({ inputs }) => inputs.policy as string,
      );
    assert.deepEqual(await policies({}), [], "EFS's own default");
    const [policy = ""] = await policies({ mountAccess: MountAccess.Roles });
    assert.doesNotMatch(policy, /SecureTransport/);
  });

  it("leaves it to the roles' own policies who may mount, if told to: it grants nothing, and root to nobody", async () => {
    const { inputs } = one(await registered(() => fileSystem({ mountAccess: MountAccess.Roles })), "FileSystemPolicy");
    const { Statement: statements } = JSON.parse(inputs.policy as string) as { Statement: Statement[] };
    assert.deepEqual(
      statements.map(({ Effect, Action }) => [Effect, Action]),
      [
        ["Deny", "*"],
        ["Deny", "elasticfilesystem:ClientRootAccess"],
      ],
    );
  });

  it("takes provisioned throughput, Archive and another performance mode, and refuses what doesn't go together", async () => {
    const { inputs: slow } = one(
      await registered(() =>
        fileSystem({
          throughputMode: ThroughputMode.Provisioned,
          provisionedThroughputInMibps: 64,
          performanceMode: PerformanceMode.MaxIO,
        }),
      ),
      "aws:efs/fileSystem:FileSystem",
    );
    assert.deepEqual(
      [slow.throughputMode, slow.provisionedThroughputInMibps, slow.performanceMode],
      ["provisioned", 64, "maxIO"],
    );
    const lifecycle = { toArchive: TransitionAfter.NinetyDays };
    const { inputs } = one(await registered(() => fileSystem({ lifecycle })), "aws:efs/fileSystem:FileSystem");
    assert.ok((inputs.lifecyclePolicies as object[]).some((it) => "transitionToArchive" in it));
    assert.equal(
      await refused(() => fileSystem({ lifecycle, throughputMode: ThroughputMode.Bursting })),
      `FileSystem "files" has an argument that can't work:
  - lifecycle.toArchive must be NEVER with bursting throughput; it is 'AFTER_90_DAYS'.
    EFS has Archive with elastic throughput only.`,
    );
  });

  for (const [retention, expected] of [
    [Retention.Delete, { fileSystem: [false, false], accessPoint: [false, false] }],
    [Retention.Retain, { fileSystem: [true, true], accessPoint: [false, true] }],
    [Retention.Release, { fileSystem: [false, true], accessPoint: [false, true] }],
  ] as const) {
    it(`under ${retention}, protects and retains accordingly`, async () => {
      const resources = await registered(() => fileSystem({ retention }));
      const options = (type: string) => {
        const { protect, retainOnDelete } = one(resources, type);
        return [protect, retainOnDelete];
      };
      assert.deepEqual(
        { fileSystem: options("aws:efs/fileSystem:FileSystem"), accessPoint: options("AccessPoint") },
        expected,
      );
    });
  }

  it("adopts what an earlier stack kept, and makes new what isn't named", async () => {
    const assets = { ...args.accessPoints["assets"]!, adoptId: "fsap-11111111" };
    const takenUp = await registered(() => fileSystem({ adoptId: "fs-11111111", accessPoints: { assets } }));
    const made = await registered(() => fileSystem());
    const importIds = (resources: Registration[]) =>
      ["aws:efs/fileSystem:FileSystem", "AccessPoint"].map((type) => one(resources, type).importId);
    assert.deepEqual(importIds(takenUp), ["fs-11111111", "fsap-11111111"]);
    assert.deepEqual(importIds(made), ["", ""]);
    assert.equal(one(takenUp, "MountTarget", "files-eu-west-1a").inputs.fileSystemId, "fs-11111111");
  });

  it("refuses every wrong argument at once, before anything is made", async () => {
    const accessPoints = {
      root: { path: "/", identity: { uid: 0, gid: 999 } },
      deep: { path: "/a/b/c/d/e", identity: { uid: 1.5, gid: 4294967296 } },
    };
    assert.equal(
      await refused(() => fileSystem({ zones: [], accessPoints })),
      `FileSystem "files" has 6 arguments that can't work:
  - zones must be at least one availability zone; it is [].
    Name every zone that has nodes: a pod can't mount from a zone without a mount target.
  - accessPoints.root.path must be an absolute path of at most 100 characters and four directories, none beginning with a dot, without a trailing slash; it is '/'.
    Give each workload a directory of its own, such as /assets; the root of the file system is shared by all.
  - accessPoints.root.identity.uid must be a whole number from 1 to 4294967295; it is 0.
    Choose the number that the workload's image runs as, never 0 (root).
  - accessPoints.deep.path must be an absolute path of at most 100 characters and four directories, none beginning with a dot, without a trailing slash; it is '/a/b/c/d/e'.
    Give each workload a directory of its own, such as /assets; the root of the file system is shared by all.
  - accessPoints.deep.identity.uid must be a whole number from 1 to 4294967295; it is 1.5.
    Choose the number that the workload's image runs as, never 0 (root).
  - accessPoints.deep.identity.gid must be a whole number from 1 to 4294967295; it is 4294967296.
    Choose the number that the workload's image runs as, never 0 (root).`,
    );
  });

  it("refuses a zone without a subnet where the subnets are known", async () => {
    assert.match(
      await refused(() => fileSystem({ subnetIds: { "eu-west-1a": "subnet-aaaaaaaa" } })),
      /FileSystem "files" .*\n.*subnetIds must be a record with a subnet for eu-west-1b; it is \[ 'eu-west-1a' \]\.\n.*Name the same zones in zones and in subnetIds\./,
    );
  });
});
