export { Alarms, type AlarmsArgs } from "./monitoring/alarms";
export { ApiAccess } from "./eks/apiAccess";
export { AccessMode } from "./volumes/accessModes";
export type { AccessPointArgs } from "./efs/accessPoints";
export * from "./workloads/assets";
export { BackupLock, COMPLIANCE_CONFIRMATION } from "./backup/backupLock";
export * from "./backup/backups";
export { BACKUP_TAG } from "./backup/backupTag";
export * from "./s3/bucket";
export * from "./workloads/catalog";
export * from "./eks/cluster";
export { ContainerInsights, type ContainerInsightsArgs } from "./monitoring/containerInsights";
export * from "./csi/csiDriver";
export { CsiDriverKind } from "./csi/csiDrivers";
export * from "./retention/deletionProtection";
export * from "./volumes/dynamicVolume";
export { EbsSnapshotClass, type EbsSnapshotClassArgs } from "./csi/ebsSnapshotClass";
export * from "./csi/ebsStorageClass";
export * from "./csi/efsStorageClass";
export * from "./kms/encryptionKey";
export * from "./eks/existingCluster";
export * from "./efs/existingFileSystem";
export * from "./efs/fileSystem";
export { defaultFileSystemName } from "./efs/fileSystemName";
export { MountAccess } from "./efs/fileSystemAccess";
export * from "./efs/fileSystemClients";
export { validateGp3, LARGEST_DISK_IN_GIB, smallestDiskInGib } from "./csi/gp3";
export * from "./efs/fileSystemReplica";
export {
  type FileSystemLifecycleArgs,
  PerformanceMode,
  ThroughputMode,
  TransitionAfter,
} from "./efs/fileSystemSettings";
export { type DiskSourceArgs, diskSourceOf } from "./csi/diskKey";
export { type AdoptedDiskArgs, adoptedDiskOf } from "./workloads/mysqlDisk";
export * from "./network/network";
export type { PosixIdentity } from "./efs/posixIdentity";
export * from "./retention/retention";
export * from "./retention/retentionRecord";
export * from "./csi/snapshotController";
export * from "./volumes/staticVolume";
export { ReclaimPolicy } from "./csi/storageClass";
