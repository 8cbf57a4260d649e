import assert from "node:assert/strict";
import { ACCOUNT, others, policyOf, roleOf } from "../../support/access";
import { allowed, denied, judge, type Row, type Words } from "../../support/accessTable";
import { arnOf } from "../../support/mockIds";
import { program } from "../../support/program";
import { all, one } from "../../support/queries";
import type { Registration } from "../../support/registrations";

const BACKUPS = "AWS Backup";
const EBS = "the EBS driver";
const SCALING = "the Auto Scaling service's role";
const ELSEWHERE = "another account's administrator";

/** A key's policy leaves it to the account's IAM who may use the key; so a role's own policies decide. */
const KEYS_TABLE: Row[] = ["the data's key", "the backups' key"].flatMap((key) => [
  allowed("administrator", "kms:Decrypt", key),
  allowed("administrator", "kms:ScheduleKeyDeletion", key),
  allowed("administrator", "kms:PutKeyPolicy", key),
  denied("stranger", "kms:Decrypt", key),
  denied("anybody", "kms:Decrypt", key),
  denied(ELSEWHERE, "kms:Decrypt", key),
  denied(ELSEWHERE, "kms:CreateGrant", key, "for a service of AWS"),
  // The nodes' own disks name no key, so the service that starts nodes needs none of these:
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
  denied(SCALING, "kms:CreateGrant", key, "for a service of AWS"),
  denied(SCALING, "kms:Decrypt", key),
  allowed(BACKUPS, "kms:CreateGrant", key, "for a service of AWS"),
  denied(BACKUPS, "kms:CreateGrant", key, "for somebody else"),
  allowed(BACKUPS, "kms:Decrypt", key, "through EC2"),
  denied(BACKUPS, "kms:Decrypt", key),
  denied(BACKUPS, "kms:ScheduleKeyDeletion", key),
]);

const BACKUP_TABLE: Row[] = [
  denied(EBS, "kms:Decrypt", "the backups' key"),
  allowed(BACKUPS, "elasticfilesystem:Backup", "the file system"),
  allowed(BACKUPS, "elasticfilesystem:Restore", "the file system"),
  denied(BACKUPS, "elasticfilesystem:PutFileSystemPolicy", "the file system"),
  allowed(BACKUPS, "ec2:CreateSnapshot", "a disk"),
  allowed(BACKUPS, "ec2:CreateVolume", "a disk"),
  allowed(BACKUPS, "ec2:DeleteSnapshot", "a snapshot"),
  // AWS's own policies allow more than backups need.
  allowed(BACKUPS, "ec2:DeleteVolume", "a disk"),
  allowed(BACKUPS, "elasticfilesystem:DeleteFileSystem", "the file system"),
  denied(BACKUPS, "backup:DeleteRecoveryPoint", "a recovery point"),
  denied(BACKUPS, "backup:DeleteBackupVault", "the vault"),
  denied(BACKUPS, "s3:GetObject", "an object"),
  denied(EBS, "backup:DeleteRecoveryPoint", "a recovery point"),
  denied("stranger", "backup:StartRestoreJob", "a recovery point"),
  // The vault has no policy of its own; its lock is what holds an administrator back.
  allowed("administrator", "backup:DeleteRecoveryPoint", "a recovery point"),
  denied(ELSEWHERE, "backup:DeleteRecoveryPoint", "a recovery point"),
  denied(ELSEWHERE, "backup:CopyIntoBackupVault", "the vault"),
];

const LOGS_TABLE: Row[] = [
  allowed("flow logs", "logs:PutLogEvents", "their log stream"),
  allowed("flow logs", "logs:CreateLogStream", "their log stream"),
  allowed("flow logs", "logs:DescribeLogStreams", "their log group"),
  denied("flow logs", "logs:PutLogEvents", "another log stream"),
  denied("flow logs", "logs:DeleteLogGroup", "their log group"),
];

/** The service that takes the roles of each kind. */
const SERVICES = ["pods.eks.amazonaws.com", "backup.amazonaws.com", "vpc-flow-logs.amazonaws.com", "ec2.amazonaws.com"];
const TAKER: [role: RegExp, service: string][] = [
  [/^(ebs|efs|s3)-csi-/, "pods.eks.amazonaws.com"],
  [/-backup$/, "backup.amazonaws.com"],
  [/-flow-logs$/, "vpc-flow-logs.amazonaws.com"],
  [/-nodes$/, "ec2.amazonaws.com"],
];
const takes = (role: string, who: string) => TAKER.some(([name, service]) => service === who && name.test(role));

describe("who may do what with keys, backups and logs", () => {
  let words: Words;
  let dev: Registration[];

  before(async () => {
    dev = await program("dev", { changes: { encryptionKey: "customer" } });
    const key = (name: string) => ({
      resource: arnOf("kms/key", name),
      resourcePolicy: policyOf(one(dev, "aws:kms/key:Key", name)),
    });
    const at = (service: string, resource: string) => ({
      resource: `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`,
    });
    const group = "log-group:eks-storage-dev-flow-logs-1a2b3c4";
    const scaling = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    words = {
      principals: {
        ...others,
        [BACKUPS]: roleOf(dev, "eks-storage-dev-backup"),
        [EBS]: roleOf(dev, "ebs-csi-controller"),
        "flow logs": roleOf(dev, "eks-storage-dev-flow-logs"),
        // Nothing in its policy, AutoScalingServiceRolePolicy v10, is about KMS.
        [SCALING]: { arn: `arn:aws:iam::${ACCOUNT}:${scaling}`, policies: [] },
      },
      resources: {
        "the data's key": key("eks-storage-dev"),
        "the backups' key": key("eks-storage-dev-backups"),
        "the file system": at("elasticfilesystem", "file-system/fs-0f1000000000000aa"),
        "a disk": at("ec2", "volume/vol-0f1000000000000aa"),
        "a snapshot": { resource: "arn:aws:ec2:eu-west-1::snapshot/snap-0f1000000000000aa" },
        "a recovery point": at("backup", "recovery-point:1234abcd-12ab-34cd-56ef-1234567890ab"),
        "the vault": at("backup", "backup-vault:eks-storage-dev"),
        "an object": { resource: "arn:aws:s3:::images/image.jpg" },
        "their log group": at("logs", group),
        "their log stream": at("logs", `${group}:log-stream:eni-0f1000000000000aa-all`),
        "another log stream": at("logs", "log-group:other:log-stream:eni-0f1000000000000aa-all"),
      },
      circumstances: {
        "for a service of AWS": { "kms:GrantIsForAWSResource": "true" },
        "for somebody else": { "kms:GrantIsForAWSResource": "false" },
        "through EC2": { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" },
      },
    };
    for (const { name, inputs } of all(dev, "aws:iam/role:Role")) {
      const arn = `arn:aws:iam::${ACCOUNT}:role/${name}-1a2b3c4`;
      words.resources[name] = { resource: arn, resourcePolicy: policyOf({ inputs } as Registration) };
    }
  });

  judge([...KEYS_TABLE, ...BACKUP_TABLE, ...LOGS_TABLE], () => words);

  const roles = ["ebs-csi-controller", "efs-csi-controller", "efs-csi-node"].concat(
    ["backup", "flow-logs", "nodes"].map((name) => `eks-storage-dev-${name}`),
  );
  it("has a role's taker for every role", () => {
    assert.deepEqual(
      all(dev, "aws:iam/role:Role")
        .map(({ name }) => name)
        .sort(),
      roles.sort(),
    );
  });
  judge(
    roles.flatMap((role) => [
      ...SERVICES.map((who): Row => ({ who, action: "sts:AssumeRole", on: role, may: takes(role, who) })),
      denied("administrator", "sts:AssumeRole", role),
      denied(ELSEWHERE, "sts:AssumeRole", role),
    ]),
    () => {
      const services = Object.fromEntries(SERVICES.map((arn) => [arn, { arn, policies: [] }]));
      return { ...words, principals: { ...words.principals, ...services } };
    },
  );
});
