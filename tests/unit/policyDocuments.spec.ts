import assert from "node:assert/strict";
import { configurationCases } from "../support/configurations";
import type { PolicyDocument, Statement } from "../support/facts";
import { registeredPolicies, type RegisteredPolicy, wrongInPolicy } from "../support/policyDocuments";
import { program } from "../support/program";

const wrongIn = async (policies: RegisteredPolicy[]) => (await Promise.all(policies.map(wrongInPolicy))).flat();

describe("a policy that the program registers", function () {
  this.timeout(60_000);
  const kinds = new Set<string>();

  for (const { name, stack, changes } of configurationCases) {
    it(`is valid, and nothing in it is without effect: ${name}`, async () => {
      const policies = registeredPolicies(await program(stack, { changes }));
      assert.ok(policies.length >= 3);
      policies.forEach(({ kind }) => kinds.add(kind));
      assert.deepEqual(await wrongIn(policies), []);
    });
  }

  it("is of every kind", () => {
    assert.deepEqual([...kinds].sort(), ["identity", "resource", "trust"]);
  });
});

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ALIAS = "arn:aws:kms:eu-west-1:111101013333:alias/aws/ebs";
const FILE_SYSTEM = "arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/fs-0f1000000000000aa";
const everybody = { Principal: { AWS: "*" }, Resource: FILE_SYSTEM };
const pods = { Principal: { Service: "pods.eks.amazonaws.com" } };

/** A fault, in a policy of a kind, and what is said of it. */
const FAULTS: [fault: string, kind: RegisteredPolicy["kind"], statement: object, says: RegExp][] = [
  ["no resource", "identity", { Action: "kms:Decrypt" }, /One of Resource or NotResource is required/],
  [
    "a principal of an identity's policy",
    "identity",
    { ...pods, Action: "kms:Decrypt", Resource: KEY },
    /Principal is not allowed/,
  ],
  ["no principal", "resource", { Action: "kms:*", Resource: "*" }, /Principal/],
  ["a resource in a trust", "trust", { ...pods, Action: "sts:AssumeRole", Resource: "*" }, /Resource/],
  ["a mistyped effect", "identity", { Effect: "allow", Action: "kms:Decrypt", Resource: KEY }, /Effect/],
  ["a field that isn't one", "identity", { Actions: "kms:Decrypt", Action: "kms:Decrypt", Resource: KEY }, /Actions/],
  ["an action that isn't one", "identity", { Action: "kms:Decypt", Resource: KEY }, /there is no action kms:Decypt/],
  ["a service that isn't one", "trust", { ...pods, Action: "st:AssumeRole" }, /there is no action st:AssumeRole/],
  ["a pattern without actions", "identity", { Action: "kms:Recrypt*", Resource: KEY }, /no action kms:Recrypt\*/],
  // https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
  [
    "an alias in place of its key",
    "identity",
    { Action: "kms:Decrypt", Resource: ALIAS },
    /Decrypt can't apply to .*alias/,
  ],
  [
    "an alias beside a key",
    "identity",
    { Action: "kms:Decrypt", Resource: [KEY, ALIAS] },
    /^policy: no action applies to .*alias\/aws\/ebs$/,
  ],
  [
    "a bucket in place of its objects",
    "identity",
    { Action: "s3:GetObject", Resource: "arn:aws:s3:::images" },
    /s3:GetObject can't apply to arn:aws:s3:::images/,
  ],
  [
    "objects in place of their bucket",
    "identity",
    { Action: ["s3:ListBucket", "s3:GetObject"], Resource: "arn:aws:s3:::images/*" },
    /s3:ListBucket can't apply to/,
  ],
  [
    "an action that has no resource",
    "identity",
    { Action: "ec2:DescribeVolumes", Resource: "arn:aws:ec2:eu-west-1:111101013333:volume/*" },
    /ec2:DescribeVolumes can't apply to/,
  ],
  [
    "a condition that the action doesn't know",
    "resource",
    {
      ...everybody,
      Action: "elasticfilesystem:ClientMount",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    /ClientMount has no condition key kms:GrantIsForAWSResource/,
  ],
];

describe("a fault in a policy is found:", () => {
  for (const [fault, kind, statement, says] of FAULTS) {
    it(fault, async () => {
      const Statement = { Effect: "Allow", ...statement } as Statement;
      const document: PolicyDocument & { Version: string } = { Version: "2012-10-17", Statement };
      const wrong = await wrongInPolicy({ where: "policy", kind, document });
      assert.equal(wrong.length, 1, wrong.join("\n"));
      assert.match(wrong[0]!, says);
    });
  }
});
