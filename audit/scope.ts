import { ACCOUNT_ID, REGION } from "../components/checks/awsForms";
import { type StackFiles, FileError } from "../config/files";
import { bucketNameOf, nameOf } from "../config/stackName";

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
  /** The tags that all its resources have, and nobody else's. */
  tags: Tags;
  /** Its own cluster; left out where it uses one that exists. */
  clusterName?: string;
  bucketNames: string[];
  vaultNames: string[];
  /** Whether a destroy keeps data, as the file says. */
  keepsData: boolean;
}

/** The tags of {@link Scope}, by lower-case names. */
const OWN = ["project", "environment"];

/**
 * The program tags all that it makes with the project's and the stack's names. Where the configuration has other values for
 * one of these two, others may have them, too: then all its tags count.
 */
function tagsOf(project: string, stack: string, given: Tags): Tags {
  const isGiven = (own: string) => Object.keys(given).some((name) => name.toLowerCase() === own);
  const own = Object.entries({ project, environment: stack }).filter(([name]) => !isGiven(name));
  return own.length === OWN.length ? Object.fromEntries(own) : { ...Object.fromEntries(own), ...given };
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
export function scopeOf({ project, stack, values, environments }: StackFiles): Scope {
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
  const present = (...names: string[]) => names.filter((it) => it !== "");
  return {
    stack,
    name,
    accountId,
    region,
    ...(replicaRegion === "" || replicaRegion === region ? {} : { replicaRegion }),
    tags: tagsOf(project, stack, tags ?? {}),
    ...(setting("existingClusterName") === "" ? { clusterName: name } : {}),
    bucketNames: present(bucketNameOf(name, accountId), setting("adoptBucketName")),
    vaultNames: present(name, setting("adoptBackupVault")),
    keepsData: setting("retention") !== "delete",
  };
}

/** Whether a resource has all tags of the stack. */
export const isTagged = ({ tags: own }: Scope, tags: Tags): boolean =>
  Object.entries(own).every(([name, value]) => tags[name] === value);

/**
 * By which tag a resource is the stack's cluster's: what drivers, controllers and EKS give what they make.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md,
 * https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html (aws:eks:cluster-name),
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go (cluster.k8s.amazonaws.com/name),
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations (elbv2.k8s.aws/cluster),
 * https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/tags.go (the first two)
 */
export function clusterTag({ clusterName: name }: Scope, tags: Tags): string | undefined {
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
