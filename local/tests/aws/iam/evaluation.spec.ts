import assert from "node:assert/strict";
import { Account } from "../../../aws/account";
import { isAllowed, type Question } from "../../../aws/iam/evaluation";
import { record } from "../../support/apiErrorCases";
import { policy, trustOfPods } from "../../support/policies";

const ROLE = "arn:aws:iam::111101013333:role/driver";
const OBJECT = "arn:aws:s3:::images/a.jpg";
const DISK = "arn:aws:ec2:eu-west-1:111101013333:volume/vol-11111111";

const role = record("iam/role", "driver", { arn: ROLE, assumeRolePolicy: trustOfPods });
const own = (...statements: object[]) =>
  record("iam/rolePolicy", "driver:p", {
    role: "driver",
    policy: policy(...(statements as Record<string, unknown>[])),
  });
const attached = (name: string) =>
  record("iam/rolePolicyAttachment", name, { role: "driver", policyArn: `arn:aws:iam::aws:policy/${name}` });
const allow = { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::images/*" };
const deny = { Effect: "Deny", Action: "s3:Get*", Resource: "*" };
const everybody = { ...allow, Principal: "*" };
const driversTag = { "ec2:ResourceTag/ebs.csi.aws.com/cluster": "true" };

describe("what AWS allows", () => {
  const answer = (question: Partial<Question>, ...records: Account["records"]) =>
    isAllowed(
      { principal: ROLE, action: "s3:GetObject", resource: OBJECT, ...question },
      new Account([role, ...records], "111101013333"),
    );

  it("is what a role's own policy allows, as text or as an object", () => {
    assert.ok(!answer({}));
    assert.ok(answer({}, own(allow)));
    const { properties, ...it } = own(allow);
    assert.ok(answer({}, { ...it, properties: { ...properties, policy: JSON.parse(String(properties.policy)) } }));
    assert.ok(!answer({}, { ...it, properties: { ...properties, role: "other" } }));
    assert.ok(!answer({ resource: "arn:aws:s3:::invoices/1.pdf" }, own(allow)));
  });

  it("is what one of AWS's policies allows, under its conditions", () => {
    const question = { action: "ec2:DeleteVolume", resource: DISK };
    assert.ok(!answer(question, attached("AmazonEBSCSIDriverPolicyV2")));
    assert.ok(answer({ ...question, context: driversTag }, attached("AmazonEBSCSIDriverPolicyV2")));
    // There is none under this path.
    assert.ok(!answer({ ...question, context: driversTag }, attached("service-role/AmazonEBSCSIDriverPolicyV2")));
  });

  it("isn't what anything denies", () => {
    assert.ok(!answer({}, own(allow, deny)));
    assert.ok(answer({ action: "s3:PutObject" }, own(allow, deny)));
    assert.ok(!answer({ resourcePolicy: policy({ ...everybody, ...deny }) }, own(allow)));
  });

  it("isn't what the role's permissions boundary doesn't allow, though its policies do", () => {
    const ARN = "arn:aws:iam::111101013333:policy/boundary";
    const within = { ...role, properties: { ...role.properties, permissionsBoundary: ARN } };
    const boundary = record("iam/policy", ARN, { arn: ARN, policy: policy({ ...allow, Action: "s3:GetObject" }) });
    const ask = (action: string) =>
      isAllowed(
        { principal: ROLE, action, resource: OBJECT },
        new Account([within, own(allow), boundary], "111101013333"),
      );
    assert.ok(ask("s3:GetObject"));
    assert.ok(!ask("s3:PutObject"));
  });

  it("is what the resource's policy allows, to a client that doesn't sign, too", () => {
    assert.ok(answer({ resourcePolicy: policy(everybody) }));
    assert.ok(answer({ resourcePolicy: policy(everybody), principal: undefined }));
    const named = policy({ ...everybody, Principal: { AWS: ROLE } });
    assert.ok(answer({ resourcePolicy: named }));
    assert.ok(!answer({ resourcePolicy: named, principal: undefined }));
  });

  it("is a role for the service that it trusts", () => {
    const taken = (principal: string) =>
      answer({ principal, action: "sts:AssumeRole", resource: ROLE, resourcePolicy: trustOfPods });
    assert.ok(taken("pods.eks.amazonaws.com"));
    assert.ok(!taken("ec2.amazonaws.com"));
  });
});
