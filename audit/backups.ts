import {
  type BackupClient,
  paginateListBackupVaults,
  paginateListRecoveryPointsByBackupVault,
} from "@aws-sdk/client-backup";
import { counted } from "../changes/text";
import { type Belonging, day, detailOf, size } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";

/**
 * The stack's vault with all that is in it; of other vaults what was backed up of the stack's file systems and disks.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations_AWS_Backup.html
 */
export async function backups(client: BackupClient, region: string, look: Look, belonging: Belonging): Promise<void> {
  const { vaultNames } = belonging.scope;
  const vaults = await look.all(
    { what: "backup vaults", right: "backup:ListBackupVaults", region },
    paginateListBackupVaults({ client, pageSize: 100 }, {}),
    (page) => page.BackupVaultList,
  );
  for (const { BackupVaultName: name = "", NumberOfRecoveryPoints: count = 0, Locked } of vaults) {
    const key = belonging.kept.get(name);
    const isKept = key !== undefined;
    const isOurs = isKept || vaultNames.includes(name);
    const points = await look.all(
      { what: `recovery points in ${name}`, right: "backup:ListRecoveryPointsByBackupVault", region },
      paginateListRecoveryPointsByBackupVault({ client, pageSize: 1000 }, { BackupVaultName: name }),
      (page) => page.RecoveryPoints,
    );
    if (isOurs) {
      const whose = isKept
        ? { owner: Owner.Kept, because: `recorded as ${key}` }
        : { owner: Owner.Stack, because: "its name" };
      const detail = detailOf(counted(count, "recovery point"), Locked && "locked");
      belonging.add({ kind: "backup vault", id: name, region, ...whose, detail });
    }
    for (const point of points) {
      const { RecoveryPointArn: id = "", ResourceArn = "", CreationDate, Status, BackupSizeInBytes } = point;
      const of = ResourceArn.split(/[:/]/).pop();
      if (!isOurs && !belonging.isOurs(of)) continue;
      const detail = detailOf(
        `of ${of ?? ""}`,
        CreationDate && `made ${day(CreationDate)!}`,
        size(BackupSizeInBytes),
        Status,
        `in ${name}`,
      );
      belonging.add({
        ...{ kind: "recovery point", id, region, detail },
        owner: isKept ? Owner.Kept : isOurs ? Owner.Stack : Owner.Other,
        because: isOurs ? `in ${name}` : `of ${of ?? ""}`,
        isGoing: Status === "DELETING",
      });
    }
  }
}
