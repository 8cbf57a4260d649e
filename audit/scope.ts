import { BACKUP_TAG } from "../components/backup/backupTag";
import { ACCOUNT_ID, REGION } from "../components/checks/awsForms";
import { type StackFiles, FileError } from "../config/files";
import { bucketNameOf, nameOf } from "../config/stackName";
import type { Gap } from "./findings";

export type Tags = Record<string, string>;

/** By what a stack's resources are known, as far as its file says: it needs no state, which a destroy takes away. */
export interface Scope {
  stack: string;
  /** What its resources are named after. */
  name: string;
  accountId: string;
  region: string;
  /** The region of the file system's copy. */
  replicaRegion?: string;
  /** The tags that all its resources have. */
  tags: Tags;
  /** Whether others may have all these tags as well: then they alone tell nothing. */
  sharesTags: boolean;
  /** Its own cluster; left out where it uses one that exists. */
  clusterName?: string;
  /** The cluster that it uses, where that is somebody else's. */
  existingClusterName?: string;
  bucketNames: string[];
  vaultNames: string[];
  /** Whether a destroy keeps data, as the file says. */
  keepsData: boolean;
  /** What of all this isn't known for sure. */
  gaps: Gap[];
}

/** What decides where is looked and for what, and has a default: without a value in the file, an environment may set it. */
const DECISIVE = [
  "region",
  "name",
  "tags",
  "efsReplicaRegion",
  "existingClusterName",
  "adoptBucketName",
  "adoptBackupVault",
];

/** The tags of {@link Scope}, by lower-case names. */
const OWN = ["project", "environment"];

/**
 * The program tags all that it makes with the project's and the stack's names. Where the configuration has other values for
 * one of these two, an organisation's own as a rule, others have them, too: then all its tags count, and don't suffice.
 */
function tagsOf(project: string, stack: string, given: Tags): Pick<Scope, "tags" | "sharesTags"> {
  const isGiven = (own: string) => Object.keys(given).some((name) => name.toLowerCase() === own);
  const own = Object.entries({ project, environment: stack }).filter(([name]) => !isGiven(name));
  const sharesTags = own.length < OWN.length;
  return { tags: { ...Object.fromEntries(own), ...(sharesTags ? given : {}) }, sharesTags };
}

/** What Pulumi ESC environments may set: they aren't read, and the defaults may not be what was deployed. */
function gapsOf({ project, stack, environments, unseen = [] }: StackFiles): Gap[] {
  const keys = DECISIVE.filter((key) => unseen.includes(`${project}:${key}`));
  if (keys.length === 0) return [];
  const message =
    `environments aren't read here (${environments.join(", ")}), and Pulumi.${stack}.yaml doesn't set ${keys.join(", ")}: ` +
    "the defaults in Pulumi.yaml were taken. Put into the file what was deployed, a default too: " +
    `pulumi config set KEY VALUE --stack ${stack}`;
  return [{ what: "what Pulumi ESC environments set", message }];
}

/** The configuration's tags; `undefined` for what can't be any. */
function recordOf(json: string): Tags | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Tags) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads it from a stack's files. The file needn't be one that can be deployed still: an audit comes after a destroy.
 *
 * @throws FileError where it doesn't say which account and region.
 */
export function scopeOf(files: StackFiles): Scope {
  const { project, stack, values, environments } = files;
  const setting = (key: string) => values[`${project}:${key}`] ?? "";
  const [region, accountId, replicaRegion] = ["region", "accountId", "efsReplicaRegion"].map(setting) as [
    string,
    string,
    string,
  ];
  const tags = recordOf(setting("tags") || "{}");
  const wrong = [
    ...(tags ? [] : [`  tags: expected tags by name, found "${setting("tags")}"`]),
    ...(ACCOUNT_ID.test(accountId) ? [] : [`  accountId: expected twelve digits, found "${accountId}"`]),
    ...(REGION.test(region) ? [] : [`  region: expected one such as eu-west-1, found "${region}"`]),
    ...(replicaRegion === "" || REGION.test(replicaRegion)
      ? []
      : [`  efsReplicaRegion: expected one such as eu-central-1, or none, found "${replicaRegion}"`]),
  ];
  if (wrong.length > 0) {
    const imported = environments.length > 0 ? " It imports Pulumi ESC environments, which aren't read here." : "";
    throw new FileError(
      `Pulumi.${stack}.yaml doesn't say what to look for, and where:${imported}\n${wrong.join("\n")}\n` +
        `Set them as they were when the stack was deployed: pulumi config set KEY VALUE --stack ${stack}`,
    );
  }
  const name = setting("name") || nameOf(project, stack);
  const existingClusterName = setting("existingClusterName");
  const present = (...names: string[]) => names.filter((it) => it !== "");
  return {
    stack,
    name,
    accountId,
    region,
    ...(replicaRegion === "" || replicaRegion === region ? {} : { replicaRegion }),
    ...tagsOf(project, stack, tags ?? {}),
    ...(existingClusterName === "" ? { clusterName: name } : { existingClusterName }),
    bucketNames: present(bucketNameOf(name, accountId), setting("adoptBucketName")),
    vaultNames: present(name, setting("adoptBackupVault")),
    keepsData: setting("retention") !== "delete",
    gaps: gapsOf(files),
  };
}

/** Whether a resource has all tags of the stack. */
export const isTagged = ({ tags: own }: Scope, tags: Tags): boolean =>
  Object.entries(own).every(([name, value]) => tags[name] === value);

/** What follows the stack's name in the tag `Name` of what is looked for. */
const NAMED = /^(|-assets|-backups|-mount-targets|-nat-[a-z0-9-]+|-node|-replica)$/;

/**
 * What tells that a resource with the stack's tags is the stack's, where others have these tags, too: its name, the backups'
 * tag, or that it is of the cluster that the stack uses.
 *
 * @param description of a key: that of a cluster's secrets has no name.
 */
export function signOf(scope: Scope, tags: Tags, description = ""): string | undefined {
  const { name, clusterName, existingClusterName, bucketNames } = scope;
  const { Name = "", [BACKUP_TAG]: backup } = tags;
  const isNamed = Name.startsWith(name) && NAMED.test(Name.slice(name.length));
  if (isNamed || bucketNames.includes(Name)) return "Name";
  if (backup === name) return BACKUP_TAG;
  if (clusterName !== undefined && description === `Kubernetes secrets of ${clusterName}`) return "description";
  return clusterTag({ clusterName: existingClusterName }, tags);
}

/**
 * By which tag a resource is the stack's cluster's: what drivers, controllers and EKS give what they make.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md,
 * https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html (aws:eks:cluster-name),
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go (cluster.k8s.amazonaws.com/name),
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations (elbv2.k8s.aws/cluster),
 * https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/tags.go (the first two)
 */
export function clusterTag({ clusterName: name }: Pick<Scope, "clusterName">, tags: Tags): string | undefined {
  if (name === undefined) return undefined;
  const named = [
    "KubernetesCluster",
    "aws:eks:cluster-name",
    "eks:cluster-name",
    "eks:eks-cluster-name",
    "cluster.k8s.amazonaws.com/name",
    "elbv2.k8s.aws/cluster",
  ];
  // "shared" is said of what is somebody else's.
  if (tags[`kubernetes.io/cluster/${name}`] === "owned") return `kubernetes.io/cluster/${name}`;
  return named.find((tag) => tags[tag] === name);
}

/** Tags that only a driver or a controller gives, whatever else a resource has. */
const DRIVERS = [
  "CSIVolumeName",
  "CSIVolumeSnapshotName",
  "ebs.csi.aws.com/cluster",
  "efs.csi.aws.com/cluster",
  "node.k8s.amazonaws.com/instance_id",
  "elbv2.k8s.aws/cluster",
];

/** The tag by which a driver made a resource, for a cluster that this doesn't tell. */
export const driverTag = (tags: Tags): string | undefined => DRIVERS.find((tag) => tag in tags);
