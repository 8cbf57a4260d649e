import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { configurationCases } from "../support/configurations";
import { configurationOf, program } from "../support/program";
import { one } from "../support/queries";
import { Secret, unknown } from "../support/registrations";

type Configuration = Record<string, string>;

interface Output {
  shape: z.ZodType;
  /** Whether a stack has it. Default: every stack. */
  exists?: (configuration: Configuration) => boolean;
  /** Whether a first preview knows it, before anything is made. Default: never. */
  isKnown?: (configuration: Configuration) => boolean;
  isSecret?: boolean;
}

const has = (key: string) => (configuration: Configuration) => Boolean(configuration[`eks-storage:${key}`]);
const is = (key: string, value: string) => (configuration: Configuration) =>
  configuration[`eks-storage:${key}`] === value;
const always = () => true;
const either =
  (...keys: string[]) =>
  (configuration: Configuration) =>
    keys.some((key) => has(key)(configuration));
const text = z.string().min(1);
const [isOnS3, isEncrypted] = [is("assetsStorage", "s3"), is("encryptionKey", "customer")];

/** What a stack's outputs promise to those who read them: docs/outputs.md. */
const CONTRACT: Record<string, Output> = {
  accessPointIds: { shape: z.strictObject({ assets: text }), isKnown: has("adoptAssetsAccessPointId") },
  addonVersions: {
    shape: z.strictObject({ efs: text, ebs: text, snapshots: text, s3: text.optional() }),
    isKnown: always,
  },
  backupRoleArn: { shape: text.startsWith("arn:aws:") },
  backupVaultName: { shape: text, isKnown: always },
  bucketName: { shape: text, exists: isOnS3, isKnown: always },
  clusterName: { shape: text, isKnown: always },
  commands: { shape: z.strictObject({ kubeconfig: text, claims: text }), isKnown: always },
  encryptionKeyArn: { shape: text.startsWith("arn:aws:"), exists: isEncrypted, isKnown: has("existingKeyArn") },
  fileSystemArn: { shape: text.startsWith("arn:aws:"), isKnown: has("existingFileSystemId") },
  fileSystemId: { shape: text, isKnown: either("existingFileSystemId", "adoptFileSystemId") },
  kubeconfig: {
    shape: text.refine((it) => typeof JSON.parse(it) === "object"),
    isKnown: has("existingClusterName"),
    isSecret: true,
  },
  pvcNames: { shape: z.strictObject({ assets: text, catalog: text }), isKnown: always },
  replicaFileSystemId: { shape: text, exists: has("efsReplicaRegion"), isKnown: has("adoptReplicaFileSystemId") },
  storageClassNames: { shape: z.strictObject({ efs: text, ebs: text }), isKnown: always },
};

/** Between them they make every choice that an output depends on. */
const CASES =
  /^(dev|staging|prod|everythingOnS3|everythingOnEfs|dynamic|existing(Cluster|FileSystem|Bucket|Key)|adopted)$/;

describe("the outputs of a stack, on which others build", function () {
  this.timeout(60_000);

  for (const { name, stack, changes } of configurationCases.filter(({ name }) => CASES.test(name))) {
    it(`are of ${name} what the contract says, at a first preview and when it is made`, async () => {
      const configuration = configurationOf(stack, changes);
      const promised = Object.entries(CONTRACT).filter(([, { exists = always }]) => exists(configuration));
      for (const preview of [true, false]) {
        const { outputs = {} } = one(await program(stack, { preview, changes }), "pulumi:pulumi:Stack");
        assert.deepEqual(Object.keys(outputs).sort(), promised.map(([key]) => key).sort());
        for (const [key, { shape, isKnown, isSecret = false }] of promised) {
          const output = outputs[key];
          const isToBeKnown = !preview || (isKnown?.(configuration) ?? false);
          assert.equal(output !== unknown, isToBeKnown, `${key} is known${preview ? " at a first preview" : ""}`);
          if (output === unknown) continue;
          assert.equal(output instanceof Secret, isSecret, `${key} is a secret`);
          const { error } = shape.safeParse(output instanceof Secret ? output.value : output);
          assert.equal(error, undefined, `${key}: ${error?.message}`);
        }
      }
    });
  }

  it("are those of docs/outputs.md", () => {
    const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "outputs.md"), "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, key]) => key!);
    assert.deepEqual(rows, Object.keys(CONTRACT));
  });
});
