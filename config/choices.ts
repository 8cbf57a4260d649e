import { csiAddonNames } from "../components/csi/csiDriverKind";
import { defaultFileSystemName } from "../components/efs/fileSystemName";
import { EncryptionKeyOwner } from "../components/kms/encryptionKeyOwner";
import { reclaimPolicyOf } from "../components/retention/retention";
import { AssetsProvisioning, AssetsStorage } from "../components/workloads/assetsStorage";
import type { Settings } from "./keys";
import { assetsNameOf, bucketNameOf, nameOf, replicaNameOf } from "./stackName";

/** A stack's names and decisions that several components need. */
export type Choices = ReturnType<typeof choose>;

/**
 * The program's own tags, less those that the user has in another case: IAM takes `Environment` and `environment` for one.
 * Always in one order, since the EBS driver's add-on has them in a text: another order would be an update of it.
 */
function tagsOf(own: Record<string, string>, given: Record<string, string>): Record<string, string> {
  const names = Object.keys(given);
  const isGivenOtherwise = (name: string) => names.some((it) => it !== name && it.toLowerCase() === name);
  const ours = Object.entries(own).filter(([name]) => !isGivenOtherwise(name));
  const sorted = Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries([...ours, ...sorted]);
}

/** Of what the stack makes in its cluster, the names of what is in no namespace, less volumes whose names have a hash in them. */
export const madeInCluster = ({ adoptMysqlVolumeId: disk }: Settings) => ({
  namespaces: ["assets", "catalog"],
  storageClasses: ["ebs", "efs"],
  volumeSnapshotClasses: ["ebs"],
  persistentVolumes: disk ? [`catalog-data-catalog-mysql-0-${disk}`] : [],
});

/** The add-ons that the stack makes in its cluster beside those of nodes. */
export const madeAddons = ({ assetsStorage, containerInsightsVersion }: Settings) => [
  "snapshot-controller",
  csiAddonNames.efs,
  csiAddonNames.ebs,
  ...(assetsStorage === AssetsStorage.S3 ? [csiAddonNames.s3] : []),
  ...(containerInsightsVersion === undefined ? [] : ["amazon-cloudwatch-observability"]),
];

/** What follows from a stack's configuration for more than one component. Pure. */
export function choose(settings: Settings, project: string, environment: string) {
  const name = settings.name ?? nameOf(project, environment);
  const { existingFileSystemId, existingKeyArn } = settings;
  const hasCustomerKey = settings.encryptionKey === EncryptionKeyOwner.Customer;
  const imagesOnS3 = settings.assetsStorage === AssetsStorage.S3;
  return {
    /** What everything of this stack is named after. */
    name,
    assetsName: assetsNameOf(name),
    replicaName: replicaNameOf(name),
    tags: tagsOf({ project, environment }, settings.tags),
    /** What the account asks of every role. */
    roles: {
      permissionsBoundaryArn: settings.rolePermissionsBoundaryArn,
      path: settings.rolePath,
      namePrefix: settings.roleNamePrefix,
    },
    clusterName: settings.existingClusterName ?? name,
    bucketName: settings.existingBucketName ?? settings.adoptBucketName ?? bucketNameOf(name, settings.accountId),
    /** What an earlier stack kept and this one adopts: ids and names, by configuration key. */
    adopted: Object.fromEntries(
      Object.entries(settings).filter(
        (it): it is [string, string] => it[0].startsWith("adopt") && typeof it[1] === "string",
      ),
    ),
    credentialsParameter: settings.adoptMysqlCredentials ?? `/${name}/catalog-mysql`,
    /** Mount targets, volumes and claims carry it, so that those of another file system come before these go. */
    fileSystemName: existingFileSystemId ?? existingKeyArn?.split("/").pop() ?? defaultFileSystemName(hasCustomerKey),
    imagesOnS3,
    imagesOnEfsClass: !imagesOnS3 && settings.assetsProvisioning === AssetsProvisioning.Dynamic,
    hasCustomerKey,
    /** Who the images belong to: one identity for the access point, the class and the pods. */
    identity: { uid: settings.assetsUid, gid: settings.assetsGid },
    reclaimPolicy: reclaimPolicyOf(settings.retention),
    /** How the file system, and its copy, work. */
    efsSettings: {
      throughputMode: settings.efsThroughputMode,
      provisionedThroughputInMibps: settings.efsProvisionedThroughputInMibps,
      lifecycle: {
        toInfrequentAccess: settings.efsToInfrequentAccess,
        toArchive: settings.efsToArchive,
        backOnAccess: settings.efsBackOnAccess,
      },
    },
  };
}

/** What a person runs next, for the outputs. */
export const nextCommands = (clusterName: string, region: string, roleArn?: string) => ({
  kubeconfig: `aws eks update-kubeconfig --name ${clusterName} --region ${region}${roleArn ? ` --role-arn ${roleArn}` : ""}`,
  claims: "kubectl get pvc --all-namespaces",
});
