import assert from "node:assert/strict";
import { Cloud } from "../../aws/account";
import { type AwsRecord, token } from "../../aws/records";
import { refusal, type Rule, rules } from "../../aws/apiErrors";
import type { Properties } from "../../plugins/plugin";
import { type Case, record } from "./apiErrorCases";
import { alarmCases } from "./cloudwatch/apiErrors.spec";
import { efsCases } from "./efs/apiErrors.spec";
import { clusterCases } from "./eks/apiErrors.spec";
import { networkCases } from "./ec2/apiErrors.spec";

const ACCOUNT = "111122223333";
const cluster = (properties: Properties = {}) =>
  record("eks/cluster", "c", { name: "c", version: "1.35", ...properties });
const clusterIn = (vpcConfig: Properties) => cluster({ vpcConfig });
const group = record("eks/nodeGroup", "c:g", { clusterName: "c", nodeRoleArn: "arn:aws:iam::1:role/nodes" });
const vpc = record("ec2/vpc", "vpc-1");
const subnet = record("ec2/subnet", "subnet-1", { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24", availabilityZone: "a" });
const securityGroup = record("ec2/securityGroup", "sg-1", { vpcId: "vpc-1", name: "one" });
const role = record("iam/role", "nodes", { name: "nodes" });
const files = record("efs/fileSystem", "fs-1");
const target = record("efs/mountTarget", "fsmt-1", {
  fileSystemId: "fs-1",
  subnetId: "subnet-1",
  securityGroups: ["sg-1"],
  availabilityZoneName: "a",
});
const internetGateway = record("ec2/internetGateway", "igw-1", { vpcId: "vpc-1" });
const nat = record("ec2/natGateway", "nat-1", { subnetId: "subnet-1", allocationId: "eipalloc-1" });
const attachment = (policyArn: string) =>
  record("iam/rolePolicyAttachment", `nodes/${policyArn}`, { role: "nodes", policyArn });
const attachments = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"].map(
  (policy) => attachment(`arn:aws:iam::aws:policy/${policy}`),
);
const sgRule = (type: string) => record(type, "rule-1", { securityGroupId: "sg-1" });
const bucket = (properties: Properties = {}) => record("s3/bucket", "images", { bucket: "images", ...properties });
const bucketPolicy = (Resource: string | string[]) =>
  record("s3/bucketPolicy", "images", { bucket: "images", policy: JSON.stringify({ Statement: [{ Resource }] }) });
const accessPoint = (path: string) =>
  record("efs/accessPoint", "fsap-1", { fileSystemId: "fs-1", rootDirectory: { path } });

const vault = record("backup/vault", "v", { name: "v" });
const lock = (properties: Properties) =>
  record("backup/vaultLockConfiguration", "v", { backupVaultName: "v", ...properties });
const point = (properties: Properties = {}) =>
  record("backup/recoveryPoint", "arn:point", { backupVaultName: "v", creationDate: daysAgo(5), ...properties });
const plan = (lifecycle: Properties) => record("backup/plan", "plan-1", { rules: [{ lifecycle }] });
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Created twice: each beside what it refers to. */
const twice: [AwsRecord, AwsRecord[], RegExp][] = [
  [sgRule("vpc/securityGroupIngressRule"), [securityGroup], /^InvalidPermission.Duplicate/],
  [
    nat,
    [{ ...subnet, id: "subnet-1" }, internetGateway],
    /^Resource.AlreadyAssociated: Elastic IP address \[eipalloc-1\]/,
  ],
  [record("ec2/route", "r", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" }), [], /^RouteAlreadyExists/],
  [
    record("ec2/routeTableAssociation", "x", { routeTableId: "rtb-1", subnetId: "subnet-1" }),
    [],
    /^Resource.AlreadyAssociated: the specified association for route table rtb-1/,
  ],
  [securityGroup, [], /^InvalidGroup.Duplicate: The security group 'one' already exists for VPC 'vpc-1'/],
  [record("ec2/launchTemplate", "lt-1", { name: "n" }), [], /^InvalidLaunchTemplateName.AlreadyExistsException/],
  [role, [], /^EntityAlreadyExists: Role with name nodes already exists/],
  [record("efs/fileSystem", "fs-1", { creationToken: "files" }), [], /^FileSystemAlreadyExists: .*token 'files'/],
  [
    record("eks/nodeGroup", "c:g", { clusterName: "c", nodeGroupName: "g" }),
    [cluster()],
    /^ResourceInUseException: NodeGroup already exists with name g and cluster name c/,
  ],
  [record("cloudwatch/logGroup", "/aws/x", { name: "/aws/x" }), [], /^ResourceAlreadyExistsException/],
  [
    clusterIn({ subnetIds: ["subnet-1", "subnet-2"] }),
    [subnet, { ...subnet, id: "subnet-2", properties: { availabilityZone: "b" } }],
    /^ResourceInUseException: Cluster already exists with name: c/,
  ],
  [
    record("eks/addon", "c:coredns", { clusterName: "c", addonName: "coredns" }),
    [cluster()],
    /^ResourceInUseException: Addon/,
  ],
  [
    record("kms/alias", "alias/shop", { name: "alias/shop" }),
    [],
    /^AlreadyExistsException: An alias with the name alias\/shop/,
  ],
  [vault, [], /^AlreadyExistsException: Backup vault with the same name/],
  [record("ssm/parameter", "/shop/mysql", { name: "/shop/mysql" }), [], /^ParameterAlreadyExists: /],
  [bucket(), [], /^BucketAlreadyOwnedByYou: /],
  [
    record("eks/podIdentityAssociation", "a-1", { clusterName: "c", namespace: "kube-system", serviceAccount: "efs" }),
    [cluster()],
    /^ResourceInUseException: Association already exists for kube-system\/efs/,
  ],
  [
    record("eks/accessEntry", "c:ci", { clusterName: "c", principalArn: "ci" }),
    [cluster()],
    /already in use on this cluster.\n/,
  ],
];

const cases: Case[] = [
  ...alarmCases,
  ...efsCases,
  ...networkCases,
  ...clusterCases,
  ...twice.map(([thing, others, refused]): Case => {
    return { on: "create", thing, others: [...others, { ...thing, id: "other" }], refused, accepted: { others } };
  }),
  ...[subnet, securityGroup, internetGateway].map((left): Case => {
    const refused = /^DependencyViolation: The vpc 'vpc-1' has dependencies/;
    return { on: "delete", thing: vpc, others: [left], refused };
  }),
  // Each of them has a network interface in the subnet.
  ...[target, nat, { ...group, properties: { subnetIds: ["subnet-1"] } }, clusterIn({ subnetIds: ["subnet-1"] })].map(
    (left): Case => {
      return { on: "delete", thing: subnet, others: [left], refused: /^DependencyViolation: The subnet 'subnet-1'/ };
    },
  ),
  {
    on: "delete",
    thing: record("ec2/routeTable", "rtb-1"),
    others: [record("ec2/routeTableAssociation", "x", { routeTableId: "rtb-1" })],
    refused: /^DependencyViolation: The routeTable 'rtb-1'/,
  },
  ...[target, clusterIn({ securityGroupIds: ["sg-1"] })].map((left): Case => {
    const refused = /^DependencyViolation: resource sg-1 has a dependent/;
    return { on: "delete", thing: securityGroup, others: [left], refused };
  }),
  {
    on: "delete",
    thing: securityGroup,
    others: [
      record("vpc/securityGroupIngressRule", "r", { securityGroupId: "sg-2", referencedSecurityGroupId: "sg-1" }),
    ],
    refused: /a rule of another group names it/,
    accepted: { others: [sgRule("vpc/securityGroupIngressRule")] },
  },
  {
    on: "delete",
    thing: record("ec2/internetGateway", "igw-1", { vpcId: "vpc-1" }),
    others: [nat, subnet],
    refused: /^DependencyViolation: Network vpc-1 has some mapped public address/,
  },
  { on: "delete", thing: record("ec2/eip", "eipalloc-1"), others: [nat], refused: /^InvalidIPAddress.InUse/ },
  {
    on: "delete",
    thing: role,
    others: [attachment("arn")],
    refused: /^DeleteConflict: .*must detach all policies first/,
  },
  {
    on: "delete",
    thing: role,
    others: [record("iam/rolePolicy", "nodes:p", { role: "nodes" })],
    refused: /^DeleteConflict: .*must delete policies first/,
  },
  { on: "delete", thing: files, others: [target], refused: /^FileSystemInUse: File system 'fs-1' has mount targets/ },
  {
    on: "delete",
    thing: files,
    others: [accessPoint("/a")],
    refused: /^FileSystemInUse: File system 'fs-1' has access points/,
  },
  {
    on: "delete",
    thing: cluster(),
    others: [group],
    refused: /^ResourceInUseException: Cluster has nodegroups attached/,
  },
  {
    on: "delete",
    thing: cluster({ deletionProtection: true }),
    refused: /^InvalidRequestException: .*deletion protection/,
    accepted: { thing: cluster() },
  },
  {
    on: "create",
    thing: record("eks/addon", "c:x", { clusterName: "c", addonName: "x" }),
    refused: /^ResourceNotFoundException: No cluster found for name: c/,
    accepted: { others: [cluster()] },
  },
  ...(["create", "change"] as const).map((on): Case => {
    const thing = (throughputMode: string) =>
      record("efs/fileSystem", "fs-1", { performanceMode: "maxIO", throughputMode });
    return { on, thing: thing("elastic"), refused: /^BadRequest: Max I\/O/, accepted: { thing: thing("bursting") } };
  }),
  {
    on: "create",
    thing: { ...target, id: "fsmt-2" },
    others: [files, subnet, securityGroup, target],
    refused: /^MountTargetConflict: mount target already exists in this AZ/,
    accepted: { others: [files, subnet, securityGroup] },
  },
  ...["/a/b/c/d/e", "/a/", `/${"a".repeat(100)}`].map((path): Case => {
    const refused = /^ValidationException: The root directory's path/;
    return {
      on: "create",
      thing: accessPoint(path),
      others: [files],
      refused,
      accepted: { thing: accessPoint("/a/b/c/d") },
    };
  }),
  ...["Images", "im", "images-", "i".repeat(64)].map((name): Case => {
    const thing = bucket({ bucket: name });
    return { on: "create", thing, refused: /^InvalidBucketName: /, accepted: { thing: bucket() } };
  }),
  {
    on: "delete",
    thing: bucket(),
    others: [record("s3/object", "images/a.jpg", { bucket: "images" })],
    refused: /^BucketNotEmpty: The bucket you tried to delete is not empty/,
    accepted: { thing: bucket({ forceDestroy: true }) },
  },
  ...["Versioning", "Policy", "PublicAccessBlock"].map((setting): Case => {
    const thing = { ...bucketPolicy("arn:aws:s3:::images"), type: token(`s3/bucket${setting}`) };
    return { on: "create", thing, refused: /^NoSuchBucket: /, accepted: { others: [bucket()] } };
  }),
  ...(["create", "change"] as const).map((on): Case => {
    const thing = (resource: string) => bucketPolicy(["arn:aws:s3:::images", resource]);
    const accepted = { thing: thing("arn:aws:s3:::images/*") };
    return { on, thing: thing("arn:aws:s3:::images2/*"), others: [bucket()], refused: /^MalformedPolicy: /, accepted };
  }),
  // Two minor versions up, and one down.
  ...["1.34", "1.37"].map((version): Case => {
    return {
      on: "change",
      thing: cluster({ version: "1.36" }),
      olds: { version },
      refused: /^InvalidParameterException: Unsupported Kubernetes minor version update to 1.36/,
      accepted: { thing: cluster({ version: "1.36" }) },
    };
  }),
  {
    on: "change",
    thing: clusterIn({ subnetIds: ["subnet-1"] }),
    olds: { version: "1.35", vpcConfig: { subnetIds: ["subnet-2"] } },
    others: [subnet, { ...subnet, id: "subnet-2", properties: { availabilityZone: "b" } }],
    refused: /^InvalidParameterException: The subnets provided don't belong to the exact set of AZs/,
    accepted: { others: [subnet, { ...subnet, id: "subnet-2" }] },
  },
  {
    on: "create",
    thing: record("eks/accessEntry", "c:x", {
      clusterName: "c",
      principalArn: `arn:aws:iam::${ACCOUNT}:role/local-deployer`,
    }),
    others: [cluster()],
    refused: /^ResourceInUseException: .*its creator has one/,
    accepted: { thing: record("eks/accessEntry", "c:ci", { clusterName: "c", principalArn: "ci" }) },
  },
  {
    on: "create",
    thing: record("eks/accessEntry", "c:nodes", { clusterName: "c", principalArn: group.properties.nodeRoleArn }),
    others: [cluster(), group],
    refused: /^ResourceInUseException: .*and so have its nodes/,
    // Nodes of another cluster have their entry there.
    accepted: { others: [cluster(), { ...group, properties: { ...group.properties, clusterName: "d" } }] },
  },
  ...(["create", "change"] as const).map((on): Case => {
    const thing = (version: string) => ({
      ...group,
      id: "c:h",
      properties: { ...group.properties, nodeGroupName: "h", version },
    });
    const refused = /^InvalidParameterException: Requested Nodegroup version 1.36/;
    return { on, thing: thing("1.36"), others: [cluster()], refused, accepted: { thing: thing("1.35") } };
  }),
  {
    on: "settle",
    thing: group,
    others: [cluster(), ...attachments.slice(1)],
    refused: /^NodeCreationFailure: .*lacks a policy/,
    accepted: { others: [cluster(), ...attachments] },
  },
  {
    on: "settle",
    thing: group,
    others: [cluster({ bootstrapSelfManagedAddons: false }), ...attachments],
    refused: /^NodeCreationFailure: .*no add-on vpc-cni/,
    accepted: { others: [cluster(), ...attachments] },
  },
  {
    on: "settle",
    thing: record("eks/addon", "c:coredns", { clusterName: "c", addonName: "coredns" }),
    others: [{ ...group, status: "CREATING" }],
    refused: /^InsufficientNumberOfReplicas: The add-on coredns is DEGRADED/,
    accepted: { others: [group] },
  },
];

cases.push(
  { on: "delete", thing: vault, others: [point()], refused: /^InvalidRequestException: .*contains recovery points/ },
  {
    on: "delete",
    thing: plan({}),
    others: [record("backup/selection", "s", { planId: "plan-1" })],
    refused: /^InvalidRequestException: Related backup plan selections/,
  },
  {
    on: "delete",
    thing: point(),
    others: [vault, lock({ minRetentionDays: 6 })],
    refused: /^InvalidRequestException: Recovery point arn:point is younger/,
    accepted: { others: [vault, lock({ minRetentionDays: 4 })] },
  },
  ...[{ deleteAfterDays: 6 }, { deleteAfterDays: 366 }, {}].map((properties): Case => {
    return {
      on: "create",
      thing: point(properties),
      others: [vault, lock({ minRetentionDays: 7, maxRetentionDays: 365 })],
      refused: /^InvalidRequestException: Retention is outside the minimum and maximum of the Vault Lock of v/,
      accepted: { thing: point({ deleteAfterDays: 7 }) },
    };
  }),
  ...[
    { changeableForDays: 2 },
    { minRetentionDays: 0 },
    { maxRetentionDays: 36501 },
    { minRetentionDays: 8, maxRetentionDays: 7 },
  ].map((wrong): Case => {
    const thing = lock({ changeableForDays: 3, minRetentionDays: 1, maxRetentionDays: 36500 });
    return { on: "create", thing: lock(wrong), refused: /^InvalidParameterValueException: Ch/, accepted: { thing } };
  }),
  ...(["create", "delete"] as const).map((on): Case => {
    const refused = /^InvalidRequestException: Vault Lock configuration of v cannot be changed or deleted/;
    const accepted = { others: [vault, lock({ lockDate: daysAgo(-1) })] };
    return { on, thing: lock({}), others: [vault, lock({ lockDate: daysAgo(1) })], refused, accepted };
  }),
  ...(["create", "change"] as const).flatMap((on) =>
    [{ deleteAfter: 0 }, { deleteAfter: 119, coldStorageAfter: 30 }].map((wrong): Case => {
      const accepted = { thing: plan({ deleteAfter: 120, coldStorageAfter: 30 }) };
      return { on, thing: plan(wrong), refused: /^InvalidParameterValueException: Lifecycle/, accepted };
    }),
  ),
  {
    on: "create",
    thing: record("backup/selection", "s", { planId: "plan-1", iamRoleArn: "arn:role" }),
    others: [plan({}), record("iam/role", "r", { arn: "arn:role", assumeRolePolicy: "ec2.amazonaws.com" })],
    refused: /^InvalidParameterValueException: IAM Role arn:role cannot be assumed by AWS Backup/,
    accepted: { others: [record("iam/role", "r", { arn: "arn:role", assumeRolePolicy: '"backup.amazonaws.com"' })] },
  },
);

const typeName = (type: string) => type.split(":")[1]!;

describe("what the AWS stand-in refuses", () => {
  for (const { on, thing, others = [], olds = {}, refused, accepted } of cases) {
    const beside = [...new Set(others.map(({ type }) => typeName(type)))].join(", ");
    it(`${on} ${typeName(thing.type)}${beside && ` beside ${beside}`}: ${refused.source}`, () => {
      const words = refusal(on, typeName(thing.type), { ...thing, olds }, new Cloud(others, ACCOUNT));
      assert.match(words ?? "nothing", refused);
      assert.match(words!, /\nhttps:\/\/docs\.aws\.amazon\.com\//);
      const right = accepted?.thing ?? thing;
      const around = accepted?.others ?? (accepted?.thing ? others : []);
      const before = { version: "1.35", ...olds, ...(accepted?.thing && { version: "1.35" }) };
      const accepts = refusal(on, typeName(right.type), { ...right, olds: before }, new Cloud(around, ACCOUNT));
      assert.equal(accepts, undefined);
    });
  }

  it("has a case for each rule", () => {
    const tested = (rule: Rule) =>
      cases.some(({ on, thing, others = [], olds = {} }) => {
        const isIts = rule.on === on && token(rule.type) === thing.type;
        return isIts && rule.when({ ...thing, olds }, new Cloud(others, ACCOUNT));
      });
    // One rule each, whatever it is that refers to a cluster or a bucket.
    const untested = rules.filter(
      (rule) => !tested(rule) && !["ResourceNotFoundException", "NoSuchBucket"].includes(rule.error),
    );
    assert.deepEqual(untested, []);
  });
});
