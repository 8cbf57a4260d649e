import type { Account } from "../account";
import type { AwsRecord } from "../records";
import { canAct } from "./roles";

const DAY = 86_400_000;

/**
 * Deletes a recovery point, and the snapshot that a disk's is, as the role that made it. Without that role, or its rights,
 * nothing is refused and nothing deleted: it is EXPIRED, and paid for
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html). AWS Backup tries a role of its own
 * then, which mostly helps and isn't to be relied on (https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-iam.html):
 * here it never does.
 */
export function deletePoint(point: AwsRecord, account: Account): void {
  if (!canAct("delete", point.properties, account)) {
    point.status = "EXPIRED";
    return;
  }
  account.remove(point);
  account.remove(account.records.find(({ id }) => point.id.endsWith(`snapshot/${id}`)));
}

/** What AWS Backup does by itself, within hours, to the recovery points whose time is over. */
export function expirePoints(account: Account): void {
  const isOver = ({ properties: { creationDate, deleteAfterDays } }: AwsRecord) =>
    deleteAfterDays !== undefined && Date.now() > Date.parse(creationDate as string) + Number(deleteAfterDays) * DAY;
  for (const point of account.all("backup/recoveryPoint").filter(isOver)) deletePoint(point, account);
}
