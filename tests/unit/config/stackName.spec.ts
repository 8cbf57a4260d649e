import assert from "node:assert/strict";
import { checkConfiguration } from "../../../config/check";
import type { Settings } from "../../../config/keys";
import { derivedNames, validateStackName } from "../../../config/stackName";
import { typeOf } from "../../../local/aws/services";
import { checkFailures, completeInputs } from "../../../local/plugins/aws/resource";
import { errors as s3 } from "../../../local/aws/s3/apiErrors";
import { type ConfigurationCase, configurationCases } from "../../support/configurations";
import { configurationOf, defaults, program } from "../../support/program";
import type { Registration } from "../../support/registrations";
import { sentBy } from "../../support/requests";

const project = "eks-storage";

/** The resources whose names the rule computes, and the input that AWS has the name from. */
const TYPES = {
  "AWS Backup vault": ["aws:backup/vault:Vault", "name"],
  "EFS creation token": ["aws:efs/fileSystem:FileSystem", "creationToken"],
  "EKS node group": ["aws:eks/nodeGroup:NodeGroup", "nodeGroupName"],
  "IAM role": ["aws:iam/role:Role", "name"],
  "S3 bucket": ["aws:s3/bucket:Bucket", "bucket"],
} as const;
type Kind = keyof typeof TYPES;
const kinds = Object.keys(TYPES) as Kind[];

/** Where zones have the longest names, too. */
const FAR_AWAY = ["ap-southeast-2a", "ap-southeast-2b"];
const cases: ConfigurationCase[] = [
  ...configurationCases.filter(({ name }) => name !== "adopted"),
  {
    name: "longZones",
    stack: "dev",
    changes: { region: "ap-southeast-2", zones: FAR_AWAY, controlPlaneZones: FAR_AWAY, mysqlZone: FAR_AWAY[0] },
  },
  { name: "replica", stack: "dev", changes: { efsReplicaRegion: "eu-central-1" } },
  { name: "rolePrefix", stack: "dev", changes: { roleNamePrefix: "team-a-" } },
];

const named = (length: number) => `a${"b".repeat(length - 1)}`;

function settingsOf({ stack, changes }: ConfigurationCase): Settings {
  const values = configurationOf(stack, changes);
  const { settings, violations } = checkConfiguration({ project, stack, values, defaults });
  assert.deepEqual(violations, []);
  return settings!;
}

/** The longest name that a configuration takes. */
function longestIn(settings: Settings): number {
  const isTaken = (length: number) =>
    validateStackName({ ...settings, name: named(length) }, project, "dev").length === 0;
  const longest = Array.from({ length: 100 }, (_, index) => 100 - index).find(isTaken)!;
  assert.ok(longest < 100);
  return longest;
}

/** An input as it is sent, with the name that the provider makes up. */
function sentName({ type, name, inputs }: Registration, input: string): string {
  const config = { accountId: "111101013333", region: "eu-west-1", defaultTags: {} };
  return String(completeInputs(typeOf(type), name, inputs, undefined, config)[input]);
}

describe("the names that are made of a stack's name", function () {
  this.timeout("2m");

  for (const it_ of cases) {
    it(`are as long as AWS takes them, and no longer: ${it_.name}`, async () => {
      const settings = settingsOf(it_);
      const name = named(longestIn(settings));
      const registrations = await program(it_.stack, { changes: { ...it_.changes, name } });

      // By AWS's models, and by what the provider and S3 check besides.
      const tooLong = sentBy(registrations).flatMap(({ requests }) => requests.flatMap(({ found }) => found));
      assert.deepEqual(tooLong, []);
      for (const { type, name: resource, inputs } of registrations.filter((it) => it.type.startsWith("aws:"))) {
        const config = { accountId: "111101013333", region: "eu-west-1", defaultTags: {} };
        const completed = completeInputs(typeOf(type), resource, inputs, undefined, config);
        assert.deepEqual(checkFailures(typeOf(type), completed), []);
      }

      const made = new Set<Kind>();
      const computed = derivedNames(settings, name);
      for (const kind of kinds) {
        const [type, input] = TYPES[kind];
        const own = registrations.filter(
          (it) =>
            it.type === type && it.importId === "" && it.name.startsWith(name) && it.inputs.namePrefix === undefined,
        );
        const names = own.map((it) => sentName(it, input).length);
        // That of the cluster is made by the eks package.
        const rule = computed[kind].filter((it) => !it.includes("-eksRole-")).map((it) => it.length);
        assert.deepEqual(rule.sort(), names.sort(), kind);
        if (names.length > 0) made.add(kind);
      }
      assert.ok(made.has("AWS Backup vault") || it_.changes["adoptBackupVault"]);
    });

    it(`with one character more are refused, with the kind that breaks: ${it_.name}`, () => {
      const settings = settingsOf(it_);
      const length = longestIn(settings) + 1;
      const [violation, ...others] = validateStackName({ ...settings, name: named(length) }, project, "dev");
      assert.deepEqual(others, []);
      assert.equal(violation!.expected, `at most ${length - 1} characters here`);
      const broken = kinds.filter((kind) => violation!.fix.includes(`no ${kind} `));
      assert.ok(broken.length > 0, violation!.fix);
      for (const kind of broken) {
        const [derived] = derivedNames(settings, named(length))[kind].sort((a, b) => b.length - a.length);
        assert.ok(
          violation!.fix.includes(
            `no ${kind} ${derived} (${derived!.length} characters, at most ${derived!.length - 1})`,
          ),
        );
      }
    });
  }

  it("break by kind: the numbers", () => {
    const most = (changes: Record<string, unknown>) => longestIn(settingsOf({ name: "", stack: "dev", changes }));
    const far = cases.find(({ name }) => name === "longZones")!.changes;
    assert.equal(most({}), 43, "the role that the eks package makes: 64 - 21");
    assert.equal(most(far), 39, "a node group: 63 - 16 - 8");
    assert.equal(most({ encryptionKey: "customer", efsReplicaRegion: "eu-central-1" }), 35, "a copy: 64 - 21 - 8");
    assert.equal(most({ assetsStorage: "s3" }), 43, "a bucket: 63 - 7 - 13");
    assert.equal(most({ roleNamePrefix: "team-a-" }), 44, "a node group, since roles are cut: 63 - 11 - 8");
  });

  it("are refused for a stack that is named after a pull request, before anything is made, with how to name it", () => {
    const stack = "pr-1234-storage-that-outlives-its-pods";
    const { violations } = checkConfiguration({ project, stack, values: configurationOf("dev"), defaults });
    assert.deepEqual(violations, [
      {
        argument: "eks-storage:name",
        expected: "at most 43 characters here",
        actual: `eks-storage-${stack}, after project and stack`,
        fix:
          `AWS takes no EKS node group eks-storage-${stack}-eu-west-1a-1a2b3c4 (69 characters, at most 63), ` +
          `no IAM role eks-storage-${stack}-eksRole-role-1a2b3c4 (71 characters, at most 64). ` +
          "Set another name before the first up: pulumi config set name NAME",
      },
    ]);
  });

  it("are refused for letters that AWS doesn't take", () => {
    const wrong = (stack: string, changes = {}) =>
      checkConfiguration({ project, stack, values: configurationOf("dev", changes), defaults }).violations.map(
        ({ fix }) => fix.replaceAll(/(no .*?) \S+ \(.*?\)/g, "$1"),
      );
    const set = "Set another name before the first up: pulumi config set name NAME";
    assert.deepEqual(wrong("pr_7"), []);
    assert.deepEqual(wrong("PR_7", { assetsStorage: "s3" }), [`AWS takes no S3 bucket. ${set}`]);
    assert.deepEqual(wrong("pr.7"), [`AWS takes no AWS Backup vault, no EKS node group. ${set}`]);
  });

  it("of the bucket are refused by the stand-in by the same number", () => {
    const { when } = s3.CreateBucket.find(({ code }) => code === "InvalidBucketName")!;
    const refuses = (length: number) =>
      when({ id: "", properties: { bucket: named(length) }, olds: {} }, undefined as never);
    assert.deepEqual([refuses(63), refuses(64)], [false, true]);
  });
});
