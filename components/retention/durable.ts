/** How the program keeps a type's resources where the retention keeps data. */
export const Keeping = {
  /** Under `retain` the engine refuses to delete or replace it; under `retain` and `release` it outlives the stack. */
  Protected: "protected",
  /** It may be replaced and leave the program, and outlives the stack. */
  Retained: "retained",
  /** Under `retain` AWS refuses to delete it; under `release` it goes with the stack. */
  ByAws: "byAws",
  /** It is deleted with the stack: the data is kept elsewhere, and a later stack makes this again. */
  Remade: "remade",
} as const;
export type Keeping = (typeof Keeping)[keyof typeof Keeping];

/** What makes a type of resource durable: something is lost, or can't be reached, when it is deleted or replaced. */
export interface DurableType {
  /** What is in it, or what it is for. */
  why: string;
  /** What is lost with it. */
  lost: string;
  keeping: Keeping;
  /** Why it isn't protected by the engine, where it isn't. */
  reason?: string;
  /** Whether data is in it; the rest is needed to reach or to read data. */
  holdsData?: true;
  /** Kubernetes finds it by its name: under another one it is another, empty one. */
  isFoundByName?: true;
  /** The path of the KMS key that encrypts what is in it. */
  keyPath?: string;
  /** The argument that lets it be deleted with all that is in it. */
  emptiedBy?: string;
  /** How to get another one without the loss. */
  instead: string;
}

const bucketSetting = (lost: string, keyPath?: string): DurableType => ({
  why: "A setting of a bucket, which AWS keeps apart from it.",
  lost,
  keeping: Keeping.Retained,
  reason: "It may change while the bucket stays.",
  instead: "Change it in place, and keep it as long as the bucket.",
  ...(keyPath === undefined ? {} : { keyPath }),
});

/**
 * What is durable, by type: the one table that options of resources, the policy pack and a preview's gate go by. What
 * isn't here may be deleted and made anew, and nothing is missed. Pure: it loads no SDK.
 */
export const durableTypes: Record<string, DurableType> = {
  "aws:efs/fileSystem:FileSystem": {
    why: "Files are in it.",
    lost: "Every file.",
    keeping: Keeping.Protected,
    holdsData: true,
    keyPath: "kmsKeyId",
    instead: "Make another file system beside it, copy the files, move the volumes, then let this one go.",
  },
  "aws:efs/accessPoint:AccessPoint": {
    why: "Volumes name it in their handles, which never change.",
    lost: "The way from the volumes on it to their files, which stay in the file system.",
    keeping: Keeping.Retained,
    reason: "Another path is another access point, and the volume moves to it.",
    instead: "Make another access point beside it, move the volumes to it, then let this one go.",
  },
  "aws:efs/mountTarget:MountTarget": {
    why: "Its zone's nodes reach the file system through it.",
    lost: "The zone's way to the files: its pods hang until there is another.",
    keeping: Keeping.Remade,
    reason: "A file system has no more of it than an address.",
    instead: "Drain its zone's nodes first, and let no pod with these files come back to the zone.",
  },
  "aws:efs/replicationConfiguration:ReplicationConfiguration": {
    why: "It keeps a copy in step.",
    lost: "Every write after it is missing in the copy.",
    keeping: Keeping.Protected,
    instead: "Keep it. To fail over, end it on purpose once the copy is in step.",
  },
  "aws:s3/bucket:Bucket": {
    why: "Objects are in it.",
    lost: "Every object, and its name, which anybody may take.",
    keeping: Keeping.Protected,
    holdsData: true,
    emptiedBy: "forceDestroy",
    instead: "Make another bucket beside it, copy the objects, move who reads them, then let this one go.",
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketSetting("The end of old versions."),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting("That every object is the owner's."),
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting("That it takes TLS only."),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting("That nothing makes it public."),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketSetting(
    "The key of objects to come.",
    "rules",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting("What an overwritten or deleted object was."),
  "aws:kms/key:Key": {
    why: "Without it nobody can read what it encrypts.",
    lost: "All that it encrypts, once AWS has waited out its deletion window.",
    keeping: Keeping.Protected,
    instead: "Keep the key as long as anything that it encrypts, backups too; let what is new have another one.",
  },
  "aws:backup/vault:Vault": {
    why: "Backups are in it.",
    lost: "Every backup.",
    keeping: Keeping.Protected,
    holdsData: true,
    keyPath: "kmsKeyArn",
    emptiedBy: "forceDestroy",
    instead: "Make another vault beside it, and keep this one until its last backup has expired.",
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    why: "It refuses to let backups go before their time.",
    lost: "That refusal.",
    keeping: Keeping.Retained,
    reason: "Every change of it is a replacement.",
    instead: "Keep it. For other days, know that backups can be deleted until the new lock is there.",
  },
  "aws:ssm/parameter:Parameter": {
    why: "The passwords that the database's data knows are in it.",
    lost: "The way into the data, for good: MySQL reads its variables only for an empty disk.",
    keeping: Keeping.Protected,
    keyPath: "keyId",
    instead: "Keep it. To change a password, change it in the database, then the parameter's value in place.",
  },
  "aws:ebs/volume:Volume": {
    why: "Data is on it.",
    lost: "All that is on it.",
    keeping: Keeping.Protected,
    holdsData: true,
    keyPath: "kmsKeyId",
    instead: "Make another disk of a snapshot of this one, move the workload to it, then let this one go.",
  },
  "eks:index:Cluster": {
    why: "Claims, volumes and what runs are its objects.",
    lost: "Every object: workloads are down, and disks of dynamic volumes are nobody's.",
    keeping: Keeping.ByAws,
    reason: "Its data is outside of it; EKS's own deletion protection holds for everybody, not for Pulumi alone.",
    instead: "Make another cluster beside it, move the workloads and the volumes, then let this one go.",
  },
  "kubernetes:core/v1:Namespace": {
    why: "Kubernetes deletes it with all that is in it, claims too.",
    lost: "Its claims, and what happens to a claim's data happens.",
    keeping: Keeping.Protected,
    holdsData: true,
    isFoundByName: true,
    instead: "Make another namespace beside it, move its claims' data, then let this one go.",
  },
  "kubernetes:core/v1:PersistentVolumeClaim": {
    why: "It is how a workload gets its data, and a dynamic volume goes with it.",
    lost: "The data, unless the volume's policy is Retain; the workload's hold on it in any case.",
    keeping: Keeping.Protected,
    holdsData: true,
    isFoundByName: true,
    instead: "Make another claim beside it, copy the data or restore a snapshot, then let this one go.",
  },
  "kubernetes:core/v1:PersistentVolume": {
    why: "It says which disk, directory or bucket a claim means.",
    lost: "The claim's way to its data, which its policy Retain keeps.",
    keeping: Keeping.Remade,
    reason: "A later stack makes it anew from the handle of what is kept; its name says what it was made of.",
    isFoundByName: true,
    instead: "Make another volume and claim beside it, move the pods, then let this one go.",
  },
  "kubernetes:core/v1:Secret": {
    why: "The database's pods read its passwords from it.",
    lost: "The database is down until it is there again, with the passwords that its data knows.",
    keeping: Keeping.Protected,
    instead: "Change its data in place, under the same name.",
  },
  "kubernetes:apps/v1:StatefulSet": {
    why: "Its pods write what their claims hold.",
    lost: "The database is down until there is another; its claims stay, by its own policy.",
    keeping: Keeping.Remade,
    reason: "Its claims are resources of their own.",
    isFoundByName: true,
    instead: "Change replicas, template or update strategy, which can be changed in place.",
  },
};

/** The types in the table that something is said of. */
export const durableTypesWith = (property: keyof DurableType): string[] =>
  Object.keys(durableTypes).filter((type) => durableTypes[type]![property] !== undefined);
