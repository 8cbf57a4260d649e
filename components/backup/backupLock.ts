import type { Violation } from "../checks/violations";
import { keepsData, type Retention } from "../retention/retention";

/**
 * Who may shorten or delete backups before their time.
 *
 * - `none`: whoever may delete recovery points.
 * - `governance`: nobody, until somebody with the right to do so takes the lock off the vault.
 * - `compliance`: nobody at all, AWS included, from the lock date on. The vault then can't be emptied or deleted, and is
 *   paid for, until its last recovery point has expired.
 *
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
 */
export const BackupLock = { None: "none", Governance: "governance", Compliance: "compliance" } as const;
export type BackupLock = (typeof BackupLock)[keyof typeof BackupLock];

/** The word that confirms a lock that nobody can ever take off. */
export const COMPLIANCE_CONFIRMATION = "irrevocable";

export interface BackupLockArgs {
  /** How long a recovery point is kept, in days. */
  retentionInDays: number;
  lock: BackupLock;
  complianceConfirmation?: string;
  complianceGraceInDays?: number;
  retention: Retention;
  adopt: boolean;
}

/** The longest that AWS Backup keeps, and defers, anything: 100 years. */
export const LONGEST_RETENTION_IN_DAYS = 36500;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html */
const SHORTEST_GRACE = 3;
/** Days in which a compliance lock can still be taken off, where nothing else is set. */
export const DEFAULT_COMPLIANCE_GRACE_IN_DAYS = 14;

const isWhole = (value: number, from: number) =>
  Number.isInteger(value) && value >= from && value <= LONGEST_RETENTION_IN_DAYS;

/** The retention that the vault demands of every backup: no shorter than the plan's, and never for ever. */
export function lockedRetention(retentionInDays: number): { minRetentionDays: number; maxRetentionDays: number } {
  return { minRetentionDays: retentionInDays, maxRetentionDays: Math.max(retentionInDays, 365) };
}

const LOCK_NAMES = {
  retentionInDays: "retentionInDays",
  lock: "lock",
  complianceConfirmation: "complianceConfirmation",
  complianceGraceInDays: "complianceGraceInDays",
  retention: "retention",
};

/** What is wrong with a lock: what AWS would refuse, and a lock for ever that isn't confirmed. */
export function validateBackupLock(args: BackupLockArgs, names: Partial<typeof LOCK_NAMES> = {}): Violation[] {
  const named = { ...LOCK_NAMES, ...names };
  const {
    retentionInDays,
    lock,
    complianceConfirmation,
    complianceGraceInDays = DEFAULT_COMPLIANCE_GRACE_IN_DAYS,
    retention,
    adopt,
  } = args;
  const violations: [boolean, Violation][] = [
    [
      !isWhole(retentionInDays, 1),
      {
        argument: named.retentionInDays,
        expected: `a whole number from 1 to ${LONGEST_RETENTION_IN_DAYS}`,
        actual: retentionInDays,
        fix: "AWS Backup keeps a recovery point for at least a day.",
      },
    ],
    [
      lock === BackupLock.Compliance && complianceConfirmation !== COMPLIANCE_CONFIRMATION,
      {
        argument: named.complianceConfirmation,
        expected: `${COMPLIANCE_CONFIRMATION} with ${named.lock} ${BackupLock.Compliance}`,
        actual: complianceConfirmation,
        fix: "After its days of grace nobody, AWS included, can undo this lock. Most stacks want governance.",
      },
    ],
    [
      lock !== BackupLock.Compliance && complianceConfirmation !== undefined,
      {
        argument: named.complianceConfirmation,
        expected: `left out with ${named.lock} ${lock}`,
        actual: complianceConfirmation,
        fix: `Set it only together with ${BackupLock.Compliance}, which then nobody chooses by mistake.`,
      },
    ],
    [
      lock === BackupLock.Compliance && !isWhole(complianceGraceInDays, SHORTEST_GRACE),
      {
        argument: named.complianceGraceInDays,
        expected: `a whole number from ${SHORTEST_GRACE} to ${LONGEST_RETENTION_IN_DAYS}`,
        actual: complianceGraceInDays,
        fix: "In these days the lock can be undone; AWS requires at least three.",
      },
    ],
    [
      lock === BackupLock.Compliance && !keepsData(retention),
      {
        argument: named.lock,
        expected: `${BackupLock.None} or ${BackupLock.Governance} with ${named.retention} ${retention}`,
        actual: lock,
        fix: "A destroy would have to empty the vault, which AWS refuses until the last backup has expired.",
      },
    ],
    [
      lock === BackupLock.Compliance && adopt,
      {
        argument: named.lock,
        expected: `${BackupLock.None} or ${BackupLock.Governance} for an adopted vault`,
        actual: lock,
        fix: `A vault locked by ${BackupLock.Compliance} stays locked: choose ${BackupLock.None}, which leaves its lock alone.`,
      },
    ],
  ];
  return violations.filter(([isWrong]) => isWrong).map(([, violation]) => violation);
}

/** What is wrong with adopting a vault without its key, or a key or a role without their vault. */
export function validateAdoptedVault(
  adopt: boolean,
  adoptKeyId: string | undefined,
  adoptRole: string | undefined,
  names = { adopt: "adopt", adoptKeyId: "adoptKeyId", adoptRole: "adoptRole" },
): Violation[] {
  const wrongKey = {
    argument: names.adoptKeyId,
    expected: `set with ${names.adopt}, and only with it`,
    actual: adoptKeyId,
    fix: "A vault can't change its key: name the one that was kept with it.",
  };
  const wrongRole = {
    argument: names.adoptRole,
    expected: `set with ${names.adopt} only`,
    actual: adoptRole,
    fix: "It deletes the backups of the vault that was kept with it: name that, too.",
  };
  return [
    ...(adopt === (adoptKeyId !== undefined) ? [] : [wrongKey]),
    ...(adopt || adoptRole === undefined ? [] : [wrongRole]),
  ];
}
