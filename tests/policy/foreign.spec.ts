import { mockId } from "../support/mockIds";
import { type Registration, unknown } from "../support/registrations";
import { type Case, hold } from "./cases";
import { resource } from "./resources";

type Links = Partial<Registration>;

const EBS = "ebs.csi.aws.com";
const urns = (some: Registration[]) => some.map(({ urn }) => urn);
const after = (...others: Registration[]): Links => ({ dependencies: urns(others) });
const from = (property: string, ...others: Registration[]): Links => ({
  propertyDependencies: { [property]: urns(others) },
});

const addon = (name: string, links?: Links) =>
  resource("aws:eks/addon:Addon", name, { addonName: "aws-ebs-csi-driver" }, links);
const storageClass = (name: string, links?: Links, metadata: object = {}) =>
  resource(
    "kubernetes:storage.k8s.io/v1:StorageClass",
    name,
    { metadata: { name, ...metadata }, provisioner: EBS },
    links,
  );

/** A component of @pulumi/eks, with the add-on that is in it: programs depend on the component. */
const component = { ...resource("eks:index:Addon", "ebs", {}), custom: false };
const within = addon("ebs-addon", { parent: component.urn, provider: "urn:aws" });
const bucketOfParent = resource("aws:s3/bucket:Bucket", "parent", {}, { provider: "urn:aws" });
const childOfBucket = addon("child", { parent: bucketOfParent.urn, provider: "urn:aws" });
const ofComponents: Case[] = [
  {
    what: "a class after a component that has the add-on",
    policy: "drivers-outlive-volumes",
    resources: [component, within, storageClass("disks", after(component))],
  },
  {
    what: "a class after nothing",
    policy: "drivers-outlive-volumes",
    resources: [component, within, storageClass("disks")],
    violation: /it uses ebs\.csi\.aws\.com, and doesn't depend on Addon ebs-addon$/,
  },
  {
    what: "a class after a resource that is the add-on's parent and no component",
    policy: "drivers-outlive-volumes",
    resources: [bucketOfParent, childOfBucket, storageClass("disks", after(bucketOfParent))],
    violation: /doesn't depend on Addon child$/,
  },
];

/** A cluster with its nodes, its add-on, and a default class, which depends on these. */
function clusterWith(name: string): Registration[] {
  const cluster = resource("aws:eks/cluster:Cluster", name, {});
  const nodes = resource("aws:eks/nodeGroup:NodeGroup", `${name}-nodes`, {}, from("clusterName", cluster));
  const driver = addon(`${name}-ebs`, { ...from("clusterName", cluster), ...after(nodes) });
  const provider = resource("pulumi:providers:kubernetes", `${name}-api`, {}, from("kubeconfig", cluster));
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  const links = { provider: provider.urn, ...after(driver, nodes) };
  return [cluster, nodes, driver, provider, storageClass(`${name}-disks`, links, { annotations })];
}
const [first, second] = [clusterWith("first"), clusterWith("second")];
const apiOf = (cluster: Registration[]) => ({ provider: cluster[3]!.urn });
const labels = { app: "orders" };
const set = (links: Links) => {
  const spec = { serviceName: "orders", template: { metadata: { labels }, spec: { containers: [] } } };
  return resource("kubernetes:apps/v1:StatefulSet", "orders", { metadata: { name: "orders" }, spec }, links);
};
const service = (links: Links) => {
  const spec = { clusterIP: "None", selector: labels };
  return resource("kubernetes:core/v1:Service", "orders", { metadata: { name: "orders" }, spec }, links);
};
const ofTwoClusters: Case[] = [
  { what: "a default class in each of two clusters", policy: "one-default-class", resources: [...first, ...second] },
  {
    what: "two default classes in one of two clusters",
    policy: "one-default-class",
    resources: [
      ...first,
      ...second,
      storageClass("more", apiOf(first), { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }),
    ],
    violation: /^first-disks and more are default classes/,
  },
  {
    what: "classes and add-ons in two clusters",
    policy: "drivers-outlive-volumes",
    resources: [...first, ...second],
  },
  {
    what: "a set whose Service is in the other cluster",
    policy: "stateful-set-headless-service",
    resources: [...first, ...second, set(apiOf(first)), service(apiOf(second))],
    violation: /the stack has no Service orders in its namespace/,
  },
  {
    what: "a set whose Service is by another provider of its cluster",
    policy: "stateful-set-headless-service",
    resources: [...first, ...second, set(apiOf(first)), service({ provider: "urn:of-a-kubeconfig-file" })],
  },
];

const bucket = (inputs: object, former = false) =>
  resource(former ? "aws:s3/bucketV2:BucketV2" : "aws:s3/bucket:Bucket", "receipts", { bucket: "receipts", ...inputs });
const AES256 = { sseAlgorithm: "AES256" };
const locked = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const accountBlock = (inputs: object, links?: Links) =>
  resource("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "account", inputs, links);
const statement = {
  ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" },
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const ofBuckets: Case[] = [
  {
    what: "a bucket's own versioning",
    policy: "bucket-versioned",
    resources: [bucket({ versioning: { enabled: true } })],
  },
  {
    what: "a bucket's own versioning that is off",
    policy: "bucket-versioned",
    resources: [bucket({ versioning: { enabled: false } })],
    violation: /versioning is not Enabled/,
  },
  {
    what: "the former type's own versioning",
    policy: "bucket-versioned",
    resources: [bucket({ versionings: [{ enabled: true }] }, true)],
  },
  {
    what: "a bucket's own encryption",
    policy: "bucket-encrypted",
    resources: [
      bucket({ serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: AES256 } } }),
    ],
  },
  {
    what: "a bucket's own encryption without an algorithm",
    policy: "bucket-encrypted",
    resources: [bucket({ serverSideEncryptionConfiguration: { rule: { bucketKeyEnabled: true } } })],
    violation: /no encryption rule/,
  },
  {
    what: "the former type's own encryption",
    policy: "bucket-encrypted",
    resources: [
      bucket(
        { serverSideEncryptionConfigurations: [{ rules: [{ applyServerSideEncryptionByDefaults: [AES256] }] }] },
        true,
      ),
    ],
  },
  {
    what: "a bucket's own policy",
    policy: "bucket-tls-only",
    resources: [bucket({ policy: JSON.stringify({ Statement: [statement] }) })],
  },
  {
    what: "a bucket's own policy of something else",
    policy: "bucket-tls-only",
    resources: [bucket({ policy: JSON.stringify({ Statement: [] }) })],
    violation: /doesn't deny everything/,
  },
  {
    what: "a bucket of a closed account",
    policy: "bucket-closed",
    resources: [bucket({}), accountBlock(locked)],
  },
  {
    what: "a bucket of an account that is closed in part",
    policy: "bucket-closed",
    resources: [bucket({}), accountBlock({ ...locked, blockPublicAcls: false })],
    violation: /^blockPublicAcls is not true$/,
  },
  {
    what: "a bucket by another provider than the one that closes its account",
    policy: "bucket-closed",
    resources: [bucket({}), accountBlock(locked, { provider: "urn:of-another-account" })],
    violation: /^blockPublicAcls is not true$/m,
  },
];

const selection = (inputs: object) => resource("aws:backup/selection:Selection", "daily", inputs);
const disks = (parameters?: object) =>
  resource("kubernetes:storage.k8s.io/v1:StorageClass", "disks", { provisioner: EBS, parameters });
const tagged = disks({ tagSpecification_1: "backup=daily" });
const ofBackups: Case[] = [
  {
    what: "a class with a tag, for backups of another stack",
    policy: "ebs-class-tagged-for-backup",
    resources: [tagged],
  },
  {
    what: "a class that no backup could find",
    policy: "ebs-class-tagged-for-backup",
    resources: [disks()],
    violation: /it has no tag that a backup plan could select/,
  },
  ...["*", "arn:aws:ec2:*:*:volume/*"].map((arn) => ({
    what: `a class where backups select ${arn}`,
    policy: "ebs-class-tagged-for-backup",
    resources: [disks(), selection({ resources: [arn] })],
  })),
  {
    what: "a class where backups select disks of a tag",
    policy: "ebs-class-tagged-for-backup",
    resources: [
      disks(),
      selection({
        resources: ["arn:aws:ec2:*:*:volume/*"],
        conditions: [{ stringEquals: [{ key: "aws:ResourceTag/backup", value: "daily" }] }],
      }),
    ],
    violation: /its tags are none, and backups select backup=daily/,
  },
  {
    what: "a class where backups select another disk",
    policy: "ebs-class-tagged-for-backup",
    resources: [tagged, selection({ resources: ["arn:aws:ec2:eu-west-1:111101013333:volume/vol-1"] })],
    violation: /no backup selection of this stack names a tag/,
  },
];

/** A VPC with a subnet in a zone, and what is in that subnet. */
function networkIn(name: string, availabilityZone: string) {
  const vpc = resource("aws:ec2/vpc:Vpc", name, {});
  const subnet = resource("aws:ec2/subnet:Subnet", name, { availabilityZone }, from("vpcId", vpc));
  const subnetId = mockId(subnet);
  const nodes = resource("aws:eks/nodeGroup:NodeGroup", name, { subnetIds: [subnetId] }, from("subnetIds", subnet));
  return { all: [vpc, subnet], nodes, subnet, subnetId };
}
const [here, elsewhere] = [networkIn("here", "eu-west-1a"), networkIn("elsewhere", "eu-west-1b")];
const files = resource("aws:efs/fileSystem:FileSystem", "files", {});
const target = resource(
  "aws:efs/mountTarget:MountTarget",
  "here",
  { fileSystemId: mockId(files), subnetId: here.subnetId },
  { propertyDependencies: { fileSystemId: [files.urn], subnetId: [here.subnet.urn] } },
);
const networks = [...here.all, ...elsewhere.all, files, target];
const ofNetworks: Case[] = [
  {
    what: "a file system without a mount target in another VPC",
    policy: "efs-mount-target-per-zone",
    resources: [...networks, here.nodes, elsewhere.nodes],
  },
  {
    what: "a file system without a mount target in its own VPC's zone",
    policy: "efs-mount-target-per-zone",
    resources: [...networks, here.nodes, { ...elsewhere.nodes, ...from("subnetIds", elsewhere.subnet, here.all[0]!) }],
    violation: /mount target/,
  },
];

const ACCOUNT = "111101013333";
const role = (Condition?: object) => {
  const trust = { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole", Condition };
  return resource("aws:iam/role:Role", "readers", { assumeRolePolicy: JSON.stringify({ Statement: [trust] }) });
};
const ofRoles: Case[] = [
  ...[
    { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    { StringEquals: { "aws:principalorgid": "${aws:ResourceOrgID}" } },
    { StringEquals: { "aws:PrincipalAccount": [ACCOUNT, "222202026666"] } },
    { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-1/r-ab12/*" } },
    { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/readers-*` } },
    { StringEquals: { "sts:ExternalId": "1", "aws:PrincipalAccount": ACCOUNT } },
  ].map((condition) => ({
    what: `a role of somebody with the condition ${JSON.stringify(condition)}`,
    policy: "roles-trust-somebody",
    resources: [role(condition)],
  })),
  ...[
    undefined,
    { StringLike: { "aws:PrincipalOrgID": "*" } },
    { StringLike: { "aws:PrincipalOrgID": "o-?*" } },
    { StringEquals: { "aws:PrincipalOrgID": [] } },
    { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
    { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } },
    { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } },
    { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } },
    { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-ab12/*" } },
    { StringLike: { "aws:PrincipalAccount": "1111*" } },
    { StringLike: { "aws:PrincipalAccount": [ACCOUNT, "*"] } },
    { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/readers" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::11110101333?:role/readers" } },
    { StringLike: { "aws:PrincipalArn": `arn:*:iam::${ACCOUNT}:role/readers` } },
    { StringEquals: { "sts:ExternalId": "1" } },
  ].map((condition) => ({
    what: `a role of anybody with the condition ${JSON.stringify(condition)}`,
    policy: "roles-trust-somebody",
    resources: [role(condition)],
    violation: /anybody may assume it/,
  })),
];

const podOf = (spec: object, pod: object = {}) =>
  resource("kubernetes:apps/v1:Deployment", "web", {
    metadata: { name: "web" },
    spec: {
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1", ...spec }], ...pod } },
    },
  });
const variable = (name: string, value: string) => podOf({ env: [{ name, value }] });
const settings = (data: object) => resource("kubernetes:core/v1:ConfigMap", "web", { metadata: { name: "web" }, data });
const ofSecrets: Case[] = [
  ...[
    ["MAX_TOKENS", "4096"],
    ["TOKEN_LIFETIME", "15m"],
    ["PASSWORD_RESET_ENABLED", "true"],
  ].map(([name, value]) => ({
    what: `the variable ${name}=${value}`,
    policy: "no-secret-in-plain-text",
    resources: [variable(name!, value!)],
  })),
  ...[
    ["DB_PASSWORD", "1234"],
    ["TOKENS", "a,b"],
  ].map(([name, value]) => ({
    what: `the variable ${name}=${value}`,
    policy: "no-secret-in-plain-text",
    resources: [variable(name!, value!)],
    violation: new RegExp(`has the value of ${name} in plain text`),
  })),
  {
    what: "numbers in a ConfigMap's keys with dots",
    policy: "no-secret-in-plain-text",
    resources: [settings({ "token.ttl": "30", "password.reset.enabled": "true" })],
  },
  {
    what: "a text in a ConfigMap's key with dots",
    policy: "no-secret-in-plain-text",
    resources: [settings({ "token.ttl": "30", "tokens.of.web": "a,b" })],
    violation: /^data contains tokens\.of\.web$/,
  },
  {
    what: "a value of a ConfigMap that isn't known yet",
    policy: "no-secret-in-plain-text",
    resources: [settings({ "token.ttl": unknown, "tokens.of.web": "a,b" })],
    violation: /^data contains token\.ttl\ndata contains tokens\.of\.web$/,
  },
];

const template = (inputs: object = {}) => resource("aws:ec2/launchTemplate:LaunchTemplate", "machines", inputs);
const machines = template();
const nodeTag = "kubernetes.io/cluster/shop";
const group = (id: unknown, tags: object[] = [], type = "autoscaling/group:Group") =>
  resource(`aws:${type}`, "group", { launchTemplate: { id }, tags }, from("launchTemplate", machines));
const nodeGroup = (id: unknown) => group(id, [], "eks/nodeGroup:NodeGroup");
const ofTemplates: Case[] = [
  ...[
    { what: "of no group", resources: [machines] },
    {
      what: "of a bastion's group",
      resources: [machines, group(mockId(machines), [{ key: "Name", value: "bastion" }])],
    },
    { what: "beside a node group's", resources: [machines, { ...nodeGroup("lt-1"), propertyDependencies: {} }] },
  ].map((it) => ({ ...it, what: `a launch template ${it.what}`, policy: "nodes-keep-their-role" })),
  ...[
    { what: "of a node group", resources: [machines, nodeGroup(mockId(machines))] },
    { what: "of a node group that doesn't know its id yet", resources: [machines, nodeGroup(unknown)], preview: true },
    { what: "of nodes by their group's tag", resources: [machines, group(mockId(machines), [{ key: nodeTag }])] },
    { what: "of nodes by its tags", resources: [template({ tagSpecifications: [{ tags: { [nodeTag]: "owned" } }] })] },
  ].map((it) => ({
    ...it,
    what: `a launch template ${it.what}`,
    policy: "nodes-keep-their-role",
    violation: /^httpTokens is not required\nhttpPutResponseHopLimit is not 1$/,
  })),
];

/** Messages about what is left out have no word for it but that. */
const point = resource("aws:efs/accessPoint:AccessPoint", "images", {});
const volume = (spec: object) =>
  resource("kubernetes:core/v1:PersistentVolume", "images", { metadata: { name: "images" }, spec });
const claim = resource("kubernetes:core/v1:PersistentVolumeClaim", "images", {
  metadata: { name: "images" },
  spec: { volumeName: "images", storageClassName: "" },
});
const csi = { driver: "efs.csi.aws.com", volumeHandle: `fs-1::${mockId(point)}` };
const mounting = podOf(
  { volumeMounts: [{ name: "images", mountPath: "/images" }] },
  { volumes: [{ name: "images", persistentVolumeClaim: { claimName: "images" } }] },
);
const open = resource("aws:ec2/securityGroup:SecurityGroup", "files", { ingress: [{ protocol: "-1" }] });
const onGroup = resource("aws:efs/mountTarget:MountTarget", "files", { securityGroups: [mockId(open)] });
const ofWords: Case[] = [
  {
    what: "a pod without a user on an access point without one",
    policy: "efs-identity-matches-pod",
    resources: [point, volume({ csi }), claim, mounting],
    violation: /^container web runs as its image's user, access point images acts as the user that its client names$/,
  },
  {
    what: "a pod without a profile",
    policy: "pod-restricted",
    resources: [podOf({})],
    violation: /^seccompProfile of container web is left out$/m,
  },
  {
    what: "a claim of a volume that is for no claim",
    policy: "static-volume-bound",
    resources: [volume({ csi }), claim],
    violation: /^its volume images is reserved for no claim$/m,
  },
  {
    what: "a security group of every port",
    policy: "efs-reachable-from-nodes-alone",
    resources: [open, onGroup],
    violation: /^security group files allows every port of every protocol$/m,
  },
  {
    what: "a network policy without a spec",
    policy: "workload-has-network-policy",
    resources: [
      resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "all", { metadata: { name: "all" } }),
      podOf({}),
    ],
    violation: /^no network policy of its namespace selects its pods for Egress$/,
  },
];

describe("policies, on programs that aren't ours", () => {
  describe("of components", () => hold(ofComponents));
  describe("of two clusters", () => hold(ofTwoClusters));
  describe("of buckets", () => hold(ofBuckets));
  describe("of backups", () => hold(ofBackups));
  describe("of networks", () => hold(ofNetworks));
  describe("of roles", () => hold(ofRoles));
  describe("of secrets", () => hold(ofSecrets));
  describe("of launch templates", () => hold(ofTemplates));
  describe("in words", () => hold(ofWords));
});
