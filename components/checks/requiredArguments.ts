import { of } from "./plainArguments";
import { deferredKind, type Violation } from "./violations";

const IDENTITY = ["identity", "identity.uid", "identity.gid"];
const EFS = of("efs", ["fileSystemId", "accessPointId", "path"]);
const S3 = of("s3", ["bucketName", "region"]);
const ACCESS_POINTS = ["accessPoints", ...of("accessPoints.*", ["path", ...IDENTITY])];

/**
 * The arguments that each component can't do without: those whose type isn't optional. `*` stands for a record's keys. What
 * is in an argument that is left out isn't missed. JavaScript doesn't see the types, and Python not those of what is in a
 * dictionary.
 */
export const requiredArguments: Record<string, string[]> = {
  Alarms: ["topicArn", "fileSystemId", "backupVaultName"],
  Assets: ["image", "replicas", ...IDENTITY, ...EFS, "efsClass.storageClassName", ...S3],
  Backups: [
    ...["vaultName", "accountId", "fileSystem.id", "fileSystem.arn", "tagValue", "retentionInDays", "retention"],
  ],
  Bucket: ["bucketName", "retention"],
  Catalog: [
    ...["image", "replicas", "mysqlImage", "storageClassName", "storage", "databaseZone", "retention"],
    ...["credentialsParameter", ...of("adoptDisk", ["volumeId", "zone"])],
  ],
  Cluster: [
    ...["clusterName", "kubernetesVersion", "vpcId", "zones", "controlPlaneZones", "privateSubnetIds", "retention"],
    ...of("accessEntries.*", ["principalArn", "access"]),
    ...["addonVersions", ...of("addonVersions", ["vpcCni", "kubeProxy", "coredns", "podIdentityAgent"])],
    ...of("load", ["pods", "memoryInMib", "largestPodInMib"]),
  ],
  ContainerInsights: ["clusterName", "region", "version"],
  CsiDriver: ["kind", "clusterName", "version", "region", "diskSource.accountId", "kubeconfig"],
  DeletionProtection: [
    ...["retention", "configuration", "kubeconfig"],
    ...of("claim", ["namespace", "name", "volumeKey", "zoneKey"]),
  ],
  DynamicVolume: ["claimName", "namespace", "storageClassName", ...IDENTITY],
  EbsSnapshotClass: ["className"],
  EbsStorageClass: ["className"],
  EfsStorageClass: ["className", "fileSystemId", ...IDENTITY],
  EncryptionKey: ["alias", "accountId", "retention"],
  ExistingBucket: ["bucketName", "region"],
  ExistingCluster: ["clusterName", "region", "vpcId"],
  ExistingEncryptionKey: ["keyArn"],
  ExistingFileSystem: [
    ...["fileSystemId", "region", "accountId", "vpcId", "zones", "subnetIds", ...ACCESS_POINTS, "retention"],
  ],
  ExistingNetwork: ["vpcId", "privateSubnetIds", "zones"],
  FileSystem: ["vpcId", "zones", "subnetIds", ...ACCESS_POINTS, "retention"],
  FileSystemClients: ["securityGroupId", "clients"],
  FileSystemReplica: ["sourceFileSystemId", "region", "retention"],
  Network: ["cidrBlock", "zones", "region"],
  SnapshotController: ["clusterName", "version"],
  StaticVolume: [...["claimName", "namespace", ...EFS, ...of("efs", IDENTITY), ...S3, ...of("s3", IDENTITY)]],
};

/** The arguments that are missing, and what is missing in one that is given. */
export function validateRequired(component: string, args: object): Violation[] {
  const missing = (value: unknown, names: string[], at: string[]): string[] => {
    const [name, ...below] = names;
    if (name === undefined) return value === undefined || value === null ? [at.join(".")] : [];
    if (typeof value !== "object" || value === null || deferredKind(value) !== undefined) return [];
    const members = name === "*" ? Object.keys(value) : [name];
    return members.flatMap((it) => missing((value as Record<string, unknown>)[it], below, [...at, it]));
  };
  return requiredArguments[component]!.flatMap((path) => missing(args, path.split("."), [])).map((argument) => ({
    argument,
    expected: "given",
    actual: undefined,
    fix: "It has no default.",
  }));
}
