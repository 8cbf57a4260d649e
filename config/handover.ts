import type * as pulumi from "@pulumi/pulumi";
import type * as storage from "../components/index";
import { recordParameterOf } from "../components/retention/retentionRecord";
import type { Stack } from "./stack";

/** What the program has made that may outlive it. */
export interface Made {
  key?: storage.EncryptionKey;
  replicaKey?: storage.EncryptionKey;
  /** Only the stack's own. */
  fileSystem?: storage.FileSystem;
  accessPointIds: pulumi.Output<Record<string, string>>;
  replica?: storage.FileSystemReplica;
  backups: storage.Backups;
  catalog: storage.Catalog;
}

/** What a destroy leaves, as the configuration with which a later stack adopts it. */
export function handover(
  stack: Stack,
  made: Made,
): Pick<storage.DeletionProtectionArgs, "configuration" | "adopted" | "claim" | "recordParameter"> {
  const values: Record<string, pulumi.Input<string> | undefined> = {
    adoptEncryptionKeyId: made.key?.keyId,
    adoptReplicaEncryptionKeyId: made.replicaKey?.keyId,
    adoptReplicaFileSystemId: made.replica?.fileSystemId,
    adoptFileSystemId: made.fileSystem?.fileSystemId,
    adoptAssetsAccessPointId: made.accessPointIds["assets"]!,
    adoptMysqlCredentials: stack.credentialsParameter,
    adoptBackupVault: made.backups.vaultName,
    adoptBackupKeyId: made.backups.keyId,
    adoptBackupRole: made.backups.roleName,
    adoptBucketName: stack.bucket?.bucketName,
  };
  const given = Object.entries(values).filter((it): it is [string, pulumi.Input<string>] => it[1] !== undefined);
  const { claimName: name } = made.catalog;
  const keys = {
    volumeKey: "adoptMysqlVolumeId",
    zoneKey: "adoptMysqlZone",
    credentialsKey: "adoptMysqlCredentials",
  };
  return {
    configuration: Object.fromEntries(given),
    adopted: stack.adopted,
    recordParameter: recordParameterOf(stack.name),
    claim: { namespace: "catalog", name, ...keys },
  };
}
