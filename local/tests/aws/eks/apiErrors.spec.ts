import { eks } from "../../../aws/eks";
import type { AwsRecord } from "../../../aws/records";
import { ACCOUNT, type Case, record, testApiErrors } from "../../support/apiErrorCases";
import { policy } from "../../support/policies";
import { cluster, clusterIn, nodeGroup, nodePolicies, subnet, wayOut } from "../../support/awsResources";

const subnetIn = (id: string, availabilityZone: string) => record("ec2/subnet", id, { availabilityZone });
const group = { ...nodeGroup, properties: { ...nodeGroup.properties, subnetIds: ["subnet-11111111"] } };
const entry = (principalArn: unknown) =>
  record("eks/accessEntry", `c:${String(principalArn)}`, { clusterName: "c", principalArn });
const association = record("eks/accessPolicyAssociation", "x", { clusterName: "c", principalArn: "ci" });
const identity = record("eks/podIdentityAssociation", "a-1", {
  ...{ clusterName: "c", namespace: "kube-system", serviceAccount: "efs" },
});
const addon = (addonName: string, configurationValues?: string) =>
  record("eks/addon", `c:${addonName}`, { clusterName: "c", addonName, configurationValues });
const newGroup = (version = "1.35") => ({
  ...nodeGroup,
  id: "c:h",
  properties: { ...nodeGroup.properties, nodeGroupName: "h", version },
});
const twoZones = clusterIn({ subnetIds: ["subnet-11111111", "subnet-22222222"] });
const zones = [subnet, subnetIn("subnet-22222222", "b")];

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/k";
const AUTO_SCALING =
  `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/` + "AWSServiceRoleForAutoScaling";
const grant = { keyId: KEY, granteePrincipal: AUTO_SCALING, operations: "Decrypt CreateGrant" };
const everything = (AWS: string) => ({ Effect: "Allow", Principal: { AWS }, Action: "kms:*", Resource: "*" });
const policyForAutoScaling = policy(everything(`arn:aws:iam::${ACCOUNT}:root`), everything(AUTO_SCALING));
/** Its own policy lets IAM decide, which isn't enough: nobody can give that role a policy. */
const customersDefault = [
  record("ebs/defaultKmsKey", "eu-west-1", { region: "eu-west-1", keyArn: KEY }),
  record("kms/key", "k", { arn: KEY, policy: policy(everything(`arn:aws:iam::${ACCOUNT}:root`)) }),
];

/** Created twice: each beside what it refers to. */
const twice: [operation: string, AwsRecord, existing: AwsRecord[], RegExp][] = [
  ["CreateCluster", twoZones, zones, /^ResourceInUseException: Cluster already exists with name: c/],
  [
    "CreateNodegroup",
    record("eks/nodeGroup", "c:g", { clusterName: "c", nodeGroupName: "g" }),
    [cluster()],
    /^ResourceInUseException: NodeGroup already exists with name g and cluster name c/,
  ],
  ["CreateAddon", addon("coredns"), [cluster()], /^ResourceInUseException: Addon/],
  [
    "CreatePodIdentityAssociation",
    identity,
    [cluster()],
    /^ResourceInUseException: Association already exists for kube-system\/efs/,
  ],
  ["CreateAccessEntry", entry("ci"), [cluster()], /already in use on this cluster.\n/],
];

const withoutCluster: [operation: string, AwsRecord, existing: AwsRecord[]][] = [
  ["CreateNodegroup", newGroup(), []],
  ["CreateAddon", addon("x"), []],
  ["CreatePodIdentityAssociation", identity, []],
  ["CreateAccessEntry", entry("ci"), []],
  ["AssociateAccessPolicy", association, [entry("ci")]],
];

testApiErrors("EKS", eks, [
  ...twice.map(([operation, request, existing, refused]): Case => {
    const other = { ...request, id: "other" };
    return { operation, request, existing: [...existing, other], refused, accepted: { existing } };
  }),
  ...withoutCluster.map(([operation, request, existing]): Case => {
    const refused = /^ResourceNotFoundException: No cluster found for name: c/;
    return { operation, request, existing, refused, accepted: { existing: [...existing, cluster()] } };
  }),
  {
    operation: "DescribeCluster",
    request: cluster(),
    refused: /^ResourceNotFoundException: No cluster found for name: c/,
    accepted: { existing: [cluster()] },
  },
  {
    operation: "CreateCluster",
    request: twoZones,
    existing: [subnetIn("subnet-11111111", "a"), subnetIn("subnet-22222222", "a")],
    refused: /^InvalidParameterException: Subnets specified must be in at least two different AZs/,
    accepted: { existing: zones },
  },
  // In this account az3 is c, and az2 b.
  ...["us-east-1c", "us-west-1b", "ca-central-1c"].map((zone): Case => {
    const other = subnetIn("subnet-11111111", zone.replace(/.$/, "a"));
    return {
      operation: "CreateCluster",
      request: twoZones,
      existing: [other, subnetIn("subnet-22222222", zone)],
      refused: new RegExp(
        `^UnsupportedAvailabilityZoneException: Cannot create cluster 'c' because ${zone}, the targeted`,
      ),
      accepted: { existing: [other, subnetIn("subnet-22222222", zone.replace(/.$/, "d"))] },
    };
  }),
  // Two minor versions up, and one down.
  ...["1.34", "1.37"].map((version): Case => {
    return {
      operation: "UpdateClusterVersion",
      request: cluster({ version: "1.36" }),
      olds: { version },
      refused: new RegExp(
        `^InvalidParameterException: Unsupported Kubernetes minor version update from ${version} to 1.36`,
      ),
      accepted: { request: cluster({ version: "1.36" }) },
    };
  }),
  // EKS has upgraded it by itself since.
  {
    operation: "UpdateClusterVersion",
    request: cluster({ version: "1.36" }),
    olds: { version: "1.35" },
    existing: [cluster({ version: "1.36" })],
    refused: /^InvalidParameterException: Unsupported Kubernetes minor version update from 1.36 to 1.36/,
    accepted: { existing: [cluster({ version: "1.35" })] },
  },
  {
    operation: "UpdateClusterConfig",
    request: clusterIn({ subnetIds: ["subnet-11111111"] }),
    olds: { vpcConfig: { subnetIds: ["subnet-22222222"] } },
    existing: zones,
    refused: /^InvalidParameterException: The subnets provided don't belong to the exact set of AZs/,
    accepted: { existing: [subnet, { ...subnet, id: "subnet-22222222" }] },
  },
  {
    operation: "DeleteCluster",
    request: cluster(),
    existing: [nodeGroup],
    refused: /^ResourceInUseException: Cluster has nodegroups attached/,
  },
  {
    operation: "DeleteCluster",
    request: cluster({ deletionProtection: true }),
    refused: /^InvalidRequestException: .*deletion protection/,
    accepted: { request: cluster() },
  },
  {
    operation: "AssociateAccessPolicy",
    request: association,
    existing: [cluster(), entry("other")],
    refused: /^ResourceNotFoundException: The specified principalArn ci could not be found/,
    accepted: { existing: [cluster(), entry("ci")] },
  },
  {
    operation: "CreateAccessEntry",
    request: entry(`arn:aws:iam::${ACCOUNT}:role/local-deployer`),
    existing: [cluster()],
    refused: /^ResourceInUseException: .*its creator has one/,
    accepted: { request: entry("ci") },
  },
  {
    operation: "CreateAccessEntry",
    request: entry(nodeGroup.properties.nodeRoleArn),
    existing: [cluster(), nodeGroup],
    refused: /^ResourceInUseException: .*and so have its nodes/,
    // Nodes of another cluster have their entry there.
    accepted: { existing: [cluster(), { ...nodeGroup, properties: { ...nodeGroup.properties, clusterName: "d" } }] },
  },
  ...["CreateNodegroup", "UpdateNodegroupVersion"].map((operation): Case => {
    return {
      operation,
      request: newGroup("1.36"),
      existing: [cluster()],
      refused: /^InvalidParameterException: Requested Nodegroup version 1.36/,
      accepted: { request: newGroup() },
    };
  }),
  ...["not JSON", '{"node":{"volumeAttachLimits":25}}', '{"region":"eu-west-1"}'].map((values): Case => {
    const right =
      '{"controller":{"region":"eu-west-1","extraVolumeTags":{"team":"shop"}},"node":{"volumeAttachLimit":25}}';
    return {
      operation: "CreateAddon",
      request: addon("aws-ebs-csi-driver", values),
      existing: [cluster()],
      refused: /^InvalidParameterException: ConfigurationValue provided in request is not supported/,
      accepted: { request: addon("aws-ebs-csi-driver", right) },
    };
  }),
  {
    operation: "UpdateAddon",
    request: addon("vpc-cni", '{"enableNetworkPolicies":"true"}'),
    existing: [cluster()],
    refused: /^InvalidParameterException: ConfigurationValue provided in request is not supported/,
    accepted: { request: addon("vpc-cni", '{"enableNetworkPolicy":"true"}') },
  },
  // Without a gateway, without the route to it, without the table that has the route.
  ...wayOut.map((missing): Case => {
    return {
      operation: "DescribeNodegroup",
      request: group,
      existing: [cluster(), ...nodePolicies, ...wayOut.filter((part) => part !== missing)],
      refused: /^NodeCreationFailure: .*a subnet of theirs has no route to the internet/,
      accepted: { existing: [cluster(), ...nodePolicies, ...wayOut] },
    };
  }),
  // Without each of the policies.
  ...nodePolicies.map((missing): Case => {
    return {
      operation: "DescribeNodegroup",
      request: group,
      existing: [cluster(), ...wayOut, ...nodePolicies.filter((policy) => policy !== missing)],
      refused: /^NodeCreationFailure: .*lacks a policy/,
      accepted: { existing: [cluster(), ...nodePolicies, ...wayOut] },
    };
  }),
  {
    operation: "DescribeNodegroup",
    request: nodeGroup,
    existing: [cluster({ bootstrapSelfManagedAddons: false }), ...nodePolicies],
    refused: /^NodeCreationFailure: .*no add-on vpc-cni/,
    accepted: { existing: [cluster(), ...nodePolicies] },
  },
  // No key is named: the account's default is a customer's.
  ...[
    { encrypted: "true", refused: customersDefault },
    { encrypted: "true", kmsKeyId: KEY, refused: [] },
    {
      encrypted: "true",
      refused: [customersDefault[0]!, record("kms/grant", "g", { ...grant, operations: "Decrypt" })],
    },
    {
      encrypted: "true",
      refused: [customersDefault[0]!, record("kms/grant", "g", { ...grant, granteePrincipal: "x" })],
    },
    {
      encrypted: "true",
      refused: customersDefault,
      accepted: [customersDefault[0]!, record("kms/key", "k", { arn: KEY, policy: policyForAutoScaling })],
    },
    { encrypted: "true", refused: customersDefault, accepted: [] },
  ].map(({ refused, accepted, ...ebs }): Case => {
    const template = record("ec2/launchTemplate", "lt-1", { region: "eu-west-1", blockDeviceMappings: [{ ebs }] });
    const around = [cluster(), ...nodePolicies, ...wayOut, template];
    const allowed = [...customersDefault, record("kms/grant", "g", grant)];
    return {
      operation: "DescribeNodegroup",
      request: { ...group, properties: { ...group.properties, launchTemplate: { id: "lt-1" } } },
      existing: [...around, ...refused],
      refused: /^AsgInstanceLaunchFailures: .*Client\.InvalidKMSKey\.InvalidState/,
      accepted: { existing: [...around, ...(accepted ?? allowed)] },
    };
  }),
  // Without a node: each add-on that has pods other than on every node.
  ...["aws-ebs-csi-driver", "aws-efs-csi-driver", "snapshot-controller", "metrics-server"].map((name): Case => {
    return {
      operation: "DescribeAddon",
      request: addon(name),
      existing: [cluster()],
      refused: new RegExp(`^InsufficientNumberOfReplicas: The add-on ${name} is DEGRADED`),
      accepted: { existing: [cluster(), group] },
    };
  }),
  ...[
    ["kubernetes.io/x", "", "Invalid extra tags: Tag key prefix 'kubernetes\\.io' is reserved"],
    ["CSIVolumeName", "", "Invalid extra tags: Tag key 'CSIVolumeName' is reserved"],
    ["team", "a,b", "malformed pair, expect string=string"],
  ].map(([name, value, says]): Case => {
    const configured = (tags: object) => {
      const it = addon("aws-ebs-csi-driver");
      const configurationValues = JSON.stringify({ controller: { extraVolumeTags: tags } });
      return { ...it, properties: { ...it.properties, configurationValues } };
    };
    return {
      operation: "DescribeAddon",
      request: configured({ [name!]: value }),
      existing: [cluster(), group],
      refused: new RegExp(`^InsufficientNumberOfReplicas: .* its container ebs-plugin ends with "${says}"`),
      accepted: { request: configured({ team: "a b=c" }) },
    };
  }),
  {
    operation: "DescribeAddon",
    request: addon("coredns"),
    existing: [{ ...nodeGroup, status: "CREATING" }],
    refused: /^InsufficientNumberOfReplicas: The add-on coredns is DEGRADED/,
    accepted: { existing: [nodeGroup] },
  },
]);
