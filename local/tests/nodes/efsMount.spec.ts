import assert from "node:assert/strict";
import type { AwsRecord } from "../../aws/records";
import type { Fields } from "../../kubernetes/client";
import { workingDrivers } from "../../nodes/csiDrivers";
import { startPods } from "../../nodes/kubelet";
import { SIMULATED } from "../../nodes/simulated";
import { record } from "../support/apiErrorCases";
import { attempt, clusterWith, FakeApi, object } from "../support/cluster";
import { drivers, varied } from "../support/csiDrivers";
import { localCloud } from "../support/localCloud";
import { policy as document, trustOfPods } from "../support/policies";

const ZONE = "eu-west-1a";

const accessPoint = record("efs/accessPoint", "fsap-11111111", { fileSystemId: "fs-11111111" });
const cluster = record("eks/cluster", "dev", { vpcConfig: { clusterSecurityGroupId: "sg-nodes" } });
const target = record("efs/mountTarget", "fsmt-1", {
  fileSystemId: "fs-11111111",
  availabilityZoneName: ZONE,
  subnetId: "subnet-11111111",
  securityGroups: ["sg-efs"],
});
const subnet = record("ec2/subnet", "subnet-11111111", { vpcId: "vpc-11111111" });
const vpcWith = (dns: Fields) =>
  record("ec2/vpc", "vpc-11111111", { enableDnsSupport: true, enableDnsHostnames: true, ...dns });
const elsewhere = record("vpc/securityGroupIngressRule", "sgr-2", {
  securityGroupId: "sg-efs",
  cidrIpv4: "198.18.113.0/24",
  ipProtocol: "-1",
});
const rule = record("vpc/securityGroupIngressRule", "sgr-1", {
  securityGroupId: "sg-efs",
  referencedSecurityGroupId: "sg-nodes",
  ipProtocol: "tcp",
  fromPort: 2049,
  toPort: 2049,
});

describe("A pod with a volume on EFS", () => {
  const { records } = localCloud();
  let fake: FakeApi;
  beforeEach(() => {
    fake = new FakeApi();
    records(...drivers);
  });

  const labels = { "topology.kubernetes.io/zone": ZONE };
  const node = object("Node", "n", {}, { labels, annotations: SIMULATED });

  const pod = object(
    "Pod",
    "assets-1",
    {
      spec: {
        nodeName: "n",
        volumes: [{ persistentVolumeClaim: { claimName: "assets" } }, { configMap: { name: "nginx" } }],
        containers: [{ envFrom: [{ secretRef: { name: "password" } }, { secretRef: { name: "x", optional: true } }] }],
      },
    },
    { namespace: "assets", uid: "p" },
  );
  const efsVolume = object("PersistentVolume", "v", {
    spec: { csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-11111111::fsap-11111111" } },
  });
  const efsClaim = object("PersistentVolumeClaim", "assets", { spec: { volumeName: "v" } }, { namespace: "assets" });
  const start = (uid = "p") =>
    startPods(
      fake.api,
      clusterWith({
        nodes: [node],
        pods: [{ ...pod, metadata: { ...pod.metadata, uid } }],
        claims: [efsClaim],
        volumes: [efsVolume],
      }),
      workingDrivers().running,
      attempt,
    );
  const told = () => (fake.calls[0]?.[1] as Fields).message as string;

  const lacks: [string, AwsRecord[], string[], RegExp][] = [
    ["its driver", [], [], /driver name efs\.csi\.aws\.com not found in the list of registered CSI drivers/],
    ["its access point", drivers, [], /no access point fsap-11111111/],
    ["a mount target in its zone", [...drivers, accessPoint, cluster], [], /none in eu-west-1a/],
    [
      "a mount target in its zone, though there is one in another, and of another file system",
      [
        ...[...drivers, accessPoint, cluster, rule],
        varied(target, { availabilityZoneName: "eu-west-1b" }),
        varied(target, { fileSystemId: "fs-22222222" }),
      ],
      [],
      /Failed to resolve "fs-11111111.efs".*none in eu-west-1a/,
    ],
    ...[{ securityGroupId: "sg-other" }, { fromPort: 443, toPort: 443 }, { fromPort: 2050, toPort: 65535 }].map(
      (wrong): [string, AwsRecord[], string[], RegExp] => [
        `a rule that lets it through (${JSON.stringify(wrong)})`,
        [...drivers, accessPoint, cluster, target, varied(rule, wrong)],
        [],
        /Connection timed out/,
      ],
    ),
    ["a way to port 2049", [...drivers, accessPoint, cluster, target], [], /Connection timed out/],
    ["a rule for the nodes", [...drivers, accessPoint, cluster, target, elsewhere], [], /Connection timed out/],
    ...[{ enableDnsSupport: false }, { enableDnsHostnames: undefined }].map(
      (dns): [string, AwsRecord[], string[], RegExp] => [
        `DNS (${Object.keys(dns)[0]})`,
        [...drivers, accessPoint, cluster, target, rule, subnet, vpcWith(dns)],
        [],
        /Failed to resolve "fs-11111111.efs" - the VPC must have both DNS settings/,
      ],
    ),
    ["a ConfigMap", [...drivers, accessPoint, cluster, target, rule], ["password"], /configmap "nginx" not found/],
    ["a Secret", [...drivers, accessPoint, cluster, target, rule], ["nginx"], /Error: secret "password" not found/],
  ];
  for (const [what, there, named, message] of lacks) {
    it(`writes the kubelet's event for a pod that lacks ${what}, once`, async () => {
      records(...there);
      fake.existing = named;
      await start(what);
      await start(what);
      assert.equal(fake.calls.length, 1);
      assert.match(told(), message);
    });
  }

  describe("asks EFS", () => {
    const arn = "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-11111111";
    const roleArn = "arn:aws:iam::1:role/efs-node";
    const reachable = [
      ...[...drivers, accessPoint, cluster, target, rule],
      record("efs/fileSystem", "fs-11111111", { arn }),
      record("iam/role", "efs-node", { arn: roleArn, assumeRolePolicy: trustOfPods }),
    ];
    const statement = (fields: Fields) => ({ Principal: { AWS: "*" }, Action: "*", Resource: arn, ...fields });
    const onlyTls = statement({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
    const everyone = statement({
      Effect: "Allow",
      Action: ["elasticfilesystem:ClientMount"],
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    });
    const policy = (...Statement: Fields[]) =>
      record("efs/fileSystemPolicy", "fs-11111111", { fileSystemId: "fs-11111111", policy: document(...Statement) });
    const association = record("eks/podIdentityAssociation", "a-node", {
      serviceAccount: "efs-csi-node-sa",
      roleArn,
    });
    const attached = record("iam/rolePolicyAttachment", "x", {
      role: "efs-node",
      policyArn: "arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess",
    });
    const answer = async (there: AwsRecord[], spec: Fields = {}) => {
      records(...reachable, ...there);
      fake.existing = ["nginx", "password"];
      fake.calls = [];
      const volume = { ...efsVolume, spec: { ...efsVolume.spec, ...spec } };
      const fresh = { ...pod, metadata: { ...pod.metadata, uid: Math.random().toString() } };
      const seen = clusterWith({ nodes: [node], pods: [fresh], claims: [efsClaim], volumes: [volume] });
      await startPods(fake.api, seen, workingDrivers().running, attempt);
      return fake.calls[0]?.[0] === "merge" ? "mounted" : told();
    };
    const denied = /^MountVolume.SetUp failed for volume "v" : mount.nfs4: access denied by server while mounting/;
    const iam = { mountOptions: ["iam"] };

    it("lets anybody mount where there is no policy, or one that grants it", async () => {
      assert.equal(await answer([]), "mounted");
      assert.equal(await answer([policy(onlyTls, everyone)]), "mounted");
    });
    it("refuses everybody by a rule for TLS that grants nothing", async () => {
      assert.match(await answer([policy(onlyTls)]), denied);
      assert.match(await answer([policy(onlyTls), association, attached]), denied);
    });
    it("lets the driver's role mount with the option iam, if a policy of the role or of the file system allows it", async () => {
      assert.match(await answer([policy(onlyTls), association], iam), denied);
      assert.equal(await answer([policy(onlyTls), association, attached], iam), "mounted");
      const role = statement({ Effect: "Allow", Principal: { AWS: roleArn } });
      assert.equal(await answer([policy(onlyTls, role), association], iam), "mounted");
      assert.match(await answer([policy(onlyTls, role), association]), denied);
    });
    it("refuses a mount that isn't encrypted", async () => {
      const csi = { ...efsVolume.spec?.csi, volumeAttributes: { encryptInTransit: "false" } };
      assert.match(await answer([policy(onlyTls, everyone)], { csi }), denied);
    });
  });

  const everyPort = { ipProtocol: "-1", fromPort: undefined, toPort: undefined };
  for (const [what, way] of [
    ["", rule],
    [", with a rule for every protocol", varied(rule, everyPort)],
    [", with a rule for a range of ports", varied(rule, { fromPort: 1024, toPort: 65535 })],
  ] as const) {
    it(`starts a pod that has all it needs${what}`, async () => {
      records(...drivers, accessPoint, cluster, target, way, subnet, vpcWith({}));
      fake.existing = ["nginx", "password"];
      await start();
      assert.deepEqual(fake.calls, [
        ["merge", "assets-1", { metadata: { annotations: { "eks-storage.local/started": "true" } } }],
      ]);
    });
  }
});
