import { iam } from "../../../aws/iam";
import { controlPolicy } from "../../../aws/iam/controlPolicies";
import { record, testApiErrors } from "../../support/apiErrorCases";
import { nodeGroup, nodePolicy } from "../../support/awsResources";
import { policy, trustOfPods } from "../../support/policies";

const role = record("iam/role", "nodes", { name: "nodes", arn: "arn:aws:iam::1:role/nodes" });
const trusted = (assumeRolePolicy: string) => ({ ...role, properties: { ...role.properties, assumeRolePolicy } });
const POLICY_ARN = "arn:aws:iam::111101013333:policy/boundary";
/** An organization's: no role without the boundary, and none outside of the path. */
const rules = controlPolicy("roles", {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Action: ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"],
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": POLICY_ARN } },
    },
    { Effect: "Deny", Action: "iam:CreateRole", NotResource: "arn:aws:iam::*:role/storage/*" },
  ],
});
const boundary = record("iam/policy", POLICY_ARN, {
  arn: POLICY_ARN,
  policy: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
});
const ruled = { ...role, properties: { ...role.properties, permissionsBoundary: POLICY_ARN, path: "/storage/" } };
const withPath = { ...role, properties: { ...role.properties, path: "/storage/" } };
const granting = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const ofNodes = record("iam/rolePolicy", "nodes:p", { role: "nodes", policy: policy(granting) });

const github = record("iam/openIdConnectProvider", "github", { url: "https://token.actions.githubusercontent.com" });
const own = (document: string) => record("iam/policy", "own", { name: "own", policy: document });
const ownPolicy = own(policy(granting));
const long = policy({
  ...granting,
  Resource: Array.from({ length: 400 }, (_, index) => `arn:aws:s3:::bucket-${index}/*`),
});
const ofRole = (policyArn: string) => record("iam/rolePolicyAttachment", "nodes/own", { role: "nodes", policyArn });
const attachment = ofRole("own");

testApiErrors("IAM", iam, [
  {
    operation: "CreateOpenIDConnectProvider",
    request: github,
    existing: [{ ...github, id: "other" }],
    refused: /^EntityAlreadyExists: Provider with url https:\/\/token\.actions\.githubusercontent\.com already exists/,
  },
  {
    operation: "CreatePolicy",
    request: ownPolicy,
    existing: [{ ...ownPolicy, id: "other" }],
    refused: /^EntityAlreadyExists: A policy called own already exists/,
  },
  {
    operation: "CreatePolicy",
    request: own(trustOfPods),
    refused: /^MalformedPolicyDocument: Principal is not allowed/,
    accepted: { request: ownPolicy },
  },
  {
    operation: "CreatePolicy",
    request: own(long),
    refused: /^LimitExceeded: Cannot exceed quota for PolicySize: 6144/,
    accepted: { request: ownPolicy },
  },
  {
    operation: "CreatePolicyVersion",
    request: own(trustOfPods),
    refused: /^MalformedPolicyDocument: Principal is not allowed/,
    accepted: { request: ownPolicy },
  },
  {
    operation: "CreatePolicyVersion",
    request: own(long),
    refused: /^LimitExceeded: Cannot exceed quota for PolicySize: 6144/,
    accepted: { request: ownPolicy },
  },
  {
    operation: "DeletePolicy",
    request: ownPolicy,
    existing: [attachment],
    refused: /^DeleteConflict: Cannot delete a policy attached to entities/,
  },
  {
    operation: "AttachRolePolicy",
    request: ofRole("arn:aws:iam::111101013333:policy/nowhere"),
    refused: /^NoSuchEntity: Policy arn:aws:iam::111101013333:policy\/nowhere does not exist or is not attachable/,
    accepted: { request: ofRole(POLICY_ARN), existing: [boundary] },
  },
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
    request: withPath,
    existing: [rules, boundary],
    refused:
      /^AccessDenied: User: arn:aws:sts::111101013333:assumed-role\/local-deployer\/local is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111101013333:role\/storage\/nodes with an explicit deny in a service control policy/,
    accepted: { request: ruled },
  },
  {
    operation: "CreateRole",
    request: { ...ruled, properties: { ...ruled.properties, path: "/" } },
    existing: [rules, boundary],
    refused: /^AccessDenied: .*iam:CreateRole on resource: arn:aws:iam::111101013333:role\/nodes with/,
    accepted: { request: ruled },
  },
  {
    operation: "AttachRolePolicy",
    request: nodePolicy("AmazonEKSWorkerNodePolicy"),
    existing: [rules, role],
    refused: /^AccessDenied: .*iam:AttachRolePolicy on resource: arn:aws:iam::1:role\/nodes with/,
    accepted: { existing: [rules, ruled] },
  },
  {
    operation: "PutRolePolicy",
    request: ofNodes,
    existing: [rules, role],
    refused: /^AccessDenied: .*iam:PutRolePolicy/,
    accepted: { existing: [rules, ruled] },
  },
  {
    operation: "CreateRole",
    request: {
      ...role,
      properties: { ...role.properties, tagsAll: { Environment: "production", environment: "prod" } },
    },
    refused: /^InvalidInput: Duplicate tag keys found\. Please note that Tag keys are case insensitive\./,
    accepted: { request: { ...role, properties: { ...role.properties, tagsAll: { Environment: "production" } } } },
  },
  {
    operation: "CreateRole",
    request: ruled,
    refused: /^NoSuchEntity: Scope ARN: arn:aws:iam::111101013333:policy\/boundary does not exist or is not attachable/,
    accepted: { existing: [boundary] },
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
