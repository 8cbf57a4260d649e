import assert from "node:assert/strict";
import { modelOf } from "../../aws/models/model";
import { token } from "../../aws/records";
import { services, typeOf } from "../../aws/services";
import { refuseInvalid, sentInputs, type Step } from "../../aws/validation";
import type { Properties } from "../../plugins/properties";

const refuse = (type: string, inputs: Properties, step: Step = "create") =>
  refuseInvalid(typeOf(token(type)), step, { id: "x", ...inputs });

const FILE_SYSTEM = "fs-0123456789abcdef0";
const ROLE = "arn:aws:iam::111101013333:role/nodes";

/** By service, as it has answered others where a page is named. */
const REFUSED: [type: string, inputs: Properties, answer: RegExp][] = [
  [
    // https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/1073
    "efs/accessPoint",
    { fileSystemId: FILE_SYSTEM, rootDirectory: { path: "//pvc-1" } },
    /^ValidationException: 1 validation error detected: Value '\/\/pvc-1' at 'rootDirectory\.path' failed to satisfy constraint: Member must satisfy regular expression pattern: \^\(\\\/\|\(\\\/\(\?!\\\.\)\+\[\^\$#<>;`\|&\?\{\}\^\*\/\\n\]\+\)\{1,4\}\)\$\nhttps:\/\/docs\.aws\.amazon\.com\/efs\/latest\/ug\/API_CreateAccessPoint\.html$/,
  ],
  [
    "iam/role",
    { name: "r".repeat(65), assumeRolePolicy: "{}" },
    /^ValidationError: .* at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64\n/,
  ],
  [
    // https://github.com/awslabs/aws-embedded-metrics-java/issues/65
    "cloudwatch/logGroup",
    { name: "testServiceName:latest-metrics" },
    /^InvalidParameterException: 1 validation error detected: Value 'testServiceName:latest-metrics' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\\.\\-_\/#A-Za-z0-9\]\+\n/,
  ],
  [
    "cloudwatch/metricAlarm",
    { name: "a", comparisonOperator: "More" },
    /^ValidationError: .*Member must satisfy enum value set: \[/,
  ],
  [
    "kms/alias",
    { name: "shop", targetKeyId: "" },
    /^ValidationException: .* at 'targetKeyId' failed to satisfy constraint: Member must have length greater/,
  ],
  [
    "eks/podIdentityAssociation",
    { clusterName: "c", roleArn: ROLE, namespace: "n" },
    /^InvalidParameterException: .*Value null at 'serviceAccount'/,
  ],
  ["backup/vault", { name: "a vault" }, /^InvalidParameterValueException: .*Value 'a vault' at 'backupVaultName'/],
  [
    "s3/bucketVersioning",
    { bucket: "b", versioningConfiguration: { status: "On" } },
    /^MalformedXML: The XML you provided was not well-formed/,
  ],
  [
    "ec2/flowLog",
    { vpcId: "vpc-11111111", trafficType: "SOME" },
    /^InvalidParameterValue: Value \(SOME\) for parameter trafficType is invalid\.\n/,
  ],
  ["ec2/subnet", { cidrBlock: "10.0.0.0/24" }, /^MissingParameter: The request must contain the parameter vpcId\n/],
  ["ssm/parameter", { name: "/a", type: "Secret", value: "v" }, /^ValidationException: .*Value 'Secret' at 'type'/],
];

describe("what isn't as AWS's models have it", () => {
  for (const [type, inputs, answer] of REFUSED) {
    it(`is refused in the service's words: ${type}`, () => {
      assert.throws(() => refuse(type, inputs), { message: answer });
    });
  }

  it("is refused on an update as well, by the update's own operation where there is one", () => {
    assert.throws(() => refuse("efs/fileSystem", { throughputMode: "fast" }, "update"), /API_UpdateFileSystem\.html$/);
    assert.throws(() => refuse("efs/accessPoint", { fileSystemId: "files" }, "update"), /API_CreateAccessPoint\.html$/);
  });

  it("isn't repeated where it is secret", () => {
    const secret = () => refuse("ssm/parameter", { name: "/a".repeat(1025), type: "SecureString", value: "hunter2" });
    assert.throws(secret, (error: Error) => !error.message.includes("hunter2"));
  });

  it("isn't refused where only the tables don't know an input: AWS may", () => {
    refuse("efs/fileSystem", { colour: "red" });
    refuse("efs/accessPoint", { fileSystemId: FILE_SYSTEM, rootDirectory: { creationInfo: { colour: "red" } } });
  });

  it("is checked under the name that the provider makes", () => {
    const role = typeOf(token("iam/role"));
    const inputs = sentInputs(role, { namePrefix: "n-" }, { name: "n-2026", id: "n-2026" });
    assert.deepEqual([inputs.name, inputs.namePrefix, inputs.id], ["n-2026", undefined, "n-2026"]);
  });
});

describe("the tables of requests", () => {
  for (const [name, { resources = {}, members = {} }] of Object.entries(services)) {
    if (Object.keys(resources).length === 0) continue;
    const model = modelOf(name);

    it(`of ${name} name operations and members that AWS has`, () => {
      for (const [type, { calls: { create = [], update = [] } = {} }] of Object.entries(resources)) {
        const operations = [...create, ...update];
        for (const operation of operations) assert.ok(operation in model.operations, operation);
        const known = operations.flatMap((it) => Object.keys(model.shapes[model.operations[it]!]!.members!));
        const places = Object.entries(members[type] ?? {}).filter(([path]) => !path.includes("."));
        for (const place of places.flatMap(([, it]) => (typeof it === "object" ? Object.values(it) : it))) {
          const [member = ""] = place.split(/[.[=]/);
          assert.ok(member === "" || known.includes(member), `${type}: ${place}`);
        }
      }
      for (const type of Object.keys(members)) assert.ok(type in resources, type);
    });

    it(`of ${name} leave nothing in the model that is never sent`, () => {
      const calls = Object.values(resources).flatMap(({ calls: { create = [], update = [] } = {} }) => [
        create,
        update,
      ]);
      assert.deepEqual(Object.keys(model.operations), [...new Set(calls.flat())].sort());
    });
  }
});
