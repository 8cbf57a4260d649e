import assert from "node:assert/strict";
import { madeInCluster } from "../../config/choices";
import type { Settings } from "../../config/keys";
import { type Answer, EMPTY_CLUSTER, forbidden } from "../support/apiServer";
import { aloneAndInPairs, existingOf } from "../support/existing";
import { CLUSTER_GROUP, EXISTING_CLUSTER_GROUP, EXISTING_VPC, existingCluster } from "../support/mockState";
import { program, runProgram } from "../support/program";
import { all, assertOrder, one } from "../support/queries";
import { clusterOfOthers, type Registration, Secret } from "../support/registrations";

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const vpc = {
  existingVpcId: EXISTING_VPC,
  existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111", "eu-west-1b": "subnet-22222222" },
};
const existing = existingOf({
  ...vpc,
  existingClusterName: "shop",
  existingFileSystemId: "fs-11111111",
  existingBucketName: "images",
  existingKeyArn: KEY,
});
const made = ({ type, name }: Registration) => `${type} ${name}`;

/** The only keys that are made then: the cluster's for its secrets, and the vault's. */
const keysOf = (registrations: Registration[]) => all(registrations, "aws:kms/key:Key").map(({ name }) => name);
const KEYS = ["eks-storage-dev-backups", "eks-storage-dev-secrets"];
const isGranted = (registrations: Registration[], name: string) =>
  (one(registrations, "aws:iam/rolePolicy:RolePolicy", name).inputs.policy as string).includes(KEY);

for (const { names, changes, notMade } of aloneAndInPairs(existing)) {
  describe(`the program with ${names.join(" and ")} that ${names.length > 1 ? "exist" : "exists"}`, () => {
    let previewed: Registration[];
    before(async () => {
      previewed = await program("dev", { preview: true, changes });
    });

    it("makes nothing of that kind, and shows the rest at a first preview", async () => {
      assert.deepEqual(
        previewed.map(made).filter((it) => notMade.some((kind) => kind.test(it))),
        [],
      );
      const urns = (registrations: Registration[]) => registrations.map(({ urn }) => urn).sort();
      assert.deepEqual(urns(previewed), urns(await program("dev", { changes })));
    });

    it("names nothing that exists among what a destroy keeps", () => {
      const { configuration } = one(previewed, "dynamic:Resource", "eks-storage-dev-notice").inputs;
      const kept = {
        "a file system": "adoptFileSystemId",
        "a bucket": "adoptBucketName",
        "a KMS key": "adoptEncryptionKeyId",
      };
      for (const name of names) assert.ok(!(kept[name as keyof typeof kept] in configuration), name);
    });
  });
}

describe("what exists already", () => {
  it("has free in its cluster every name that the program makes there, outside of namespaces", async () => {
    const adopted = {
      adoptMysqlVolumeId: "vol-0123456789abcdef0",
      adoptMysqlZone: "eu-west-1a",
      adoptMysqlCredentials: "/eks-storage-dev/catalog-mysql",
    };
    const changes = { ...existing["a VPC with a cluster"]!.changes, ...adopted };
    const inNone = (await program("dev", { changes }))
      .filter(({ type, inputs }) => type.startsWith("kubernetes:") && !inputs.metadata?.namespace)
      .map(({ type, inputs }) => [type.split(":").pop()!, inputs.metadata.name as string] as const)
      // Another stack's of the same name has its claim in one of the namespaces.
      .filter(([, name]) => !/^assets-assets-[0-9a-f]+$/.test(name));
    const names = (kind: string) => inNone.filter(([it]) => it === kind).map(([, name]) => name);
    assert.deepEqual(madeInCluster(adopted as unknown as Settings), {
      namespaces: names("Namespace").sort(),
      storageClasses: names("StorageClass").sort(),
      volumeSnapshotClasses: names("VolumeSnapshotClass"),
      persistentVolumes: names("PersistentVolume"),
    });
    const kinds = ["Namespace", "PersistentVolume", "StorageClass", "VolumeSnapshotClass"];
    assert.deepEqual([...new Set(inNone.map(([kind]) => kind))].sort(), kinds);
  });

  describe("is refused where it is a cluster", () => {
    // Not what other tests run: that is registered once.
    const asked = async (tag: string, preview: boolean, answer: Answer | undefined, contents = EMPTY_CLUSTER) => {
      const cluster = await clusterOfOthers();
      Object.assign(cluster, { instead: () => answer, contents });
      const { changes } = existing["a VPC with a cluster"]!;
      const { error } = await runProgram("dev", { preview, changes: { ...changes, tags: { tag } } });
      Object.assign(cluster, { instead: undefined, contents: EMPTY_CLUSTER });
      return error?.message;
    };

    it("that has what the program is to make, with every way out", async () => {
      const contents = { ...EMPTY_CLUSTER, "/api/v1/namespaces": [{ metadata: { name: "assets", uid: "1" } }] };
      assert.equal(
        await asked("taken", true, undefined, contents),
        "The configuration doesn't fit what exists already:\n" +
          "  - existingClusterName must be a cluster without a namespace assets; it is 'shop'.\n" +
          "    This stack's state has none of them: pulumi up would take them over, and a destroy delete them with what is in them. " +
          "Use another cluster. If they were this stack's, and somebody made them anew: pulumi refresh. If an interrupted pulumi " +
          "up of this stack made them, and nothing is in them yet: kubectl delete. If an earlier stack kept them: " +
          'docs/existing.md, "What stays after a destroy". Anything else: look what is in it before you delete it.',
      );
    });

    it("that can't be asked, at an up and not at a preview, and not where only a proxy leads to it", async () => {
      const refused = forbidden("deployer", "namespaces");
      assert.equal(await asked("previewed", true, refused), undefined);
      assert.match(
        (await asked("deployed", false, refused))!,
        /^The cluster shop couldn't be asked whether .*\n.* \(403\)/,
      );
      process.env.HTTPS_PROXY = "http://proxy.example.com:3128";
      try {
        assert.equal(await asked("proxied", false, refused), undefined);
      } finally {
        delete process.env.HTTPS_PROXY;
      }
    });
  });

  for (const [name, { instead = {}, notMade }] of Object.entries(existing)) {
    it(`is made otherwise, ${name}`, async () => {
      const otherwise = await program("dev", { preview: true, changes: instead });
      assert.ok(otherwise.map(made).some((it) => notMade.test(it)));
    });
  }

  const applied = (...chosen: string[]) =>
    program("dev", { changes: Object.assign({}, ...chosen.map((name) => existing[name]!.changes)) });

  it("holds cluster and mount targets, where it is a VPC", async () => {
    const resources = await applied("a VPC");
    const subnets = all(resources, "MountTarget").map(({ inputs }) => inputs.subnetId as string);
    assert.deepEqual(subnets, ["subnet-11111111", "subnet-22222222"]);
    assert.equal(one(resources, "eks:index:Cluster").inputs.vpcId, EXISTING_VPC);
    assert.equal(one(resources, "SecurityGroup").inputs.vpcId, EXISTING_VPC);
  });

  it("is asked as the role that is assumed, where it is a cluster", async () => {
    const assumeRoleArn = "arn:aws:iam::111101013333:role/deployer";
    const { changes } = existing["a VPC with a cluster"]!;
    const resources = await program("dev", { changes: { ...changes, assumeRoleArn } });
    const { kubeconfig } = one(resources, "pulumi:providers:kubernetes").inputs;
    const [{ user }] = JSON.parse((kubeconfig as Secret).value as string).users;
    assert.deepEqual(user.exec.args.slice(-2), ["--role-arn", assumeRoleArn]);
  });

  it("gets drivers and workloads, where it is a cluster, by its own name, address and nodes' group", async () => {
    const resources = await applied("a VPC with a cluster");
    const { clusterIdentifier, kubeconfig } = one(resources, "pulumi:providers:kubernetes").inputs;
    assert.equal(clusterIdentifier, "shop");
    assert.ok(kubeconfig instanceof Secret);
    const { clusters, users } = JSON.parse(kubeconfig.value as string);
    const { endpoint, certificateAuthorities } = existingCluster({ name: "shop" }, await clusterOfOthers());
    assert.deepEqual(clusters[0].cluster, {
      server: endpoint,
      "certificate-authority-data": (certificateAuthorities as [{ data: string }])[0].data,
    });
    assert.deepEqual(users[0].user.exec.args.slice(0, 6), [
      ..."--region eu-west-1 eks get-token --cluster-name shop".split(" "),
    ]);
    assert.deepEqual(
      all(resources, "Addon")
        .map(({ inputs }) => `${inputs.clusterName} ${inputs.addonName}`)
        .sort(),
      ["shop aws-ebs-csi-driver", "shop aws-efs-csi-driver", "shop snapshot-controller"],
    );
    assert.equal(one(resources, "SecurityGroupIngressRule").inputs.referencedSecurityGroupId, EXISTING_CLUSTER_GROUP);
    const { outputs } = one(resources, "pulumi:pulumi:Stack");
    assert.ok(outputs!["kubeconfig"] instanceof Secret);
    assert.equal(outputs!["clusterName"], "shop");
    assert.match(JSON.stringify(outputs!["commands"]), /--name shop /);
    // The owner's class stays the default.
    const defaults = all(resources, "StorageClass").map(({ inputs }) => inputs.metadata.annotations ?? {});
    assert.ok(defaults.every((it) => it["storageclass.kubernetes.io/is-default-class"] !== "true"));
  });

  it("is refused where it is a cluster in another VPC", async () => {
    const changes = { ...vpc, existingVpcId: "vpc-22222222", existingClusterName: "shop" };
    const { error } = await runProgram("dev", { changes });
    const says =
      "The configuration doesn't fit what exists already:\n" +
      `  - existingVpcId must be ${EXISTING_VPC}, the VPC that the cluster shop is in; it is 'vpc-22222222'.\n` +
      "    Nodes in another VPC don't reach the mount targets: name the cluster's.";
    assert.ok(error?.message.endsWith(says), error?.message);
  });

  it("gets an access point and mount targets, where it is a file system, and is backed up by its owner", async () => {
    const resources = await applied("a file system");
    assert.equal(one(resources, "AccessPoint").inputs.fileSystemId, "fs-11111111");
    assert.deepEqual(
      all(resources, "MountTarget").map(({ inputs }) => inputs.fileSystemId as string),
      ["fs-11111111", "fs-11111111"],
    );
    assert.deepEqual(
      all(resources, "Selection").map(({ inputs }) => inputs.name as string),
      ["disks"],
    );
    const { outputs } = one(resources, "pulumi:pulumi:Stack");
    assert.equal(outputs!["fileSystemArn"], "arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/fs-11111111");
    assertOrder(resources, all(resources, "MountTarget"), [one(resources, "Deployment", "assets")]);
  });

  it("has its credits watched, where it is a file system whose throughput mode nobody knows", async () => {
    const alarmTopicArn = "arn:aws:sns:eu-west-1:111101013333:storage";
    const resources = await program("dev", { changes: { existingFileSystemId: "fs-11111111", alarmTopicArn } });
    const { dimensions } = one(resources, "MetricAlarm", "eks-storage-dev-efs-burst-credits").inputs;
    assert.deepEqual(dimensions, { FileSystemId: "fs-11111111" });
  });

  it("gets one rule, where it is a file system with mount targets, in their security group", async () => {
    const changes = { ...vpc, existingFileSystemId: "fs-11111111", existingFileSystemSecurityGroupId: "sg-11111111" };
    const resources = await program("dev", { changes });
    assert.deepEqual([all(resources, "MountTarget"), all(resources, "SecurityGroup")], [[], []]);
    const { securityGroupId, referencedSecurityGroupId, fromPort } = one(resources, "SecurityGroupIngressRule").inputs;
    assert.deepEqual([securityGroupId, referencedSecurityGroupId, fromPort], ["sg-11111111", CLUSTER_GROUP, 2049]);
  });

  it("gets the images below assets/, where it is a bucket, and the driver reaches no other", async () => {
    const resources = await applied("a bucket");
    const { csi, mountOptions } = one(resources, "PersistentVolume", "assets-assets-" + claimHash(resources)).inputs
      .spec;
    assert.equal(csi.volumeAttributes.bucketName, "images");
    assert.ok(mountOptions.includes("prefix assets/"));
    const { policy } = one(resources, "RolePolicy", "s3-csi-node-bucket-assets").inputs;
    assert.deepEqual(
      JSON.parse(policy as string).Statement.map(({ Resource }: { Resource: string }) => Resource),
      ["arn:aws:s3:::images", "arn:aws:s3:::images/*"],
    );
  });

  it("encrypts what the stack makes, where it is a key, and the drivers may use it", async () => {
    const resources = await applied("a KMS key", "a bucket");
    assert.equal(one(resources, "aws:efs/fileSystem:FileSystem").inputs.kmsKeyId, KEY);
    assert.equal(one(resources, "StorageClass", "ebs").inputs.parameters.kmsKeyId, KEY);
    assert.deepEqual(keysOf(resources).sort(), KEYS);
    assert.ok(isGranted(resources, "ebs-csi-controller-kms") && isGranted(resources, "s3-csi-node-kms"));
    assert.equal(one(resources, "pulumi:pulumi:Stack").outputs!["encryptionKeyArn"], KEY);
  });
});

const claimHash = (registrations: Registration[]) => {
  const { pvcNames } = one(registrations, "pulumi:pulumi:Stack").outputs as { pvcNames: { assets: string } };
  return pvcNames.assets.replace("assets-", "");
};
