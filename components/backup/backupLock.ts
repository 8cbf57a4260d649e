import type { Problem } from "../checks/violations";
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
  takeUp: boolean;
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

/** What AWS would refuse, and what nobody could undo. */
export function backupLockProblems(args: BackupLockArgs): Problem[] {
  const { retentionInDays, lock, complianceConfirmation, complianceGraceInDays = 14, retention, takeUp } = args;
  const problems: [boolean, Problem][] = [
    [
      !isWhole(retentionInDays, 1),
      {
        argument: "retentionInDays",
        expected: `a whole number from 1 to ${LONGEST}`,
        found: retentionInDays,
        mend: "AWS Backup keeps a recovery point for at least a day.",
      },
    ],
    [
      lock === BackupLock.Compliance && complianceConfirmation !== COMPLIANCE_CONFIRMATION,
      {
        argument: "complianceConfirmation",
        expected: `${COMPLIANCE_CONFIRMATION} with lock ${BackupLock.Compliance}`,
        found: complianceConfirmation,
        mend: "After its days of grace nobody, AWS included, can ever undo it. Most want governance.",
      },
    ],
    [
      lock !== BackupLock.Compliance && complianceConfirmation !== undefined,
      {
        argument: "complianceConfirmation",
        expected: `left out with lock ${lock}`,
        found: complianceConfirmation,
        mend: `Without it lying ready, ${BackupLock.Compliance} can't be chosen by a slip.`,
      },
    ],
    [
      lock === BackupLock.Compliance && !isWhole(complianceGraceInDays, SHORTEST_GRACE),
      {
        argument: "complianceGraceInDays",
        expected: `a whole number from ${SHORTEST_GRACE} to ${LONGEST}`,
        found: complianceGraceInDays,
        mend: "In this time it can still be undone; AWS wants three days of it at least.",
      },
    ],
    [
      lock === BackupLock.Compliance && !keepsData(retention),
      {
        argument: "lock",
        expected: `${BackupLock.None} or ${BackupLock.Governance} with retention ${retention}`,
        found: lock,
        mend: "A destroy empties the vault, which AWS would refuse for as long as backups are kept.",
      },
    ],
    [
      lock === BackupLock.Compliance && takeUp,
      {
        argument: "lock",
        expected: `${BackupLock.None} or ${BackupLock.Governance} for a vault that an earlier stack kept`,
        found: lock,
        mend: `A vault under ${BackupLock.Compliance} stays so by itself: choose ${BackupLock.None}, and nothing changes it.`,
      },
    ],
  ];
  return problems.filter(([isWrong]) => isWrong).map(([, problem]) => problem);
}

/** A kept vault without its key, or a key without its vault. */
export function keptVaultProblems(takeUp: boolean, keptKeyId: string | undefined): Problem[] {
  if (takeUp === (keptKeyId !== undefined)) return [];
  return [
    {
      argument: "keptKeyId",
      expected: "given with takeUp, and only with it",
      found: keptKeyId,
      mend: "A vault never changes its key: name the one that was kept with it.",
    },
  ];
}
