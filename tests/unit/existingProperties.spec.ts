import assert from "node:assert/strict";
import { EXISTING_VPC } from "../support/mockState";
import { runProgram } from "../support/program";

// What the program relies on of things that exist already, by kind of thing: each property, an answer of AWS's that isn't as it
// must be, and what a preview says then. What isn't looked at, docs/existing.md says, with the reason.

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const GROUP = "sg-0123456789abcdef0";
const OTHER_VPC = "vpc-22222222";
const config = {
  existingVpcId: EXISTING_VPC,
  existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111", "eu-west-1b": "subnet-22222222" },
  existingFileSystemId: "fs-11111111",
  assetsStorage: "s3",
  existingBucketName: "images",
  encryptionKey: "customer",
  existingKeyArn: KEY,
};
const cluster = { existingClusterName: "shop" };
const mounted = { existingFileSystemSecurityGroupId: GROUP };

/** What is configured, and what AWS answers; by the function's token without its repeated name. */
interface Case {
  config: Record<string, unknown>;
  answers: Record<string, object>;
  /** By kind of thing and property: words of the one message. */
  says: Record<string, RegExp>;
}

const cases: Record<string, Case> = {
  "nothing is as it must be": {
    config: { ...config, ...cluster },
    answers: {
      "ec2/getVpc": { enableDnsSupport: false, enableDnsHostnames: false },
      "ec2/getSubnet": { availabilityZone: "eu-west-1c", vpcId: OTHER_VPC },
      "efs/getFileSystem": {
        availabilityZoneName: "eu-west-1a",
        protections: [{ replicationOverwrite: "REPLICATING" }],
      },
      "eks/getCluster": { status: "DELETING", vpcConfig: { vpcId: OTHER_VPC } },
      "s3/getBucket": { bucketRegion: "us-east-1", region: "eu-west-1" },
      "kms/getKey": {
        ...{
          keyState: "PendingDeletion",
          keyManager: "AWS",
          keyUsage: "SIGN_VERIFY",
          customerMasterKeySpec: "RSA_2048",
        },
      },
    },
    says: {
      "VPC: DNS support": /existingVpcId must be a VPC with DNS support; it is 'vpc-\w+'\.\n.*--enable-dns-support/,
      "VPC: DNS hostnames":
        /existingVpcId must be a VPC with DNS hostnames; it is 'vpc-\w+'\.\n.*--enable-dns-hostnames/,
      "subnet: zone":
        /existingPrivateSubnetIds must be a subnet in eu-west-1a; it is 'subnet-11111111, which has eu-west-1c'/,
      "subnet: VPC":
        /existingPrivateSubnetIds must be a subnet of vpc-\w+; it is 'subnet-11111111, which has vpc-22222222'/,
      "file system: several zones":
        /existingFileSystemId must be a file system in several zones, or of a stack with one zone; it is 'fs-11111111, which is in eu-west-1a alone'/,
      "file system: no copy": /existingFileSystemId must be a file system that isn't a copy; it is 'fs-11111111'/,
      "cluster: status": /existingClusterName must be a cluster that is ACTIVE; it is 'shop, which has DELETING'/,
      "cluster: VPC": /existingVpcId must be vpc-22222222, the VPC that the cluster shop is in; it is 'vpc-\w+'/,
      "bucket: region": /existingBucketName must be a bucket in eu-west-1; it is 'images, which has us-east-1'/,
      "key: state":
        /existingKeyArn must be a key that is Enabled; it is '.*which has PendingDeletion'\.\n.*cancel-key-deletion/,
      "key: owner": /existingKeyArn must be a key of the customer's; it is '.*which has AWS'/,
      "key: usage": /existingKeyArn must be a key for ENCRYPT_DECRYPT; it is '.*which has SIGN_VERIFY'/,
      "key: kind": /existingKeyArn must be a symmetric key; it is '.*which has RSA_2048'/,
    },
  },
  "what is there leaves no room, or not what is needed": {
    config: { ...config, ...cluster, ...mounted },
    answers: {
      "ec2/getNetworkInterfaces": { ids: ["eni-11111111"] },
      "ec2/getNetworkInterface": {
        availabilityZone: "eu-west-1a",
        vpcId: EXISTING_VPC,
        securityGroups: ["sg-99999999"],
      },
      "ec2/getSecurityGroup": { vpcId: OTHER_VPC },
      "eks/getAddon": { arn: "arn:aws:eks:eu-west-1:111101013333:addon/shop/a/1" },
    },
    says: {
      "mount targets: zones":
        /existingFileSystemId must be a file system with a mount target in eu-west-1b, in vpc-\w+; it is/,
      "mount targets: security group":
        /existingFileSystemSecurityGroupId must be a security group of the mount targets in eu-west-1a; it is 'sg-0\w+'\.\n.*sg-99999999/,
      "security group: VPC":
        /existingFileSystemSecurityGroupId must be a security group of vpc-\w+; it is '.*vpc-22222222'/,
      "cluster: add-ons of the stack's":
        /existingClusterName must be a cluster without the add-on snapshot-controller, aws-efs-csi-driver, aws-ebs-csi-driver, aws-mountpoint-s3-csi-driver; it is/,
    },
  },
  "a new cluster has no room, and mount targets are there": {
    config,
    answers: {
      "ec2/getSubnet": { availableIpAddressCount: 20, mapPublicIpOnLaunch: false },
      "ec2/getRouteTable": { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-11111111" }] },
      "ec2/getNetworkInterfaces": { ids: ["eni-11111111"] },
      "ec2/getNetworkInterface": {
        availabilityZone: "eu-west-1a",
        vpcId: EXISTING_VPC,
        securityGroups: ["sg-99999999"],
      },
    },
    says: {
      "subnet: addresses":
        /existingPrivateSubnetIds must be a subnet for eu-west-1a with 29 free addresses; it is 'subnet-11111111, which has 20'/,
      "subnet: private":
        /existingPrivateSubnetIds must be a private subnet for eu-west-1a, .*; it is 'subnet-11111111, whose default route is the internet gateway igw-11111111'/,
      "file system: no mount targets":
        /existingFileSystemId must be a file system without mount targets, .*; it is 'fs-11111111'\.\n.*sg-99999999/,
    },
  },
  "the cluster lacks an add-on": {
    config: { ...config, ...cluster },
    answers: { "eks/getAddon": { error: "reading EKS Add-On (shop:eks-pod-identity-agent): couldn't find resource" } },
    says: {
      "cluster: the add-on for credentials":
        /existingClusterName must be a cluster with the add-on eks-pod-identity-agent; it is 'shop'\.\n.*aws eks create-addon/,
    },
  },
};

/** What whoever deploys must be allowed, by the function that asks. */
const rights: Record<string, string> = {
  "ec2/getVpc": "ec2:DescribeVpcs and ec2:DescribeVpcAttribute",
  "ec2/getSubnet": "ec2:DescribeSubnets",
  "ec2/getRouteTable": "ec2:DescribeRouteTables",
  "ec2/getNetworkInterfaces": "ec2:DescribeNetworkInterfaces",
  "ec2/getSecurityGroup": "ec2:DescribeSecurityGroups",
  "efs/getFileSystem": "elasticfilesystem:DescribeFileSystems",
  "eks/getAddon": "eks:DescribeAddon",
  "eks/getCluster": "eks:DescribeCluster",
  "kms/getKey": "kms:DescribeKey",
  "s3/getBucket": "s3:ListBucket",
};

/** As the provider's bridge hands on an error of AWS's. */
const bridged = (token: string, answer: string) => `invoking ${token}: 1 error occurred:\n\t* ${answer}\n\n`;

const tokenOf = (name: string) => `aws:${name}:${name.split("/")[1]!}`;
const byToken = (answers: Record<string, object>) =>
  Object.fromEntries(Object.entries(answers).map(([name, answer]) => [tokenOf(name), answer]));

async function messageOf(
  { config: changes, answers }: Omit<Case, "says">,
  tag: string,
  state: Record<string, unknown> = {},
): Promise<string> {
  const circumstances = { preview: true, changes: { ...changes, tags: { tag } }, adoptable: byToken(answers), state };
  const { error } = await runProgram("dev", circumstances);
  return error?.message ?? "";
}

/** A stack that is deployed on all of it. */
const deployed = Object.fromEntries(
  Object.entries({
    ExistingNetwork: { vpcId: EXISTING_VPC },
    ExistingFileSystem: { fileSystemId: config.existingFileSystemId },
    ExistingCluster: { clusterName: cluster.existingClusterName },
    ExistingBucket: { bucketName: config.existingBucketName },
    ExistingEncryptionKey: { keyArn: KEY },
  }).map(([type, outputs]) => [`urn:pulumi:dev::eks-storage::eks-storage:index:${type}::eks-storage-dev`, { outputs }]),
);

describe("what exists already is looked at", () => {
  for (const [name, it_] of Object.entries(cases)) {
    describe(`where ${name}`, () => {
      let message: string;
      before(async () => {
        message = await messageOf(it_, "looked-at");
      });
      for (const [property, words] of Object.entries(it_.says)) {
        it(property, () => assert.match(message, words));
      }
      it("and all of it is one message, and no more", () => {
        const [head, ...lines] = message.split("\n");
        assert.equal(head, "The configuration doesn't fit what exists already:");
        const found = lines.filter((line) => line.startsWith("  - "));
        const heads = Object.values(it_.says).map((words) => new RegExp(words.source.split("\\n")[0]!));
        const isKnown = (line: string) => heads.some((words) => words.test(line) || words.test(asOfFirstZone(line)));
        assert.deepEqual(
          found.filter((line) => !isKnown(line)),
          [],
        );
      });
    });
  }

  for (const [name, right] of Object.entries(rights)) {
    it(`names the right where nobody may ask by ${name}: ${right}`, async () => {
      const denied =
        "reading it: operation error: https response error StatusCode: 403, api error AccessDenied: User: a";
      const error = bridged(name, denied);
      const message = await messageOf(
        { config: { ...config, ...(name.startsWith("eks/") ? cluster : mounted) }, answers: { [name]: { error } } },
        name.replace("/", "-"),
      );
      assert.match(
        message,
        new RegExp(`Whoever deploys or previews must be allowed ${right}\\. AWS answered: reading it: .*AccessDenied`),
      );
    });
  }

  it("is what it must be, and nothing is said", async () => {
    assert.equal(await messageOf({ config: { ...config, ...cluster, ...mounted }, answers: {} }, "right"), "");
  });

  it("is told, and refuses nothing, where the stack is deployed on it", async () => {
    for (const [name, { config: changes, answers }] of Object.entries(cases)) {
      assert.equal(await messageOf({ config: changes, answers }, "deployed", deployed), "", name);
    }
  });

  it("is refused, with AWS's words, where it can't be asked now: that says nothing of what is there", async () => {
    const answers = {
      "eks/getAddon": { error: bridged("aws:eks/getAddon:getAddon", "api error ThrottlingException: Rate exceeded") },
    };
    const message = await messageOf({ config: { ...config, ...cluster }, answers }, "throttled");
    assert.match(
      message,
      /a cluster whose add-ons can be asked for; it is 'shop'\.\n.*AWS answered: api error ThrottlingException/,
    );
    assert.doesNotMatch(message, /create-addon/);
  });

  it("takes the VPC's main routes for a subnet without its own, and none where it sees none", async () => {
    const error = bridged(
      "aws:ec2/getRouteTable:getRouteTable",
      "query returned no results. Please change your search criteria",
    );
    assert.equal(await messageOf({ config, answers: { "ec2/getRouteTable": { error } } }, "routes"), "");
  });
});

/** The second zone's subnet has the same mistakes as the first. */
const asOfFirstZone = (line: string) =>
  line.replace("eu-west-1b", "eu-west-1a").replace("subnet-22222222", "subnet-11111111");
