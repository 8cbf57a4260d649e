/** Type tokens of the components: what state and policies call them. They never change once released. */
export const types = {
  Network: "eks-storage:index:Network",
  EncryptionKey: "eks-storage:index:EncryptionKey",
  FileSystem: "eks-storage:index:FileSystem",
  FileSystemReplica: "eks-storage:index:FileSystemReplica",
  Bucket: "eks-storage:index:Bucket",
  FileSystemClients: "eks-storage:index:FileSystemClients",
  Cluster: "eks-storage:index:Cluster",
  CsiDriver: "eks-storage:index:CsiDriver",
  EfsStorageClass: "eks-storage:index:EfsStorageClass",
  EbsStorageClass: "eks-storage:index:EbsStorageClass",
  DynamicVolume: "eks-storage:index:DynamicVolume",
  StaticVolume: "eks-storage:index:StaticVolume",
  Assets: "eks-storage:index:Assets",
  Catalog: "eks-storage:index:Catalog",
  Backups: "eks-storage:index:Backups",
  DeletionProtection: "eks-storage:index:DeletionProtection",
} as const;
