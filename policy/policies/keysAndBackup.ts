import { DISK, FILE_SYSTEM, isReplica, KEY, listOf, SELECTION, VAULT } from "../aws";
import { STORAGE_CLASS } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { peek, type Resource, type Stack } from "../stack";

const LONGEST_WINDOW = 30;

/** The resources that hold data, and the path of their key. */
const ENCRYPTED: [type: string, path: string][] = [
  [FILE_SYSTEM, "kmsKeyId"],
  [VAULT, "kmsKeyArn"],
  [DISK, "kmsKeyId"],
  [STORAGE_CLASS, "parameters.kmsKeyId"],
  ["aws:ssm/parameter:Parameter", "keyId"],
  ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "rules"],
];

/** The resources that hold data which a key encrypts. */
function dataOf(key: Resource, stack: Stack): Resource[] {
  return ENCRYPTED.flatMap(([type, path]) => {
    if (path === "rules")
      return stack.all(type).filter(({ propertyDependencies }) => propertyDependencies[path]?.includes(key.urn));
    const withKey = stack.all(type).filter(({ props }) => peek(props, path) !== undefined);
    return withKey.filter((it) => stack.referred(it, path, KEY).candidates.includes(key));
  });
}

/** Whether a backup selection includes a file system, by its ARN or by a tag. */
function selectsFileSystem(selection: Resource, fileSystem: Resource, stack: Stack): boolean {
  const { props, propertyDependencies } = selection;
  if (peek(props, "resources") !== undefined) {
    if ((propertyDependencies["resources"] ?? []).includes(fileSystem.urn)) return true;
    const resources = [...props.resources] as string[];
    if (resources.some((it) => it === "*" || it.startsWith("arn:aws:elasticfilesystem:*"))) return true;
    if (stack.referred(selection, "resources", FILE_SYSTEM).candidates.includes(fileSystem)) return true;
  }
  return listOf<any>(props.selectionTags).some(({ key, value }) => fileSystem.props.tags?.[key] === value);
}

export const keysAndBackup: Policy[] = [
  {
    name: "keys-rotate",
    description: "A KMS key is rotated every year.",
    severity: Severity.Medium,
    standards: ["AWS Security Hub KMS.4", "Checkov CKV_AWS_7"],
    fix: ["Set enableKeyRotation to true. Existing data stays readable."],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    example: { wrong: "new aws.kms.Key(name)", right: "new aws.kms.Key(name, { enableKeyRotation: true })" },
    types: [KEY],
    *check({ props }) {
      if ((props.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT") return;
      if (props.enableKeyRotation !== true) yield "enableKeyRotation is not true";
    },
  },
  {
    name: "keys-outlive-data",
    description: "A key is kept as long as the data that it encrypts.",
    severity: Severity.Critical,
    standards: ["AWS Security Hub KMS.3"],
    fix: [
      "Protect the key (protect: true), and keep it at destroy (retainOnDelete: true).",
      `Set deletionWindowInDays to ${LONGEST_WINDOW}.`,
    ],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    example: {
      wrong: "new aws.kms.Key(name, args)",
      right: "new aws.kms.Key(name, args, { protect: true, retainOnDelete: true })",
    },
    types: [KEY],
    *checkInStack(key, stack) {
      const [data] = dataOf(key, stack);
      if (!data) return;
      if (!key.protect) yield `it encrypts ${data.name}, and is not protected`;
      const days = Number(key.props.deletionWindowInDays ?? LONGEST_WINDOW);
      if (days < LONGEST_WINDOW) yield `it encrypts ${data.name}, and deletionWindowInDays is ${days}`;
    },
  },
  {
    name: "efs-backed-up",
    description: "An EFS file system is in a backup plan.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.2", "Checkov CKV2_AWS_18"],
    fix: ["Add its ARN or one of its tags to a backup selection, or add a BackupPolicy with the status ENABLED."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html",
    example: {
      wrong: "{ resources: [] }",
      right: "new aws.backup.Selection(name, { planId, iamRoleArn, resources: [fileSystem.arn] })",
    },
    types: [FILE_SYSTEM],
    *checkInStack(fileSystem, stack) {
      // The source of the replication is backed up.
      if (isReplica(fileSystem, stack)) return;
      const backupPolicies = stack.referring(fileSystem, "fileSystemId", "aws:efs/backupPolicy:BackupPolicy");
      if (backupPolicies.some(({ props }) => props.backupPolicy?.status === "ENABLED")) return;
      if (!stack.all(SELECTION).some((it) => selectsFileSystem(it, fileSystem, stack)))
        yield "no backup selection includes it, and no BackupPolicy is ENABLED";
    },
  },
  {
    name: "vault-locked",
    description: "A backup vault has a lock: backups can't be deleted before a minimum retention.",
    severity: Severity.High,
    standards: [],
    fix: ["Add a VaultLockConfiguration with minRetentionDays."],
    url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    example: {
      wrong: "new aws.backup.Vault(name) // and no lock",
      right: "{ backupVaultName: vault.name, minRetentionDays: 30 }",
    },
    types: [VAULT],
    *checkInStack(vault, stack) {
      const locks = stack.referring(
        vault,
        "backupVaultName",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      );
      if (!locks.some(({ props }) => Number(props.minRetentionDays ?? 0) > 0))
        yield "it has no lock with minRetentionDays";
    },
  },
];
