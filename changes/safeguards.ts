import { isDeepStrictEqual } from "node:util";
import { type DurableType, durableTypes } from "../components/retention/durable";
import { ofObjects, ofVersions, sooner } from "./lifecycles";
import { type Properties, type Value, valueAt } from "./values";

/** A value that keeps less than the one before it; `undefined` stands for one that isn't set. */
interface Weaker {
  old: Value | undefined;
  new: Value | undefined;
}

/** A property that keeps data. */
export interface Safeguard {
  type: string;
  /** Its path, for a person. */
  path: string;
  /** What keeps less in some inputs of a resource than in those before them. */
  weaker: (before: Properties, after: Properties) => Weaker[];
  /** Of a setting that AWS keeps apart from a bucket: made for one that exists, it takes the place of none. */
  isSetting?: true;
  /** What the resource made keeps the value: it isn't lost with the resource. */
  isOutlived?: true;
  /** What is lost with it. */
  lost: string;
  /** How to keep it. */
  instead: string;
}

/**
 * Compares the values at a path.
 *
 * @param strength how much a value keeps; more is better. What can't be compared, such as a value that isn't known yet, may be less.
 */
const byStrength =
  (path: string, strength: (value: Value | undefined) => number): Safeguard["weaker"] =>
  (before, after) => {
    const [old, then] = [valueAt(before, path), valueAt(after, path)];
    return isDeepStrictEqual(old, then) || strength(then) >= strength(old) ? [] : [{ old, new: then }];
  };

/** A property that keeps data as long as it has one of some values; the first is the one to go back to. */
function oneOf(type: string, path: string, values: (string | boolean | undefined)[], lost: string): Safeguard {
  return {
    type,
    path,
    weaker: byStrength(path, (value) =>
      Number(values.some((it) => it === value || (typeof it === "boolean" && value === String(it)))),
    ),
    lost,
    instead: `Leave ${path} at ${String(values[0])}.`,
  };
}

/** A property that keeps more, the more it is. */
const atLeast = (path: string, whenAbsent: number): Safeguard["weaker"] =>
  byStrength(path, (value) => (value === undefined || value === null ? whenAbsent : Number(value)));

const expiry = (path: string, action: Parameters<typeof sooner>[2], what: string): Safeguard => ({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  path: `rules.${path}`,
  weaker: (before, after) => sooner(before, after, action),
  isSetting: true,
  lost: `${what} that the rule names, from that age or date on.`,
  instead: "Leave the rule's filter as it is, and let it delete no sooner and no more.",
});

const RECLAIMED = "The disk or directory, together with its claim.";

/**
 * The properties that keep data, beside the engine's options `protect` and `retainOnDelete`. Those of the policies
 * `volumes-retained`, `claims-kept-with-set`, `cluster-protected`, `nothing-force-destroyed`, `bucket-versioned`,
 * `keys-outlive-data` and `efs-backed-up` are among them: docs/policies.md has their sources.
 */
export const safeguards: Safeguard[] = [
  ...Object.entries(durableTypes).flatMap(([type, { emptiedBy }]) =>
    emptiedBy === undefined
      ? []
      : [oneOf(type, emptiedBy, [false, undefined], "AWS's refusal to delete it while something is in it.")],
  ),
  oneOf("kubernetes:core/v1:PersistentVolume", "spec.persistentVolumeReclaimPolicy", ["Retain", undefined], RECLAIMED),
  {
    ...oneOf(
      "kubernetes:storage.k8s.io/v1:StorageClass",
      "reclaimPolicy",
      ["Retain"],
      `${RECLAIMED} So it is with volumes made from now on.`,
    ),
    // https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy: volumes have it from when they are made.
    isOutlived: true,
  },
  ...["whenDeleted", "whenScaled"].map((event) =>
    oneOf(
      "kubernetes:apps/v1:StatefulSet",
      `spec.persistentVolumeClaimRetentionPolicy.${event}`,
      ["Retain", undefined],
      event === "whenDeleted" ? "Its claims, together with the set." : "The claims of replicas that go.",
    ),
  ),
  oneOf("eks:index:Cluster", "deletionProtection", [true], "EKS's refusal to delete the cluster."),
  // https://docs.aws.amazon.com/efs/latest/ug/replication-use-cases.html: on by default.
  oneOf(
    "aws:efs/fileSystem:FileSystem",
    "protection.replicationOverwrite",
    ["ENABLED", "REPLICATING", undefined],
    "EFS's refusal to overwrite the files with those of another file system.",
  ),
  oneOf("aws:efs/backupPolicy:BackupPolicy", "backupPolicy.status", ["ENABLED"], "The daily backups, from now on."),
  oneOf(
    "aws:s3/bucketVersioning:BucketVersioning",
    "versioningConfiguration.status",
    ["Enabled"],
    "What an object was before it is overwritten or deleted.",
  ),
  expiry("expiration", ofObjects, "Objects"),
  expiry("noncurrentVersionExpiration", ofVersions, "Earlier versions of objects"),
  // https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html: 30 days by default.
  {
    type: "aws:kms/key:Key",
    path: "deletionWindowInDays",
    weaker: atLeast("deletionWindowInDays", 30),
    lost: "Days in which the deletion of the key can be taken back.",
    instead: "Leave deletionWindowInDays at 30.",
  },
  oneOf("aws:kms/key:Key", "isEnabled", [true, undefined], "The way to what it encrypts, until it is enabled again."),
  {
    type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    path: "minRetentionDays",
    weaker: atLeast("minRetentionDays", 0),
    lost: "The lock on backups that are kept for fewer days.",
    instead: "Leave minRetentionDays as it is, or make it more.",
  },
  oneOf("aws:ebs/volume:Volume", "finalSnapshot", [true], "The snapshot that is taken before the disk is deleted."),
];

/**
 * A type as the table of what is durable has it. EKS's own cluster is in there as the component that makes one. Until
 * version 7 of the AWS provider a bucket and its settings were called `…V2`:
 * https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/
 */
export const tableType = (type: string): string =>
  type === "aws:eks/cluster:Cluster"
    ? "eks:index:Cluster"
    : type.replace(/^(aws:s3\/bucket\w*)V2:(Bucket\w*)V2$/, "$1:$2");

/** What the table says of a type; `undefined` of what may be deleted and made anew. */
export function durableOf(type: string): DurableType | undefined {
  const known = tableType(type);
  return Object.hasOwn(durableTypes, known) ? durableTypes[known] : undefined;
}
