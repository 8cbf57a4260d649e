import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { aws, AwsError, QUESTIONS } from "../../../commands/awsQuestions";
import { kept } from "../../../commands/kept";
import type { RetentionRecord } from "../../../components/retention/retentionRecord";
import { withCluster } from "../../support/stateCode";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const PARAMETER = "/eks-storage-prod/kept";
const claim = { namespace: "catalog", name: "data-0", volumeKey: "adoptMysqlVolumeId", zoneKey: "adoptMysqlZone" };
const disk = { volumeName: "pv-1", volumeId: "vol-11111111", zone: "eu-west-1a", reclaimPolicy: "Retain" };
const record: RetentionRecord = {
  retention: "retain",
  configuration: {
    adoptFileSystemId: "fs-11111111",
    adoptAssetsAccessPointId: "fsap-11111111",
    adoptMysqlCredentials: "/eks-storage-prod/catalog-mysql",
    adoptBackupVault: "vault",
    adoptBackupKeyId: "key-1",
    adoptBackupRole: "role",
    adoptBucketName: "bucket",
  },
  claim,
  disk,
};
const TITLE =
  "What a destroy of eks-storage-prod keeps, and the configuration with which a later pulumi up adopts it " +
  "(as recorded 2026-11-28T20:00:00+00:00):";

describe("npm run kept", () => {
  /** What AWS has, by what is asked of it: an answer, or what the CLI says instead of one. */
  const everything = (recorded: Partial<RetentionRecord> = {}): Record<string, object | string> => ({
    [`ssm get-parameter --name ${PARAMETER}`]: {
      Parameter: { Value: JSON.stringify({ ...record, ...recorded }), LastModifiedDate: "2026-11-28T20:00:00+00:00" },
    },
    "efs describe-file-systems --file-system-id fs-11111111": { FileSystems: [{ LifeCycleState: "available" }] },
    "efs describe-access-points --access-point-id fsap-11111111": { AccessPoints: [{ LifeCycleState: "available" }] },
    "ssm get-parameter --name /eks-storage-prod/catalog-mysql": { Parameter: { Value: "encrypted" } },
    "backup list-backup-vaults": { BackupVaultList: [{ BackupVaultName: "vault" }] },
    "kms describe-key --key-id key-1": { KeyMetadata: { KeyState: "Enabled" } },
    "iam get-role --role-name role": { Role: { RoleName: "role" } },
    "ec2 describe-volumes --volume-ids vol-11111111": { Volumes: [{ State: "available" }] },
    "s3api head-bucket --bucket bucket": {},
  });
  const said = (has: Record<string, object | string>, kubeconfig?: string) =>
    kept(
      CHECKOUT,
      "prod",
      async (region, ...args) => {
        assert.equal(region, "eu-west-1");
        const answer = has[args.join(" ")];
        if (typeof answer === "object") return answer;
        throw new AwsError(answer ?? `it was asked aws ${args.join(" ")}`);
      },
      async (stack) => {
        assert.equal(stack, "prod");
        return kubeconfig;
      },
    );
  const lines = async (has: Record<string, object | string>, kubeconfig?: string) => {
    const { text, exitCode } = await said(has, kubeconfig);
    assert.equal(exitCode, 0, text);
    const [title, ...rest] = text.split("\n");
    assert.equal(title, TITLE);
    return rest;
  };
  const whole = [
    "  pulumi config set adoptFileSystemId fs-11111111",
    "  pulumi config set adoptAssetsAccessPointId fsap-11111111",
    "  pulumi config set adoptMysqlCredentials /eks-storage-prod/catalog-mysql",
    "  pulumi config set adoptBackupVault vault",
    "  pulumi config set adoptBackupKeyId key-1",
    "  pulumi config set adoptBackupRole role",
    "  pulumi config set adoptBucketName bucket",
    "  pulumi config set adoptMysqlVolumeId vol-11111111",
    "  pulumi config set adoptMysqlZone eu-west-1a",
  ];
  /** The whole, with another line for a key. */
  const but = (...changes: [string, string][]) =>
    whole.map((line) => changes.find(([key]) => line.includes(` ${key} `))?.[1] ?? line);
  const volume = (persistentVolumeReclaimPolicy: string, volumeHandle = "vol-11111111") => ({
    "/api/v1/persistentvolumeclaims": [{ metadata: { namespace: "catalog", name: "data-0" } }],
    "/api/v1/persistentvolumes": [
      {
        metadata: { name: "pv-1" },
        status: { phase: "Bound" },
        spec: {
          persistentVolumeReclaimPolicy,
          claimRef: { namespace: "catalog", name: "data-0" },
          csi: { volumeHandle },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "topology.kubernetes.io/zone", values: ["eu-west-1a"] }] },
              ],
            },
          },
        },
      },
    ],
  });

  it("prints the configuration that adopts what is kept, without a stack or a cluster", async () => {
    assert.deepEqual(await lines(everything()), whole);
  });

  it("has no disk to name of a stack without a claim, whether it keeps something or not", async () => {
    const without = { claim: undefined, disk: null };
    assert.deepEqual(await lines(everything(without)), [
      ...whole.slice(0, -2),
      "The stack has recorded no claim, so there is no disk of one to adopt.",
    ]);
    const { text, exitCode } = await said(everything({ ...without, retention: "delete" }));
    assert.equal(exitCode, 0, text);
    assert.match(text, /^A destroy of eks-storage-prod keeps nothing: .*\.$/);
  });

  it("says what was deleted since, each by AWS's own word for it", async () => {
    const has = {
      ...everything(),
      "efs describe-file-systems --file-system-id fs-11111111": "An error occurred (FileSystemNotFound) when calling …",
      "efs describe-access-points --access-point-id fsap-11111111":
        "An error occurred (AccessPointNotFound) when calling …",
      "ssm get-parameter --name /eks-storage-prod/catalog-mysql":
        "An error occurred (ParameterNotFound) when calling …",
      "backup list-backup-vaults": { BackupVaultList: [{ BackupVaultName: "another" }] },
      "kms describe-key --key-id key-1": "An error occurred (NotFoundException) when calling …",
      "iam get-role --role-name role": "An error occurred (NoSuchEntity) when calling …",
      "ec2 describe-volumes --volume-ids vol-11111111": "An error occurred (InvalidVolume.NotFound) when calling …",
      "s3api head-bucket --bucket bucket": "An error occurred (404) when calling the HeadBucket operation: Not Found",
    };
    assert.deepEqual(await lines(has), [
      "  # adoptFileSystemId: fs-11111111 is gone",
      "  # adoptAssetsAccessPointId: fsap-11111111 is gone",
      "  # adoptMysqlCredentials: /eks-storage-prod/catalog-mysql is gone",
      "  # adoptBackupVault: vault is gone",
      "  # adoptBackupKeyId: key-1 is gone",
      "  # adoptBackupRole: role is gone",
      "  # adoptBucketName: bucket is gone",
      "  # adoptMysqlVolumeId: vol-11111111 is gone",
      "  # adoptMysqlZone: eu-west-1a is gone",
      `Nothing of it is left. To forget it: aws ssm delete-parameter --name ${PARAMETER}`,
    ]);
  });

  it("says what is about to go, and what nobody could be asked about", async () => {
    const pending = { KeyMetadata: { KeyState: "PendingDeletion", DeletionDate: "2026-12-28" } };
    const has = {
      ...everything(),
      "efs describe-file-systems --file-system-id fs-11111111": { FileSystems: [{ LifeCycleState: "deleting" }] },
      "kms describe-key --key-id key-1": pending,
      "s3api head-bucket --bucket bucket": "An error occurred (403)\nForbidden",
    };
    assert.deepEqual(
      await lines(has),
      but(
        [
          "adoptFileSystemId",
          '  pulumi config set adoptFileSystemId fs-11111111    # going: AWS says "deleting" of it',
        ],
        [
          "adoptBackupKeyId",
          "  pulumi config set adoptBackupKeyId key-1    # going: AWS deletes it on 2026-12-28; until then: aws kms cancel-key-deletion",
        ],
        [
          "adoptBucketName",
          "  pulumi config set adoptBucketName bucket    # unknown: An error occurred (403) Forbidden",
        ],
      ),
    );
  });

  it("warns of a disk that a destroy would delete, by what the cluster says now", async () => {
    await withCluster(volume("Delete"), async (cluster) => {
      assert.deepEqual(await lines(everything(), cluster.kubeconfig()), [
        ...whole,
        `The disk vol-11111111 goes with a destroy: its volume had the policy Delete. To keep it: kubectl patch pv pv-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
      ]);
    });
    const recorded = { disk: { ...disk, reclaimPolicy: "Delete" } };
    await withCluster(volume("Retain"), async (cluster) => {
      assert.deepEqual(await lines(everything(recorded), cluster.kubeconfig()), whole);
    });
    assert.match(
      (await lines(everything(recorded))).at(-1)!,
      /had the policy Delete when the stack was last deployed\. To/,
    );
    await withCluster(undefined, async (cluster) => {
      assert.deepEqual(await lines(everything(), cluster.kubeconfig()), whole);
    });
  });

  it("names the disk that the claim has lost, for as long as it exists, and what the claim has instead", async () => {
    const has = {
      ...everything(),
      "ec2 describe-volumes --volume-ids vol-22222222": { Volumes: [{ State: "in-use" }] },
    };
    const lost =
      "The claim catalog/data-0 has lost its disk, vol-11111111 in eu-west-1a. The claim has another one, made since: vol-22222222 " +
      "(volume pv-1).";
    const gone = {
      "ec2 describe-volumes --volume-ids vol-11111111": "An error occurred (InvalidVolume.NotFound) when …",
    };
    await withCluster(volume("Retain", "vol-22222222"), async (cluster) => {
      const kubeconfig = cluster.kubeconfig();
      const there = "Its volume pv-1 is gone; the disk is in AWS, with the data.";
      assert.deepEqual(await lines(has, kubeconfig), [...whole, lost, there]);
      const another: [string, string] = ["adoptMysqlVolumeId", "  pulumi config set adoptMysqlVolumeId vol-22222222"];
      const noMore = "Its volume pv-1 is gone, and so is the disk in AWS.";
      assert.deepEqual(await lines({ ...has, ...gone }, kubeconfig), [...but(another), lost, noMore]);
    });
  });

  it("says how a disk is found that nobody knows", async () => {
    assert.deepEqual(await lines(everything({ disk: undefined })), [
      ...whole.slice(0, 7),
      "The database's disk isn't known. It has the tag kubernetes.io/created-for/pvc/name=data-0; give its id and zone as adoptMysqlVolumeId and adoptMysqlZone.",
    ]);
  });

  it("asks about every key that a destroy prints", () => {
    const page = fs.readFileSync(path.join(CHECKOUT, "config", "handover.ts"), "utf8");
    const printed = [...page.matchAll(/\b(adopt[A-Z]\w+)\b(?=:|")/g)].map(([, key]) => key!);
    assert.ok(printed.length > 10, "config/handover.ts names them");
    // The zone is the disk's.
    assert.deepEqual(
      printed.filter((key) => key !== "adoptMysqlZone" && !(key in QUESTIONS)),
      [],
    );
  });

  it("names what was kept before, as long as it is there", async () => {
    const earlier: RetentionRecord["earlier"] = [
      ["adoptFileSystemId", "fs-00000000"],
      ["adoptBucketName", "before"],
      ["adoptReplicaFileSystemId", "fs-99999999"],
    ];
    const has = (recorded: Partial<RetentionRecord>) => ({
      ...everything({ earlier, ...recorded }),
      "efs describe-file-systems --file-system-id fs-00000000": { FileSystems: [{ LifeCycleState: "available" }] },
      "s3api head-bucket --bucket before": "An error occurred (404) when calling the HeadBucket operation: Not Found",
    });
    const before = [
      "Kept before, and not this stack's:",
      "  # adoptFileSystemId fs-00000000",
      "  # adoptReplicaFileSystemId fs-99999999    # unknown: its region isn't in the stack's file",
    ];
    assert.deepEqual(await lines(has({})), [...whole, ...before]);
    const { text } = await said(has({ retention: "delete", disk: null }));
    const [title, ...rest] = text.split("\n");
    assert.match(title!, /keeps nothing: its retention is delete/);
    assert.deepEqual(rest, before);
    const bucket = ["adoptBucketName", "before"] satisfies [string, string];
    const { text: nothing } = await said(has({ retention: "delete", disk: null, earlier: [bucket] }));
    assert.match(
      nothing,
      /\(as recorded \S+\)\.\nNothing of it is left\. To forget it: aws ssm delete-parameter --name \/eks-storage-prod\/kept$/,
    );
  });

  it("says that nothing is kept where that is so", async () => {
    const { text, exitCode } = await said(everything({ retention: "delete", disk: null }));
    assert.deepEqual(
      [text, exitCode],
      [
        "A destroy of eks-storage-prod keeps nothing: its retention is delete (as recorded 2026-11-28T20:00:00+00:00).",
        0,
      ],
    );
  });

  it("says that a disk stays whose volume keeps it, whatever the retention", async () => {
    const { text } = await said(everything({ retention: "delete" }));
    assert.match(text, /\.\nThe disk vol-11111111 stays: its volume was made with the policy Retain\.$/);
    const { text: other } = await said(everything({ retention: "delete", disk: { ...disk, reclaimPolicy: "Delete" } }));
    assert.doesNotMatch(other, /stays/);
  });

  it("says why there may be no record, and what failed otherwise", async () => {
    const has = { [`ssm get-parameter --name ${PARAMETER}`]: "An error occurred (ParameterNotFound) when calling …" };
    const { text, exitCode } = await said(has);
    assert.equal(exitCode, 1);
    assert.match(
      text,
      /^error: Nothing is recorded of eks-storage-prod: there is no parameter \/eks-storage-prod\/kept in eu-west-1\.\nEither .*\(run pulumi up once\), or this is another account than \d{12} \(aws sts get-caller-identity\)\.$/,
    );
    const expired = { [`ssm get-parameter --name ${PARAMETER}`]: "The SSO session has expired" };
    assert.deepEqual(await said(expired), { text: "error: The SSO session has expired", exitCode: 1 });
    const { text: noFile } = await kept(CHECKOUT, "nowhere");
    assert.match(noFile, /^error: .*Pulumi\.nowhere\.yaml/);
  });

  it("asks with the AWS CLI, in the region", async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-kept-"));
    const { PATH } = process.env;
    const script = (text: string) =>
      fs.writeFileSync(path.join(directory, "aws"), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    try {
      process.env.PATH = directory;
      await assert.rejects(aws("eu-west-1", "sts"), /there is no command aws: install the AWS CLI/);
      script(`echo "{\\"asked\\": \\"$AWS_REGION $*\\"}"`);
      assert.deepEqual(await aws("eu-west-1", "sts"), { asked: "eu-west-1 sts --output json" });
      script("true");
      assert.deepEqual(await aws("eu-west-1", "sts"), {});
      script("echo AccessDenied >&2; exit 254");
      await assert.rejects(aws("eu-west-1", "sts"), { message: "AccessDenied" });
      // A Ctrl-C reaches it, too: the CLI says so by its exit code, what runs it by the signal.
      for (const stopped of ["exit 130", "kill -INT $$"]) {
        const heard = path.join(directory, "heard");
        script(`if [ -e ${heard} ]; then echo '{"asked": "again"}'; exit; fi; : >${heard}; ${stopped}`);
        assert.deepEqual(await aws("eu-west-1", "sts"), { asked: "again" });
        fs.rmSync(heard);
        script(`echo >>${heard}; ${stopped}`);
        await assert.rejects(aws("eu-west-1", "sts"), { message: "the AWS CLI was interrupted" });
        assert.equal(fs.readFileSync(heard, "utf8").length, 2, "it is asked once more, and not for ever");
        fs.rmSync(heard);
      }
    } finally {
      process.env.PATH = PATH;
      fs.rmSync(directory, { recursive: true });
    }
  });
});
