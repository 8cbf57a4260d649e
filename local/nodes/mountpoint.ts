import { type Account, changeAccount, readAccount } from "../aws/account";
import { hasCredentials } from "../aws/eks/driverPods";
import { mayPods, rolesOf } from "../aws/eks/podIdentity";
import { type KeyUse, mayPodsUseKey } from "../aws/kms/keyAccess";
import type { AwsRecord } from "../aws/records";
import type { Fields, KubernetesObject } from "../kubernetes/client";
import { type ClusterState, volumesOf } from "./clusterState";

// What Mountpoint for S3 and its CSI driver refuse.
// https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/TROUBLESHOOTING.md
// https://github.com/awslabs/mountpoint-s3/blob/main/doc/TROUBLESHOOTING.md

const DRIVER = "s3.csi.aws.com";
const SERVICE_ACCOUNT = "s3-csi-driver-sa";

/** What a workload that reads, writes and deletes needs; without the first of them Mountpoint doesn't even start. */
const ACTIONS = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"];
const KEY_USES: KeyUse[] = [{ action: "kms:Decrypt" }, { action: "kms:GenerateDataKey" }];

const NO_CREDENTIALS = "No signing credentials found";

const optionsOf = ({ spec }: KubernetesObject) => (spec?.mountOptions ?? []) as string[];
const bucketOf = ({ spec }: KubernetesObject) => spec?.csi?.volumeAttributes?.bucketName as string | undefined;

/** Why a pod can't have a volume on S3; undefined: it can, or the volume is none. */
export function s3MountError(
  volume: KubernetesObject,
  pod: KubernetesObject,
  cluster: ClusterState,
): string | undefined {
  const { driver, volumeHandle } = (volume.spec?.csi ?? {}) as Fields;
  if (driver !== DRIVER) return undefined;
  const modes = (volume.spec?.accessModes ?? []) as string[];
  if (!modes.every((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany")) {
    return "rpc error: code = InvalidArgument desc = Volume capability not supported";
  }
  const bucketName = bucketOf(volume);
  if (!bucketName) return "rpc error: code = InvalidArgument desc = Bucket name not provided";
  const hasSameHandle = ({ metadata, spec }: KubernetesObject) =>
    metadata.name !== volume.metadata.name && spec?.csi?.driver === DRIVER && spec.csi.volumeHandle === volumeHandle;
  const onSameNode = cluster.pods.filter(({ spec }) => spec?.nodeName === pod.spec?.nodeName);
  if (onSameNode.some((other) => volumesOf(other, cluster).some(hasSameHandle))) {
    return `timed out waiting for the condition (another volume on this node has the handle ${volumeHandle})`;
  }
  const reason = hasCredentials(SERVICE_ACCOUNT, cluster.pods)
    ? clientError(bucketName, optionsOf(volume), readAccount())
    : NO_CREDENTIALS;
  if (reason) {
    return (
      `rpc error: code = Internal desc = Could not mount "${bucketName}": Mount failed: Failed to create S3 client: ` +
      `initial ListObjectsV2 failed for bucket ${bucketName}: ${reason}`
    );
  }
  const user = pod.spec?.securityContext?.runAsUser as number | undefined;
  return user && !optionsOf(volume).includes("allow-other")
    ? `user ${user} may not enter it: Permission denied (it lacks the mount option allow-other)`
    : undefined;
}

/** Why Mountpoint can't use a bucket. */
function clientError(bucketName: string, options: string[], account: Account): string | undefined {
  if (!isAssociated(account)) return NO_CREDENTIALS;
  const bucket = account.find("s3/bucket", bucketName);
  if (!bucket) return "The bucket does not exist";
  const region = options.find((option) => option.startsWith("region "))?.slice("region ".length);
  if (region && region !== bucket.properties.region) return `The bucket is not in region ${region}`;
  return isAllowed(bucket, account) ? undefined : "Forbidden: Access Denied";
}

/** The driver's pods find the association in their environment, as it was when they started. */
function isAssociated(account: Account): boolean {
  const addon = (name: string) => account.where("eks/addon", "addonName", name)[0];
  const [agent, driver] = [addon("eks-pod-identity-agent"), addon("aws-mountpoint-s3-csi-driver")];
  const [association] = account.where("eks/podIdentityAssociation", "serviceAccount", SERVICE_ACCOUNT);
  if (!agent || !driver || !association || rolesOf(SERVICE_ACCOUNT, account).length === 0) return false;
  return account.records.indexOf(association) < account.records.indexOf(driver);
}

/** Whether the role may do all that a volume needs, with the key that its objects are encrypted with. */
function isAllowed(bucket: AwsRecord, account: Account): boolean {
  const arn = String(bucket.properties.arn);
  const encryption = account.find("s3/bucketServerSideEncryptionConfiguration", bucket.id);
  const [rule] = (encryption?.properties.rules ?? []) as Fields[];
  const key = rule?.applyServerSideEncryptionByDefault?.kmsMasterKeyId as string | undefined;
  const resourcePolicy = account.find("s3/bucketPolicy", bucket.id)?.properties.policy;
  const context = { "aws:SecureTransport": "true" };
  const may = (action: string) => {
    const resource = action === "s3:ListBucket" ? arn : `${arn}/image.jpg`;
    return mayPods(SERVICE_ACCOUNT, { action, resource, resourcePolicy, context }, account);
  };
  return ACTIONS.every(may) && (key === undefined || mayPodsUseKey(SERVICE_ACCOUNT, key, KEY_USES, account));
}

/** Puts what a started pod's init container copies there: from now on the bucket isn't empty. */
export function seedBuckets(pod: KubernetesObject, cluster: ClusterState): void {
  if (!pod.spec?.initContainers) return;
  for (const bucket of volumesOf(pod, cluster).map(bucketOf)) {
    const id = `${bucket}/seeded`;
    if (bucket === undefined || readAccount().find("s3/object", id)) continue;
    changeAccount((account) => account.add("s3/object", id, { bucket }));
  }
}
