import assert from "node:assert/strict";
import { withValueAt } from "../../local/plugins/properties";
import { type ConfigurationCase, configurationCases } from "../support/configurations";
import { program } from "../support/program";
import type { Registration } from "../support/registrations";
import { type Sent, sentBy, valuesIn } from "../support/requests";

/** What AWS's models don't allow, and what no request carries: one line each. */
const wrongIn = (sent: Sent[]) =>
  sent.flatMap(({ name, step, requests, left }) => [
    ...(step === "create" ? left.map((input) => `${name}: no request has ${input}`) : []),
    ...requests.flatMap(({ operation, found }) =>
      found.map(({ path, constraint }) => `${name}: ${operation}: ${path}: ${constraint}`),
    ),
  ]);

const EVERYTHING = configurationCases.find(({ name }) => name === "everythingOnEfs")!.changes;
/** The longest that these configurations take: tests/unit/config/stackName.spec.ts. */
const named = (length: number) => `a${"b".repeat(length - 2)}c`;

/** The longest and the strangest that the configuration allows. */
const EXTREMES: ConfigurationCase[] = [
  { name: "the longest name", stack: "prod", changes: { ...EVERYTHING, name: named(35) } },
  { name: "the longest name, on S3", stack: "prod", changes: { name: named(43), assetsStorage: "s3" } },
  {
    name: "the most throughput",
    stack: "dev",
    changes: { efsThroughputMode: "provisioned", efsProvisionedThroughputInMibps: "3414" },
  },
  {
    name: "the longest path and the greatest ids",
    stack: "dev",
    changes: {
      assetsPath: `/${"ü".repeat(24)}/a b/-/${"d".repeat(68)}`,
      assetsUid: "4294967295",
      assetsGid: "4294967295",
    },
  },
  {
    name: "tags of all letters",
    stack: "dev",
    changes: { tags: { [`größe:1/${"k".repeat(120)}`]: "a b_.:/=+-@", 空: "v".repeat(256) } },
  },
  {
    name: "the longest retention, locked for ever",
    stack: "prod",
    changes: { backupRetentionInDays: "36500", backupLock: "compliance", backupComplianceConfirmation: "irrevocable" },
  },
];

describe("what is sent to AWS, held against AWS's own models", function () {
  this.timeout(60_000);
  const all: Sent[] = [];

  for (const { name, stack, changes } of [...configurationCases, ...EXTREMES]) {
    it(`is what AWS takes: ${name}`, async () => {
      const sent = sentBy(await program(stack, { changes }));
      assert.deepEqual(wrongIn(sent), []);
      all.push(...sent);
    });
  }

  it("is of every kind, and not little", () => {
    const requests = all.flatMap((it) => it.requests);
    const operations = new Set(requests.map(({ operation }) => operation));
    const values = requests.reduce((sum, { request }) => sum + valuesIn(request), 0);
    assert.ok(operations.size >= 54 && values > 20_000, `${operations.size} operations, ${values} values`);
  });
});

/** A wrong input of a resource in dev, by its type and path, and what is said of it. */
const MUTANTS: [kind: string, type: string, path: string, value: unknown, says: string][] = [
  [
    "pattern",
    "aws:efs/accessPoint:AccessPoint",
    "rootDirectory.path",
    "/a/",
    "CreateAccessPoint: rootDirectory.path: Member must satisfy regular expression pattern: ",
  ],
  [
    "pattern of a reference",
    "aws:efs/mountTarget:MountTarget",
    "fileSystemId",
    "files-id",
    "CreateMountTarget: fileSystemId: Member must satisfy regular expression pattern: ",
  ],
  [
    "pattern in a list",
    "aws:efs/mountTarget:MountTarget",
    "securityGroups",
    ["sg-group"],
    "CreateMountTarget: securityGroups: Member must satisfy constraint: [Member must have length less than or equal to 43, ",
  ],
  [
    "pattern with Unicode classes",
    "aws:iam/role:Role",
    "tags",
    { team: "a\u0007" },
    "CreateRole: tags.3.member.value: Member must satisfy regular expression pattern: ",
  ],
  [
    "length",
    "aws:efs/fileSystem:FileSystem",
    "creationToken",
    "a".repeat(65),
    "CreateFileSystem: creationToken: Member must have length less than or equal to 64",
  ],
  [
    "length of a list",
    "aws:efs/accessPoint:AccessPoint",
    "posixUser.secondaryGids",
    Array(17).fill(1),
    "CreateAccessPoint: posixUser.secondaryGids: Member must have length less than or equal to 16",
  ],
  [
    "enum",
    "aws:efs/fileSystem:FileSystem",
    "throughputMode",
    "fast",
    "CreateFileSystem: throughputMode: Member must satisfy enum value set: [bursting, provisioned, elastic]",
  ],
  [
    "range",
    "aws:efs/accessPoint:AccessPoint",
    "posixUser.uid",
    -1,
    "CreateAccessPoint: posixUser.uid: Member must have value greater than or equal to 0",
  ],
  [
    "required",
    "aws:efs/accessPoint:AccessPoint",
    "fileSystemId",
    undefined,
    "CreateAccessPoint: fileSystemId: Member must not be null",
  ],
  [
    "required inside",
    "aws:efs/accessPoint:AccessPoint",
    "posixUser.gid",
    undefined,
    "CreateAccessPoint: posixUser.gid: Member must not be null",
  ],
  [
    "type",
    "aws:efs/accessPoint:AccessPoint",
    "posixUser.uid",
    "root",
    "CreateAccessPoint: posixUser.uid: Member must be of type long",
  ],
  [
    "unknown",
    "aws:efs/accessPoint:AccessPoint",
    "rootDirectory.colour",
    "red",
    "CreateAccessPoint: rootDirectory.colour: Unknown parameter, must be one of: Path, CreationInfo",
  ],
  ["without a place", "aws:efs/fileSystem:FileSystem", "colour", "red", "no request has colour"],
];

describe("a wrong value that is sent to AWS", () => {
  let dev: Registration[];
  before(async () => {
    dev = await program("dev");
  });

  for (const [kind, type, path, value, says] of MUTANTS) {
    it(`is found: ${kind}`, () => {
      const right = dev.find((it) => it.type === type)!;
      const provider = dev.find(({ urn }) => urn === right.provider)!;
      const inputs = withValueAt(right.inputs as Record<string, unknown>, path, value);
      const [first, ...others] = wrongIn(sentBy([provider, { ...right, inputs }]));
      assert.ok(first);
      assert.ok(first.startsWith(`${right.name}: ${says}`), first);
      // On an update once more, where it is sent again.
      assert.ok(
        others.every((it) => it.split(": ")[2] === first.split(": ")[2]),
        others.join("\n"),
      );
    });
  }
});
