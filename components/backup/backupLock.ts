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

/** What somebody has to say who wants a lock that nobody can ever take off. */
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
const LONGEST = 36500;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html */
const SHORTEST_GRACE = 3;

const isWhole = (value: number, from: number) => Number.isInteger(value) && value >= from && value <= LONGEST;

/** The retention that the vault demands of every backup: no shorter than the plan's, and never for ever. */
export function lockedRetention(retentionInDays: number): { minRetentionDays: number; maxRetentionDays: number } {
  return { minRetentionDays: retentionInDays, maxRetentionDays: Math.max(retentionInDays, 365) };
}

/** What AWS would assertValid, and what nobody could undo. */
export function validateBackupLock(args: BackupLockArgs): Violation[] {
  const { retentionInDays, lock, complianceConfirmation, complianceGraceInDays = 14, retention, adopt } = args;
  const violations: [boolean, Violation][] = [
    [
      !isWhole(retentionInDays, 1),
      {
        argument: "retentionInDays",
        expected: `a whole number from 1 to ${LONGEST}`,
        actual: retentionInDays,
        fix: "AWS Backup keeps a recovery point for at least a day.",
      },
    ],
    [
      lock === BackupLock.Compliance && complianceConfirmation !== COMPLIANCE_CONFIRMATION,
      {
        argument: "complianceConfirmation",
        expected: `${COMPLIANCE_CONFIRMATION} with lock ${BackupLock.Compliance}`,
        actual: complianceConfirmation,
        fix: "After its days of grace nobody, AWS included, can ever undo it. Most want governance.",
      },
    ],
    [
      lock !== BackupLock.Compliance && complianceConfirmation !== undefined,
      {
        argument: "complianceConfirmation",
        expected: `left out with lock ${lock}`,
        actual: complianceConfirmation,
        fix: `Without it lying ready, ${BackupLock.Compliance} can't be chosen by a slip.`,
      },
    ],
    [
      lock === BackupLock.Compliance && !isWhole(complianceGraceInDays, SHORTEST_GRACE),
      {
        argument: "complianceGraceInDays",
        expected: `a whole number from ${SHORTEST_GRACE} to ${LONGEST}`,
        actual: complianceGraceInDays,
        fix: "In this time it can still be undone; AWS wants three days of it at least.",
      },
    ],
    [
      lock === BackupLock.Compliance && !keepsData(retention),
      {
        argument: "lock",
        expected: `${BackupLock.None} or ${BackupLock.Governance} with retention ${retention}`,
        actual: lock,
        fix: "A destroy empties the vault, which AWS would refuse for as long as backups are kept.",
      },
    ],
    [
      lock === BackupLock.Compliance && adopt,
      {
        argument: "lock",
        expected: `${BackupLock.None} or ${BackupLock.Governance} for a vault that an earlier stack kept`,
        actual: lock,
        fix: `A vault under ${BackupLock.Compliance} stays so by itself: choose ${BackupLock.None}, and nothing changes it.`,
      },
    ],
  ];
  return violations.filter(([isWrong]) => isWrong).map(([, violation]) => violation);
}

/** A kept vault without its key, or a key or a role without its vault. */
export function validateAdoptedVault(
  adopt: boolean,
  adoptKeyId: string | undefined,
  adoptRole: string | undefined,
): Violation[] {
  const wrongKey = {
    argument: "adoptKeyId",
    expected: "given with adopt, and only with it",
    actual: adoptKeyId,
    fix: "A vault never changes its key: name the one that was kept with it.",
  };
  const wrongRole = {
    argument: "adoptRole",
    expected: "given with adopt only",
    actual: adoptRole,
    fix: "It deletes the backups of the vault that was kept with it: name that, too.",
  };
  return [
    ...(adopt === (adoptKeyId !== undefined) ? [] : [wrongKey]),
    ...(adopt || adoptRole === undefined ? [] : [wrongRole]),
  ];
}
