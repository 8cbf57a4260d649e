import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "../../components/index";
import { LocalStack } from "./localStack";

const ZONES = ["eu-west-1a", "eu-west-1b"];
const CLUSTER = "wrong";
const VERSION = "v2.1.0-eksbuild.1";
const identity = { uid: 999, gid: 999 };
const retention = storage.Retention.Delete;

/** Nobody here waits ten minutes for pods that never come. */
const withShortTimeouts: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type.endsWith(":Deployment") ? { props, opts: { ...opts, customTimeouts: { create: "10s" } } } : undefined;

/** What every one of these programs does right: a network, a cluster with nodes, the EFS driver. */
function right(allowedAccountIds = ["111101013333"]) {
  const onAws = { provider: new aws.Provider("aws", { region: "eu-west-1", allowedAccountIds }) };
  const given = { providers: [onAws.provider] };
  const network = new storage.Network("wrong", { cidrBlock: "10.0.0.0/16", zones: ZONES, region: "eu-west-1" }, given);
  const { vpcId, privateSubnetIds } = network;
  const cluster = new storage.Cluster(
    "wrong",
    {
      clusterName: CLUSTER,
      kubernetesVersion: "1.35",
      vpcId,
      zones: ZONES,
      controlPlaneZones: ZONES,
      privateSubnetIds,
      apiAccessCidrs: ["198.18.113.0/24"],
      addonVersions: { vpcCni: VERSION, kubeProxy: VERSION, coredns: VERSION, podIdentityAgent: VERSION },
      retention,
    },
    { ...given, dependsOn: [network] },
  );
  const { kubeconfig, clusterName } = cluster;
  const inKubernetes = {
    provider: new kubernetes.Provider("kubernetes", {
      kubeconfig,
      clusterIdentifier: CLUSTER,
      enableServerSideApply: true,
    }),
  };
  const both = { transforms: [withShortTimeouts], providers: [onAws.provider, inKubernetes.provider] };
  const driver = new storage.CsiDriver(
    "efs",
    { kind: storage.CsiDriverKind.Efs, clusterName, kubeconfig, version: VERSION, region: "eu-west-1" },
    { ...both, dependsOn: [cluster] },
  );

  const fileSystem = (name: string, opts: pulumi.ComponentResourceOptions = {}) =>
    new storage.FileSystem(
      name,
      {
        vpcId,
        zones: ZONES,
        subnetIds: privateSubnetIds,
        accessPoints: { assets: { path: "/assets", identity } },
        retention,
      },
      { ...given, ...opts },
    );
  const open = (name: string, { securityGroupId }: storage.FileSystem) =>
    new storage.FileSystemClients(name, { securityGroupId, clients: { nodes: cluster.nodeSecurityGroupId } }, given);
  const assets = (
    name: string,
    fileSystemId: pulumi.Input<string>,
    accessPointId: pulumi.Input<string>,
    dependsOn: pulumi.Resource[],
  ) =>
    new storage.Assets(
      name,
      {
        namespace: name,
        image: "assets:1.0",
        replicas: 1,
        identity,
        efs: { fileSystemId, accessPointId, path: "/assets" },
      },
      { ...both, dependsOn: [driver, ...dependsOn] },
    );
  return { onAws, inKubernetes, network, cluster, fileSystem, open, assets };
}

type Right = ReturnType<typeof right>;

const claimOn = (storageClassName: string, { inKubernetes }: Right, dependsOn: pulumi.Resource[]) =>
  new kubernetes.core.v1.PersistentVolumeClaim(
    "data",
    {
      metadata: { name: "data", namespace: "default" },
      spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    { ...inKubernetes, dependsOn, customTimeouts: { create: "10s" } },
  );

/** A class that binds at once, of a driver that this program may have or not. */
const classOf = (provisioner: string, { inKubernetes }: Right) =>
  new kubernetes.storage.v1.StorageClass("data", { metadata: { name: "data" }, provisioner }, inKubernetes);

describe("a wrong program", function () {
  this.timeout("3m");
  const stack = new LocalStack("dev");

  async function up(program: (made: Right) => unknown): Promise<void> {
    stack.program = async () => program(right()) as Record<string, unknown>;
    await stack.up();
  }
  const refused = (program: (made: Right) => unknown, why: RegExp) => assert.rejects(up(program), why);

  before(() => stack.start());
  after(() => stack.stop());

  it("of another account is refused before anything is made", async () => {
    stack.program = async () => void right(["999999999999"]);
    await assert.rejects(stack.up(), /AWS account ID not allowed: 111101013333/);
    assert.deepEqual(stack.awsTypes(), []);
    await up(() => ({}));
  });

  it("with a claim but no driver: the claim stays pending, and the controller-manager tells what it waits for", async () => {
    await refused((made) => {
      claimOn("data", made, [classOf("ebs.csi.aws.com", made)]);
    }, /PersistentVolumeClaim default\/data was created, but is not ready after 10 s:\s+- the claim is Pending, not Bound/);
    const events = stack.kubectl("get", "events", "--field-selector", "involvedObject.name=data", "--output", "json");
    const reasons = events.items.map(({ reason, message }: any) => `${reason}: ${message}`);
    assert.match(reasons.join("\n"), /^ExternalProvisioning: Waiting for a volume to be created .*'ebs.csi.aws.com'/);
  });

  it("that deletes a driver before its volumes leaks them, and nobody is told", async () => {
    const driver = ({ onAws, cluster }: Right) => {
      const { clusterName } = cluster;
      const common = { ...onAws, dependsOn: [cluster] };
      const Principal = { Service: "pods.eks.amazonaws.com" };
      const Statement = [{ Effect: "Allow" as const, Principal, Action: ["sts:AssumeRole", "sts:TagSession"] }];
      const assumeRolePolicy = { Version: "2012-10-17" as const, Statement };
      const { arn: roleArn, name: role } = new aws.iam.Role("ebs", { assumeRolePolicy }, onAws);
      const policyArn = "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2";
      new aws.iam.RolePolicyAttachment("ebs", { role, policyArn }, onAws);
      const account = { namespace: "kube-system", serviceAccount: "ebs-csi-controller-sa" };
      new aws.eks.PodIdentityAssociation("ebs", { clusterName, roleArn, ...account }, common);
      new aws.eks.Addon("ebs", { clusterName, addonName: "aws-ebs-csi-driver" }, common);
    };
    const data = (made: Right) => void claimOn("data", made, [classOf("ebs.csi.aws.com", made)]);
    await up((made) => {
      driver(made);
      data(made);
    });
    await up(data);
    await up(() => ({}));
    const { aws: inAws, kubernetes: inKubernetes } = await stack.inventory();
    assert.equal(inAws.filter(({ type }) => type === "ebs/volume").length, 1);
    assert.equal(inKubernetes.filter(({ type }) => type === "PersistentVolume").length, 1);
    const { metadata, status } = stack.kubectl("get", "pv", "--output", "json").items[0];
    assert.equal(status.phase, "Released");
    assert.ok(metadata.finalizers.includes("external-provisioner.volume.kubernetes.io/finalizer"));
  });

  it("that deletes a file system before its mount targets is refused", async () => {
    const target = ({ onAws, network }: Right, fileSystemId: pulumi.Input<string>) =>
      new aws.efs.MountTarget("first", { fileSystemId, subnetId: network.privateSubnetIds["eu-west-1a"]! }, onAws);
    const right = (made: Right) => {
      const { id } = new aws.efs.FileSystem("first", {}, made.onAws);
      target(made, id);
      return { id };
    };
    await up(right);
    const id = stack.outputs().id!.value as string;
    await refused((made) => void target(made, id), /FileSystemInUse: File system 'fs-\w+' has mount targets/);
    await up(right);
  });

  it("whose node role has no policies: its nodes never join", async () => {
    stack.environment = { EKS_STORAGE_TIMEOUT_IN_SECONDS: "3" };
    await refused(({ onAws, network, cluster }) => {
      const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "ec2.amazonaws.com" });
      const role = new aws.iam.Role("poor", { assumeRolePolicy }, onAws);
      const args = {
        clusterName: cluster.clusterName,
        nodeRoleArn: role.arn,
        subnetIds: [network.privateSubnetIds["eu-west-1a"]!],
      };
      const scalingConfig = { minSize: 1, desiredSize: 1, maxSize: 1 };
      new aws.eks.NodeGroup("poor", { ...args, scalingConfig }, { ...onAws, dependsOn: [cluster] });
    }, /waiting for EKS wrong:poor-\S+ to become 'ACTIVE': NodeCreationFailure: .*the node role lacks a policy/);
    stack.environment = {};
  });

  it("whose add-on has pods and no nodes: it never gets active, and says why", async () => {
    stack.environment = { EKS_STORAGE_TIMEOUT_IN_SECONDS: "3" };
    await refused(({ onAws, network }) => {
      const subnetIds = ZONES.map((zone) => network.privateSubnetIds[zone]!);
      const roleArn = "arn:aws:iam::111101013333:role/control-plane";
      const { name: clusterName } = new aws.eks.Cluster("bare", { roleArn, vpcConfig: { subnetIds } }, onAws);
      new aws.eks.Addon("bare", { clusterName, addonName: "coredns" }, onAws);
    }, /waiting for EKS bare-\w+:coredns to become 'ACTIVE': InsufficientNumberOfReplicas: The add-on coredns is DEGRADED/);
    stack.environment = {};
  });

  const pods =
    "Deployment (\\S+)/assets was created, but is not ready after 10 s:[^]*FailedMount: MountVolume.SetUp failed";

  it("with a workload but no mount target: its pods wait, with the driver's event", async () => {
    await refused(
      ({ onAws, assets }) => {
        const { id: fileSystemId } = new aws.efs.FileSystem("bare", { encrypted: true }, onAws);
        const rootDirectory = { path: "/assets" };
        const accessPoint = new aws.efs.AccessPoint("bare", { fileSystemId, rootDirectory }, onAws);
        assets("bare", fileSystemId, accessPoint.id, []);
      },
      new RegExp(`${pods}[^]*ensure that the VPC has an EFS mount target for this file system ID \\(none in eu-west-1`),
    );
  });

  it("with port 2049 closed to the nodes: mounts time out", async () => {
    await refused(
      ({ fileSystem, assets }) => {
        const closed = fileSystem("closed");
        assets("closed", closed.fileSystemId, closed.accessPointIds["assets"]!, [closed]);
      },
      new RegExp(`${pods}[^]*mount.nfs4: Connection timed out`),
    );
  });

  it("whose file system wants TLS and grants nothing: nobody may mount", async () => {
    const Effect = "Deny";
    const Condition = { Bool: { "aws:SecureTransport": "false" } };
    const Statement = [{ Effect, Condition, Principal: { AWS: "*" }, Action: "*", Resource: "*" }];
    const onlyTls: pulumi.ResourceTransform = ({ type, props, opts }) =>
      type.endsWith(":FileSystemPolicy")
        ? { props: { ...props, policy: JSON.stringify({ Statement }) }, opts }
        : undefined;
    await refused(
      ({ fileSystem, open, assets }) => {
        const strict = fileSystem("strict", { transforms: [onlyTls] });
        const mounting = open("strict", strict);
        assets("strict", strict.fileSystemId, strict.accessPointIds["assets"]!, [strict, mounting]);
      },
      new RegExp(`${pods}[^]*mount.nfs4: access denied by server while mounting`),
    );
  });

  it("with none of these mistakes works", async () => {
    await up(({ fileSystem, open, assets }) => {
      const files = fileSystem("files");
      const mounting = open("files", files);
      assets("files", files.fileSystemId, files.accessPointIds["assets"]!, [files, mounting]);
    });
  });
});
