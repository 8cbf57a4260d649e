import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  BackupLock,
  DEFAULT_COMPLIANCE_GRACE_IN_DAYS,
  validateBackupLock,
  validateAdoptedVault,
  lockedRetention,
} from "./backupLock";
import { backupRole } from "./backupRole";
import { BACKUP_TAG } from "./backupTag";
import { EncryptionKey } from "../kms/encryptionKey";
import { type RoleRulesArgs, validateRoleRules } from "../iam/roleRules";
import { DEFAULT_SCHEDULE, validateSchedule } from "./backupSchedule";
import { known } from "../checks/known";
import { assertArguments } from "../checks/assertValid";
import { VAULT_NAME } from "../checks/awsForms";
import type { Violation } from "../checks/violations";
import { adopt as adoptOnce, adopted, mustStay } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { validateAdoptableVault } from "./adoptableVault";
import { keepsData, protectAndRetain, retained, type Retention } from "../retention/retention";
import { typeTokens } from "../typeTokens";

/** The file system that {@link Backups} backs up. */
export interface BackedUpFileSystemArgs {
  /** The file system's id, `fs-…`. */
  id: pulumi.Input<string>;
  /** The file system's ARN. */
  arn: pulumi.Input<string>;
}

export interface BackupsArgs {
  /** The vault's name in AWS, such as `shop-prod`. Plain. */
  vaultName: string;
  /** The AWS account of the stack, which owns the vault's key. */
  accountId: pulumi.Input<string>;
  /** The AWS partition of the account, such as `aws-cn`: its ARNs begin with it. Default: the provider's. */
  partition?: pulumi.Input<string>;
  /**
   * The file system to back up. EFS's own automatic backups of it are turned off. Whether it is given is plain. Default:
   * only disks are backed up.
   */
  fileSystem?: BackedUpFileSystemArgs;
  /**
   * The plan backs up the disks whose tag `eks-storage:backup` has this value: an `EbsStorageClass` gives it by its
   * `backupTagValue`.
   */
  tagValue: pulumi.Input<string>;
  /**
   * When a backup is made, in UTC, at most once an hour, as AWS writes it:
   * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based. Default: every night at two,
   * `cron(0 2 * * ? *)`.
   */
  schedule?: pulumi.Input<string>;
  /** How long a backup is kept, in days, at least 1. Plain. */
  retentionInDays: number;
  /** Who may delete backups before their time. Plain. Default: `governance`. */
  lock?: BackupLock;
  /** `irrevocable`: the word that the lock `compliance` needs, since nobody can undo it. Plain. Default: none. */
  complianceConfirmation?: string;
  /** Days in which the lock `compliance` can still be taken off, at least 3. Plain. Default: 14. */
  complianceGraceInDays?: number;
  /** Whether the backups outlive the stack; where not, a destroy deletes them with the vault. Plain. */
  retention: Retention;
  /** Whether an earlier stack kept the vault, and this one adopts it, once. Plain. Default: false. */
  adopt?: boolean;
  /** Id of the vault's key that the earlier stack kept: required with `adopt`. Plain. Default: none. */
  adoptKeyId?: string;
  /** Name of the role that the earlier stack kept with it. Plain. Default: a new one, as stacks of older code kept none. */
  adoptRole?: string;
  /** What the account asks of IAM roles: a permissions boundary, a path, how names begin. Plain. Default: nothing. */
  roles?: RoleRulesArgs;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * An AWS Backup vault, and a plan that backs up a file system and the disks with a tag. The vault has its own KMS key, and a
 * lock that keeps backups until they expire. It needs nothing from a cluster.
 *
 * Use it against what retention doesn't help against: files and tables that somebody deletes or overwrites.
 *
 * @throws pulumi.RunError for a schedule that AWS Backup doesn't accept; for the lock `compliance` without its confirmation, on
 *   an adopted vault, or on one that a destroy must empty; for `adopt` without its key; at a preview already, for a vault or a
 *   role that can't be adopted.
 */
export class Backups extends pulumi.ComponentResource {
  /** The vault's name; known from the start. */
  public readonly vaultName: pulumi.Output<string>;
  /** Id of the vault's KMS key. */
  public readonly keyId: pulumi.Output<string>;
  /** The role that AWS Backup makes backups and restores with: `--iam-role-arn`. */
  public readonly roleArn: pulumi.Output<string>;
  /** That role's name. */
  public readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { vaultName, retentionInDays, retention, complianceConfirmation } = args;
    const {
      lock = BackupLock.Governance,
      complianceGraceInDays = DEFAULT_COMPLIANCE_GRACE_IN_DAYS,
      adopt = false,
    } = args;
    assertArguments("Backups", name, args, () => [
      ...validate(args),
      ...validateBackupLock({
        retentionInDays,
        lock,
        complianceConfirmation,
        complianceGraceInDays,
        retention,
        adopt,
      }),
    ]);
    super(typeTokens.Backups, name, {}, opts);
    const parent = this;

    const { argumentNames, adoptKeyId, partition = aws.getPartitionOutput({}, { parent }).partition } = args;
    const keyNames = { adoptId: argumentNames?.["adoptKeyId"] ?? `adoptKeyId of Backups "${name}"` };
    const adopter: Adopter = { type: typeTokens.Backups, name, component: this, argumentNames };
    const adoptable = { argument: "vaultName", id: vaultName, type: "aws:backup/vault:Vault", names: [name] };
    const check = () => validateAdoptableVault({ vaultName, adoptKeyId }, { parent });

    const key = new EncryptionKey(
      `${name}-backups`,
      {
        alias: `${vaultName}-backups`,
        accountId: args.accountId,
        partition,
        retention,
        adoptId: args.adoptKeyId,
        argumentNames: keyNames,
      },
      { parent },
    );
    const { role, attachments } = backupRole(name, { ...args, partition }, adopter, parent);
    const vault = new aws.backup.Vault(
      name,
      { name: vaultName, kmsKeyArn: key.keyArn, ...(keepsData(retention) ? {} : { forceDestroy: true }) },
      {
        parent,
        ...protectAndRetain(retention),
        ...(adopt ? adoptOnce(adopter, { ...adoptable, check }).options : mustStay(adopter, adoptable)),
        // AWS Backup can delete the backups only as long as the role has its policies.
        dependsOn: attachments,
      },
    );
    if (lock !== BackupLock.None) {
      new aws.backup.VaultLockConfiguration(
        name,
        {
          backupVaultName: vault.name,
          ...lockedRetention(retentionInDays),
          ...(lock === BackupLock.Compliance ? { changeableForDays: complianceGraceInDays } : {}),
        },
        {
          parent,
          ...retained(retention),
          // A vault has one lock, and any change replaces it. Deleting the old one last would remove the new one, too.
          deleteBeforeReplace: true,
        },
      );
    }

    const plan = new aws.backup.Plan(
      name,
      {
        name: vaultName,
        rules: [
          {
            ruleName: "scheduled",
            targetVaultName: vault.name,
            schedule: args.schedule ?? DEFAULT_SCHEDULE,
            startWindow: 60,
            // As long as AWS's own default, a week: a first backup of many TB takes days. The provider's is three hours.
            completionWindow: 7 * 24 * 60,
            lifecycle: { deleteAfter: retentionInDays },
          },
        ],
      },
      { parent },
    );
    const select = (what: string, selection: Pick<aws.backup.SelectionArgs, "resources" | "conditions">) =>
      new aws.backup.Selection(
        `${name}-${what}`,
        { name: what, planId: plan.id, iamRoleArn: role.arn, ...selection },
        { parent, dependsOn: attachments },
      );
    // The driver makes the disks, with tags from their class, so their ids aren't known here.
    select("disks", {
      resources: [pulumi.interpolate`arn:${partition}:ec2:*:*:volume/*`],
      conditions: [{ stringEquals: [{ key: `aws:ResourceTag/${BACKUP_TAG}`, value: args.tagValue }] }],
    });
    if (args.fileSystem) {
      select("file-system", { resources: [args.fileSystem.arn] });
      // EFS would make, and charge for, daily backups of its own beside the plan's.
      const backupPolicy = { status: "DISABLED" };
      new aws.efs.BackupPolicy(name, { fileSystemId: args.fileSystem.id, backupPolicy }, { parent });
    }

    this.vaultName = vault.name;
    this.keyId = key.keyId;
    this.roleArn = role.arn;
    this.roleName = role.name;
    const { vaultName: vaultOutput, keyId, roleArn, roleName } = this;
    this.registerOutputs({
      ...{ vaultName: vaultOutput, keyId, roleArn, roleName },
      ...adopted({ vaultName: adopt ? vaultName : undefined, adoptRole: args.adoptRole }),
    });
  }
}

function validate(args: BackupsArgs): Violation[] {
  const { vaultName, adopt, adoptKeyId, adoptRole, schedule, roles } = args;
  const wrongName = {
    argument: "vaultName",
    expected: "2 to 50 letters, digits, dashes and underscores",
    actual: vaultName,
    fix: "AWS Backup takes no other names for a vault.",
  };
  return [
    ...(VAULT_NAME.test(vaultName) ? [] : [wrongName]),
    ...validateAdoptedVault(adopt ?? false, adoptKeyId, adoptRole),
    ...validateSchedule(known(schedule)),
    ...validateRoleRules(roles),
  ];
}
