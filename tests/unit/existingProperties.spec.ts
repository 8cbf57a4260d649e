import assert from "node:assert/strict";
import { EMPTY_CLUSTER } from "../support/apiServer";
import { EXISTING_VPC } from "../support/mockState";
import { runProgram } from "../support/program";
import { clusterOfOthers } from "../support/registrations";

// What the program relies on of things that exist already, by kind of thing: each property, an answer of AWS's that isn't as it
// must be, and what a preview says then. What AWS can't be asked for stands at the end, with the reason.

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
  /** Whether the cluster's nodes are left out. */
  hasNoNodes?: boolean;
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
        /existingPrivateSubnetIds must be a subnet of vpc-\w+; it is 'subnet-22222222, which has vpc-22222222'/,
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
    hasNoNodes: true,
    answers: {
      "ec2/getRouteTable": { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-11111111" }] },
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
      "subnet: private":
        /existingPrivateSubnetIds must be a private subnet for eu-west-1a, .*; it is 'subnet-11111111, whose default route is the internet gateway igw-11111111'/,
      "mount targets: zones":
        /existingFileSystemId must be a file system with a mount target in eu-west-1b, in vpc-\w+; it is/,
      "mount targets: security group":
        /existingFileSystemSecurityGroupId must be a security group of the mount targets in eu-west-1a; it is 'sg-0\w+'\.\n.*sg-99999999/,
      "security group: VPC":
        /existingFileSystemSecurityGroupId must be a security group of vpc-\w+; it is '.*vpc-22222222'/,
      "cluster: add-ons of the stack's":
        /existingClusterName must be a cluster without the add-on snapshot-controller, aws-efs-csi-driver, aws-ebs-csi-driver, aws-mountpoint-s3-csi-driver; it is/,
      "cluster: nodes":
        /existingClusterName must be a cluster with nodes that are ready in eu-west-1a, eu-west-1b; it is 'shop'/,
    },
  },
  "a new cluster has no room, and mount targets are there": {
    config,
    answers: {
      "ec2/getSubnet": { availableIpAddressCount: 20 },
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

/** What the program relies on and AWS has no function for in the provider: docs/existing.md asks its owner for it. */
const NOT_READ: Record<string, string> = {
  "file system: policy": "The provider reads no file system's policy.",
  "bucket: policy, encryption": "The provider has no function for either; a mount that fails names the action.",
  "key: policy": "It is the owner's, and kms:GetKeyPolicy shows no grants: only a use proves it.",
  "cluster: coredns, vpc-cni": "They may be there without add-ons. Without them no node is ready, which is looked at.",
};

const tokenOf = (name: string) => `aws:${name}:${name.split("/")[1]!}`;
const byToken = (answers: Record<string, object>) =>
  Object.fromEntries(Object.entries(answers).map(([name, answer]) => [tokenOf(name), answer]));

async function messageOf({ config: changes, answers, hasNoNodes }: Omit<Case, "says">, tag: string): Promise<string> {
  const served = await clusterOfOthers();
  const contents = { ...EMPTY_CLUSTER };
  if (hasNoNodes) contents["/api/v1/nodes"] = [];
  Object.assign(served, { contents });
  const circumstances = { preview: true, changes: { ...changes, tags: { tag } }, adoptable: byToken(answers) };
  const { error } = await runProgram("dev", circumstances);
  Object.assign(served, { contents: EMPTY_CLUSTER });
  return error?.message ?? "";
}

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
        const known = found.filter((line) =>
          Object.values(it_.says).some(
            (words) => new RegExp(words.source.split("\\n")[0]!).test(line) || isOtherZones(line),
          ),
        );
        assert.deepEqual(known, found);
      });
    });
  }

  for (const [name, right] of Object.entries(rights)) {
    it(`names the right where nobody may ask by ${name}: ${right}`, async () => {
      const error = "api error AccessDeniedException: User: a is not authorized to perform: x";
      const message = await messageOf(
        { config: { ...config, ...cluster, ...mounted }, answers: { [name]: { error } } },
        name.replace("/", "-"),
      );
      assert.match(
        message,
        new RegExp(`Whoever deploys or previews must be allowed ${right}\\. AWS answered: api error`),
      );
    });
  }

  it("is what it must be, and nothing is said", async () => {
    assert.equal(await messageOf({ config: { ...config, ...cluster, ...mounted }, answers: {} }, "right"), "");
  });

  it("can't be looked at in everything, for a reason", () => {
    const read = Object.values(cases).flatMap(({ says }) => Object.keys(says));
    for (const property of Object.keys(NOT_READ)) assert.ok(!read.includes(property), property);
  });
});

/** The second zone's subnet has the same mistake as the first. */
const isOtherZones = (line: string) => line.includes("existingPrivateSubnetIds");
