import { FILE_SYSTEM, isReplica, listOf, SELECTION, VAULT } from "../aws";
import { type Policy, Severity } from "../policy";
import { peek, type Resource, type Stack } from "../stack";

/** Whether a backup selection includes a file system, by its ARN or by a tag. */
function selectsFileSystem(selection: Resource, fileSystem: Resource, stack: Stack): boolean {
  const { props, propertyDependencies } = selection;
  if (peek(props, "resources") !== undefined) {
    if ((propertyDependencies["resources"] ?? []).includes(fileSystem.urn)) return true;
    const resources = [...props.resources] as string[];
    if (resources.some((it) => it === "*" || /^arn:aws[a-z-]*:elasticfilesystem:\*/.test(it))) return true;
    if (stack.referred(selection, "resources", FILE_SYSTEM).candidates.includes(fileSystem)) return true;
  }
  return listOf<any>(props.selectionTags).some(({ key, value }) => fileSystem.props.tags?.[key] === value);
}

export const backup: Policy[] = [
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
