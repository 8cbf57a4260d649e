import { iam } from "../../../aws/iam";
import { record, testApiErrors } from "../../support/apiErrorCases";
import { nodeGroup, nodePolicy } from "../../support/awsResources";
import { policy, trustOfPods } from "../../support/policies";

const role = record("iam/role", "nodes", { name: "nodes", arn: "arn:aws:iam::1:role/nodes" });
const trusted = (assumeRolePolicy: string) => ({ ...role, properties: { ...role.properties, assumeRolePolicy } });
const granting = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

testApiErrors("IAM", iam, [
  {
    operation: "AttachRolePolicy",
    request: nodePolicy("service-role/AmazonEBSCSIDriverPolicyV2"),
    refused: /^NoSuchEntity: Policy \S+\/service-role\/AmazonEBSCSIDriverPolicyV2 does not exist/,
    accepted: { request: nodePolicy("AmazonEBSCSIDriverPolicyV2") },
  },
  {
    operation: "CreateRole",
    request: role,
    existing: [{ ...role, id: "other" }],
    refused: /^EntityAlreadyExists: Role with name nodes already exists/,
  },
  {
    operation: "CreateRole",
    request: trusted(policy({ Effect: "Allow", Action: "sts:AssumeRole" })),
    refused: /^MalformedPolicyDocument: .*Principal/,
    accepted: { request: trusted(trustOfPods) },
  },
  {
    operation: "PutRolePolicy",
    request: record("iam/rolePolicy", "nodes:p", { policy: trustOfPods }),
    refused: /^MalformedPolicyDocument: Principal is not allowed/,
    accepted: { request: record("iam/rolePolicy", "nodes:p", { policy: policy(granting) }) },
  },
  {
    operation: "DeleteRole",
    request: role,
    existing: [nodePolicy("any")],
    refused: /^DeleteConflict: .*must detach all policies first/,
  },
  {
    operation: "DeleteRole",
    request: role,
    existing: [record("iam/rolePolicy", "nodes:p", { role: "nodes" })],
    refused: /^DeleteConflict: .*must delete policies first/,
  },
  {
    operation: "DeleteRole",
    request: role,
    existing: [nodeGroup],
    refused: /^DeleteConflict: .*must remove roles from instance profile first/,
  },
  {
    operation: "GetRole",
    request: role,
    refused: /^NoSuchEntity: The role with name nodes cannot be found/,
    accepted: { existing: [role] },
  },
]);
