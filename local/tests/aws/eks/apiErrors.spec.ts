import { type Case, record } from "../apiErrorCases";
import { wayOut } from "../ec2/apiErrors.spec";

const cluster = record("eks/cluster", "c", { name: "c", version: "1.35" });
const subnet = (id: string, availabilityZone: string) => record("ec2/subnet", id, { availabilityZone });
const arn = "arn:aws:iam::1:role/nodes";
const group = record("eks/nodeGroup", "c:g", { clusterName: "c", nodeRoleArn: arn, subnetIds: ["subnet-1"] });
const attachment = (policy: string) =>
  record("iam/rolePolicyAttachment", policy, { role: "nodes", policyArn: `arn:aws:iam::aws:policy/${policy}` });
const attachments = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"].map(
  attachment,
);
const association = record("eks/accessPolicyAssociation", "x", { clusterName: "c", principalArn: "ci" });
const addon = (addonName: string, configurationValues?: string) =>
  record("eks/addon", `c:${addonName}`, { clusterName: "c", addonName, configurationValues });

export const clusterCases: Case[] = [
  {
    on: "create",
    thing: attachment("service-role/AmazonEBSCSIDriverPolicyV2"),
    refused: /^NoSuchEntity: Policy \S+\/service-role\/AmazonEBSCSIDriverPolicyV2 does not exist/,
    accepted: { thing: attachment("AmazonEBSCSIDriverPolicyV2") },
  },
  {
    on: "create",
    thing: record("eks/cluster", "c", { name: "c", vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } }),
    others: [subnet("subnet-1", "a"), subnet("subnet-2", "a")],
    refused: /^InvalidParameterException: Subnets specified must be in at least two different AZs/,
    accepted: { others: [subnet("subnet-1", "a"), subnet("subnet-2", "b")] },
  },
  {
    on: "create",
    thing: association,
    others: [cluster, record("eks/accessEntry", "c:other", { clusterName: "c", principalArn: "other" })],
    refused: /^ResourceNotFoundException: The specified principalArn ci could not be found/,
    accepted: {
      others: [cluster, record("eks/accessEntry", "c:ci", { clusterName: "c", principalArn: "ci" })],
    },
  },
  ...["not JSON", '{"node":{"volumeAttachLimits":25}}', '{"region":"eu-west-1"}'].map((values): Case => {
    return {
      on: "create",
      thing: addon("aws-ebs-csi-driver", values),
      others: [cluster],
      refused: /^InvalidParameterException: ConfigurationValue provided in request is not supported/,
      accepted: {
        thing: addon(
          "aws-ebs-csi-driver",
          '{"controller":{"region":"eu-west-1","extraVolumeTags":{"team":"shop"}},"node":{"volumeAttachLimit":25}}',
        ),
      },
    };
  }),
  {
    on: "change",
    thing: addon("vpc-cni", '{"enableNetworkPolicies":"true"}'),
    others: [cluster],
    refused: /^InvalidParameterException: ConfigurationValue provided in request is not supported/,
    accepted: { thing: addon("vpc-cni", '{"enableNetworkPolicy":"true"}') },
  },
  // Without a gateway, without the route to it, without the table that has the route.
  ...wayOut.map((missing): Case => {
    return {
      on: "settle",
      thing: group,
      others: [cluster, ...attachments, ...wayOut.filter((part) => part !== missing)],
      refused: /^NodeCreationFailure: .*a subnet of theirs has no route to the internet/,
      accepted: { others: [cluster, ...attachments, ...wayOut] },
    };
  }),
  // Without each of the policies.
  ...attachments.map((missing): Case => {
    return {
      on: "settle",
      thing: group,
      others: [cluster, ...wayOut, ...attachments.filter((attachment) => attachment !== missing)],
      refused: /^NodeCreationFailure: .*lacks a policy/,
      accepted: { others: [cluster, ...attachments, ...wayOut] },
    };
  }),
  // Without a node: each add-on that has pods other than on every node.
  ...["aws-ebs-csi-driver", "aws-efs-csi-driver", "snapshot-controller", "metrics-server"].map((name): Case => {
    const refused = new RegExp(`^InsufficientNumberOfReplicas: The add-on ${name} is DEGRADED`);
    return { on: "settle", thing: addon(name), others: [cluster], refused, accepted: { others: [cluster, group] } };
  }),
  {
    on: "delete",
    thing: record("iam/role", "nodes", { name: "nodes", arn }),
    others: [group],
    refused: /^DeleteConflict: .*must remove roles from instance profile first/,
  },
];
