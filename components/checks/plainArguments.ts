import { deferredKind, type Violation } from "./violations";

/** What is in an argument, by its path. */
export const of = (argument: string, names: string[]): string[] => names.map((name) => `${argument}.${name}`);

const NAMES = ["argumentNames.*"];
const IDENTITY = ["identity.uid", "identity.gid"];
const LIFECYCLE = of("lifecycle", ["toInfrequentAccess", "toArchive", "backOnAccess"]);
const ROLES = of("roles", ["permissionsBoundaryArn", "path", "namePrefix"]);
const ACCESS_POINTS = of("accessPoints.*", ["path", ...IDENTITY, "permissions", "adoptId"]);
const THROUGHPUT = ["throughputMode", "provisionedThroughputInMibps"];
const DIRECTORY = ["path", "fileSystemName", "mountAccess"];
const PART_OF_BUCKET = ["bucketName", "region", "prefix"];
const CLUSTER_WIDE = ["namespaces.*", "storageClasses.*", "volumeSnapshotClasses.*", "persistentVolumes.*"];

/**
 * The plain arguments of each component: those whose type is no `Input`. `*` stands for a record's keys and a list's places.
 * What they are in is plain, too; a record of inputs is named itself. JavaScript, Python and YAML don't see the types, and
 * to TypeScript a record in an output is a record of outputs.
 */
export const plainArguments: Record<string, string[]> = {
  Alarms: ["throughputMode", "hasClients"],
  Assets: [
    ...["namespace", ...IDENTITY, ...of("efs", DIRECTORY), ...of("s3", PART_OF_BUCKET)],
    ...of("efsClass", ["storageClassName", "fileSystemName"]),
  ],
  Backups: [
    ...["vaultName", "fileSystem", "retentionInDays", "lock", "complianceConfirmation", "complianceGraceInDays"],
    ...["retention", "adopt", "adoptKeyId", "adoptRole", ...ROLES, ...NAMES],
  ],
  Bucket: ["bucketName", "retention", "adopt", ...NAMES],
  Catalog: [
    ...["namespace", "storageClassName", "databaseZone", "retention", "credentialsParameter", "adoptCredentials"],
    ...[...of("adoptDisk", ["volumeId", "zone", "backupTagValue"]), "snapshotId", ...NAMES],
  ],
  Cluster: [
    ...["clusterName", "zones.*", "controlPlaneZones.*", "apiAccess", "accessEntries.*.access", "addonVersions"],
    ...of("load", ["pods", "memoryInMib", "largestPodInMib"]),
    ...["defaultEbsKeyConfirmation", "tags", "assumeRoleArn", "retention", ...ROLES, ...NAMES],
  ],
  ContainerInsights: ROLES,
  CsiDriver: ["kind", "tags", "diskSource.snapshotId", "diskSource.volumeId", "bucketArns", ...ROLES],
  DeletionProtection: [
    ...["retention", "configuration", "adopted.*", "recordParameter"],
    ...of("claim", ["namespace", "volumeKey", "zoneKey", "credentialsKey"]),
  ],
  DynamicVolume: ["claimName", "namespace", "storageClassName", "fileSystemName", ...IDENTITY, "accessMode"],
  EbsSnapshotClass: ["className", "deletionPolicy", "isDefault"],
  EbsStorageClass: ["className", "reclaimPolicy", "isDefault", "iops", "throughputInMibps", "tags.*", "backupTagValue"],
  EfsStorageClass: ["className", ...IDENTITY, "basePath", "mountAccess", "reclaimPolicy", "isDefault"],
  EncryptionKey: ["alias", "retention", "region", "adoptId", ...NAMES],
  ExistingBucket: ["bucketName", ...NAMES],
  ExistingCluster: [
    ...["clusterName", "vpcId", "assumeRoleArn", "zones.*", ...of("makes", CLUSTER_WIDE), "addonNames.*", ...NAMES],
  ],
  ExistingEncryptionKey: ["keyArn", ...NAMES],
  ExistingFileSystem: ["zones.*", "fileSystemName", ...ACCESS_POINTS, "retention", ...NAMES],
  ExistingNetwork: ["vpcId", "privateSubnetIds.*", "zones.*", "nodesPerZone", ...NAMES],
  FileSystem: [
    ...["zones.*", ...ACCESS_POINTS, "retention", "adoptId", ...NAMES, ...THROUGHPUT, "performanceMode", ...LIFECYCLE],
    ...["encryptedTransportOnly", "mountAccess", "fileSystemName"],
  ],
  FileSystemClients: ["clients"],
  FileSystemReplica: ["region", "retention", ...THROUGHPUT, ...LIFECYCLE, "adoptId", "adoptSourceId", ...NAMES],
  Network: ["cidrBlock", "zones.*", "natGateways", ...ROLES],
  SnapshotController: [],
  StaticVolume: [
    ...["claimName", "namespace", "accessMode"],
    ...of("efs", [...DIRECTORY, ...IDENTITY]),
    ...of("s3", [...PART_OF_BUCKET, ...IDENTITY]),
  ],
};

/** How most are mended; a secret of the configuration is an output, too. */
const FIX =
  "A preview must know it before anything is made: give the value itself, such as one of the configuration " +
  "that isn't secret, not what a resource returns.";
const WHOLE =
  "A preview must know what is in it before anything is made: give the record or the list itself. A value in it may be " +
  "an output where it is an input by itself.";
const ZONES = "Name the zones, such as eu-west-1a: what is made in each of them is named after it.";
const EXISTING =
  "It is looked at before anything is made: give the value itself. What the program makes needs no Existing component: " +
  "give its outputs to the other components.";
const byName = (thing: string) =>
  `Give the name itself, as it was given to the ${thing}; dependsOn keeps the order that its output would.`;

/** How those are mended whose value an output would naturally be, by as many of their last names as it takes. */
const fixes: Record<string, string> = {
  ...{ "s3.bucketName": byName("bucket"), storageClassName: byName("class") },
  ...{ "StaticVolume.namespace": byName("namespace"), "DynamicVolume.namespace": byName("namespace") },
  ...{ "claim.namespace": byName("namespace") },
  ...{ "ExistingBucket.bucketName": EXISTING, "ExistingCluster.clusterName": EXISTING, keyArn: EXISTING },
  ...{ vpcId: EXISTING, privateSubnetIds: EXISTING },
  ...{ zones: ZONES, controlPlaneZones: ZONES, databaseZone: ZONES },
  ...{ addonVersions: WHOLE, bucketArns: WHOLE, clients: WHOLE, configuration: WHOLE, fileSystem: WHOLE, tags: WHOLE },
};

const beginningsOf = (argument: string) =>
  argument.split(".").map((_, index, names) => names.slice(0, index + 1).join("."));

function fixOf(component: string, place: string, isWhole: boolean): string {
  const names = [component, ...place.split(".").filter((it) => it !== "*")];
  const found = names.map((_, from) => fixes[names.slice(from).join(".")]).find((it) => it !== undefined);
  return found ?? (isWhole ? WHOLE : FIX);
}

const mustBePlain = (argument: string, actual: unknown, fix: string): Violation[] =>
  deferredKind(actual) === undefined ? [] : [{ argument, expected: "a plain value", actual, fix }];

/** What is wrong with a component's name in Pulumi. */
export const validatePlainName = (name: unknown): Violation[] => mustBePlain("name", name, FIX);

/**
 * The outputs among a component's plain arguments, and what else isn't known yet. What isn't an argument isn't looked at: a
 * record for several components may hold what is another's.
 */
export function validatePlain(component: string, args: object): Violation[] {
  const places = new Set(plainArguments[component]!.flatMap(beginningsOf));
  const isWhole = (place: string) => [...places].some((it) => it.startsWith(`${place}.`));

  const within = (value: unknown, place: string, argument: string): Violation[] => {
    const found = mustBePlain(argument, value, fixOf(component, place, isWhole(place)));
    if (found.length > 0 || typeof value !== "object" || value === null) return found;
    return Object.entries(value).flatMap(([key, member]) => {
      const below = [`${place}.${key}`, `${place}.*`].find((it) => places.has(it));
      return below === undefined
        ? []
        : within(member, below, Array.isArray(value) ? `${argument}[${key}]` : `${argument}.${key}`);
    });
  };
  return Object.entries(args).flatMap(([name, value]) => (places.has(name) ? within(value, name, name) : []));
}
