import { type AwsRecord, changeRecords, OBJECT, readRecords, token } from "../aws/records";
import type { Fields, KubernetesObject } from "../kubernetes/client";
import { volumesOf, type World } from "./csiDrivers";
import { covers, list, rolesOf, type Statement, statementsOf } from "../aws/iam/policies";

// What Mountpoint for S3 and its CSI driver refuse.
// https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/TROUBLESHOOTING.md
// https://github.com/awslabs/mountpoint-s3/blob/main/doc/TROUBLESHOOTING.md

const DRIVER = "s3.csi.aws.com";

/** What a workload that reads, writes and deletes needs; without the first of them Mountpoint doesn't even start. */
const ACTIONS = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"];
const KEY_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"];

const optionsOf = ({ spec }: KubernetesObject) => (spec?.mountOptions ?? []) as string[];
const bucketOf = ({ spec }: KubernetesObject) => spec?.csi?.volumeAttributes?.bucketName as string | undefined;

/** Why a pod can't have a volume on S3; undefined: it can, or the volume is none. */
export function whyNotMountedFromS3(volume: KubernetesObject, pod: KubernetesObject, world: World): string | undefined {
  const { driver, volumeHandle } = (volume.spec?.csi ?? {}) as Fields;
  if (driver !== DRIVER) return undefined;
  const modes = (volume.spec?.accessModes ?? []) as string[];
  if (!modes.every((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany")) {
    return "rpc error: code = InvalidArgument desc = Volume capability not supported";
  }
  const bucketName = bucketOf(volume);
  if (!bucketName) return "rpc error: code = InvalidArgument desc = Bucket name not provided";
  const isTwin = ({ metadata, spec }: KubernetesObject) =>
    metadata.name !== volume.metadata.name && spec?.csi?.driver === DRIVER && spec.csi.volumeHandle === volumeHandle;
  const onSameNode = world.pods.filter(({ spec }) => spec?.nodeName === pod.spec?.nodeName);
  if (onSameNode.some((other) => volumesOf(other, world).some(isTwin))) {
    return `timed out waiting for the condition (another volume on this node has the handle ${volumeHandle})`;
  }
  const reason = whyNotReached(bucketName, optionsOf(volume));
  if (reason) return `rpc error: code = Internal desc = Could not mount "${bucketName}": Mount failed: ${reason}`;
  const user = pod.spec?.securityContext?.runAsUser as number | undefined;
  return user && !optionsOf(volume).includes("allow-other")
    ? `user ${user} may not enter it: Permission denied (it lacks the mount option allow-other)`
    : undefined;
}

function whyNotReached(bucketName: string, options: string[]): string | undefined {
  const records = readRecords();
  const of = (type: string) => records.filter((record) => record.type === token(type));
  const failed = (why: string) =>
    `Failed to create S3 client: initial ListObjectsV2 failed for bucket ${bucketName}: ${why}`;
  const roles = rolesOf("s3-csi-driver-sa", records);
  const at = (type: string, property: string, value: string) =>
    records.findIndex(({ type: other, properties }) => other === token(type) && properties[property] === value);
  const association = at("eks/podIdentityAssociation", "serviceAccount", "s3-csi-driver-sa");
  const addons = ["eks-pod-identity-agent", "aws-mountpoint-s3-csi-driver"].map((name) =>
    at("eks/addon", "addonName", name),
  );
  // The driver's pods find the association in their environment, as it was when they started.
  if (roles.length === 0 || association > addons[1]! || addons.includes(-1)) {
    return failed("No signing credentials found");
  }
  const bucket = of("s3/bucket").find(({ id }) => id === bucketName);
  if (!bucket) return failed("The bucket does not exist");
  const region = options.find((option) => option.startsWith("region "))?.slice("region ".length);
  if (region && region !== bucket.properties.region) return failed(`The bucket is not in region ${region}`);
  const statements = of("iam/rolePolicy")
    .filter(({ properties }) => roles.includes(String(properties.role)))
    .flatMap(({ properties }) => statementsOf(properties.policy));
  return isAllowed(bucket, statements, of) ? undefined : failed("Forbidden: Access Denied");
}

type Of = (type: string) => AwsRecord[];

/** Whether the role may do all that a volume needs, with the key that its objects are encrypted with. */
function isAllowed(bucket: AwsRecord, statements: Statement[], of: Of): boolean {
  const may = (action: string, arn: string) =>
    statements.some(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" &&
        list(Action).some((allowed) => covers(allowed, action)) &&
        list(Resource).some((allowed) => covers(allowed, arn)),
    );
  const arn = String(bucket.properties.arn);
  const encryption = of("s3/bucketServerSideEncryptionConfiguration").find(({ id }) => id === bucket.id);
  const [rule] = (encryption?.properties.rules ?? []) as Fields[];
  const key = rule?.applyServerSideEncryptionByDefault?.kmsMasterKeyId as string | undefined;
  return (
    ACTIONS.every((action) => may(action, action === "s3:ListBucket" ? arn : `${arn}/image.jpg`)) &&
    (key === undefined || KEY_ACTIONS.every((action) => may(action, key)))
  );
}

/** Puts what a started pod's init container copies there: from now on the bucket isn't empty. */
export function seedBuckets(pod: KubernetesObject, world: World): void {
  if (!pod.spec?.initContainers) return;
  for (const bucket of volumesOf(pod, world).map(bucketOf)) {
    const id = `${bucket}/seeded`;
    if (bucket === undefined || readRecords().some((record) => record.type === OBJECT && record.id === id)) continue;
    changeRecords((records) => records.push({ type: OBJECT, id, status: "ACTIVE", properties: { bucket } }));
  }
}
