import { type Account, changeAccount, readAccount } from "../aws/account";
import { ec2 } from "../aws/ec2";
import { defaultEbsKey } from "../aws/ec2/defaultKey";
import { countModification } from "../aws/ec2/modifications";
import { extraTags, refuseTooMany, validate } from "../aws/eks/ebsDriverTags";
import { mayPods } from "../aws/eks/podIdentity";
import type { Question } from "../aws/iam/evaluation";
import { mayMakeDisks, mayUseKey } from "../aws/kms/keyAccess";
import { type AwsRecord, hex, token } from "../aws/records";
import { call, failure } from "../aws/service";
import { typeOf } from "../aws/services";
import { refuseInvalid } from "../aws/validation";

// What the CSI drivers create, change and delete in AWS.

/** The type of what a dynamic volume is made of: an EBS volume, or an EFS access point. */
export type DiskType = "ebs/volume" | "efs/accessPoint";

const EBS = "ebs.csi.aws.com";
const EFS = "efs.csi.aws.com";

/** Creates the disk of a volume, or finds the one created before; its id. */
export function createDisk(
  type: DiskType,
  volume: string,
  properties: Record<string, unknown>,
  claim: { namespace: string; name: string },
): string {
  return changeAccount((account) => {
    const [existing] = account.where(type, "tags.CSIVolumeName", volume);
    if (existing) return existing.id;
    const [prefix, driver] = type === "ebs/volume" ? ["vol", EBS] : ["fsap", EFS];
    const id = `${prefix}-${hex()}`;
    const own = { CSIVolumeName: volume, [`${driver}/cluster`]: "true" };
    const tags = type === "ebs/volume" ? { ...own, ...tagsOfVolume(volume, claim, properties, account) } : own;
    if (type === "ebs/volume") refuseTooMany("CreateVolume", tags);
    if (type === "efs/accessPoint") {
      const accessPoint = typeOf(token(type));
      refuseInvalid(accessPoint, "create", { ...properties, tagsAll: tags });
      call(accessPoint.service, ["CreateAccessPoint"], { id, properties, olds: {} }, account);
    }
    return account.add(type, id, { ...properties, tags }).id;
  });
}

/**
 * The tags of a disk beside its name: the claim's, the cluster's, those that the EBS driver's add-on is configured with, and
 * those of the class's parameters. A later one takes an earlier one's place.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/controller.go (CreateVolume)
 */
function tagsOfVolume(
  volume: string,
  claim: { namespace: string; name: string },
  parameters: Record<string, unknown>,
  account: Account,
): Record<string, string> {
  const pairs = Object.entries(parameters).filter(([key]) => key.startsWith("tagSpecification_"));
  const ofClass = Object.fromEntries(
    pairs.map(([, pair]) => /^(.*?)=(.*)$/.exec(String(pair))!.slice(1) as [string, string]),
  );
  validate(ofClass);
  const prefix = "kubernetes.io/created-for";
  return {
    [`${prefix}/pvc/name`]: claim.name,
    [`${prefix}/pvc/namespace`]: claim.namespace,
    [`${prefix}/pv/name`]: volume,
    ...tagsOfAddon(volume, account),
    ...ofClass,
  };
}

/** The cluster's name, which the EKS add-on tells the driver, and the add-on's own tags. */
function tagsOfAddon(volume: string, account: Account): Record<string, string> {
  const [addon] = account.where("eks/addon", "addonName", "aws-ebs-csi-driver");
  const { clusterName, configurationValues } = addon?.properties ?? {};
  const cluster = clusterName as string | undefined;
  const ofCluster = {
    [`kubernetes.io/cluster/${cluster}`]: "owned",
    KubernetesCluster: cluster!,
    Name: `${cluster}-dynamic-${volume}`,
  };
  return { ...(cluster === undefined ? {} : ofCluster), ...extraTags(configurationValues) };
}

export function deleteDisk(id: string): void {
  changeAccount((account) => account.remove(account.records.find((record) => record.id === id)));
}

/** Has a disk grow, which may have done so in an earlier attempt; what EC2 answers if it refuses. */
export function growDisk(id: string, size: number): string | undefined {
  return changeAccount((account) => {
    const disk = account.find("ebs/volume", id);
    if (!disk || Number(disk.properties.size) >= size) return undefined;
    const refused = failure(ec2, ["ModifyVolume"], { id, properties: { size }, olds: disk.properties }, account);
    if (refused) return `${refused.code}: ${refused.explanation}`;
    disk.properties.size = size;
    countModification(disk);
    return undefined;
  });
}

/** The key of a new disk: the named one, or the account's default where that is a customer's. */
export const keyOfNewDisk = (named: string | undefined, zone: string) =>
  named ?? defaultEbsKey(zone.slice(0, -1), readAccount());

/** Whether the EBS driver may make disks with a key. */
export const mayMake = (kmsKeyArn: string | undefined) => mayMakeDisks(kmsKeyArn, readAccount());

/** Whether the EBS driver may use a key. */
export const mayUse = (kmsKeyArn: string | undefined) => mayUseKey(kmsKeyArn, readAccount());

/** The key of a disk. */
export const keyOfDisk = (id: string) =>
  readAccount().find("ebs/volume", id)?.properties.kmsKeyId as string | undefined;

/** A snapshot by its id: its size in GiB, and whether the driver may make disks from it. */
export function findSnapshot(id: string) {
  const account = readAccount();
  const record = account.find("ebs/snapshot", id);
  return record && snapshotOf(record, account);
}

export const snapshotNotFound = (id: string | undefined) =>
  `InvalidSnapshot.NotFound: The snapshot '${id}' does not exist.`;

/** Takes a snapshot of a disk, or finds the one taken before. */
export function createSnapshot(content: string, volumeId: string) {
  return changeAccount((account) => {
    const [existing] = account.where("ebs/snapshot", "tags.CSIVolumeSnapshotName", content);
    if (existing) return snapshotOf(existing, account);
    const volume = account.find("ebs/volume", volumeId);
    if (!volume) return undefined;
    const { size: volumeSize, kmsKeyId } = volume.properties;
    const own = { CSIVolumeSnapshotName: content, [`${EBS}/cluster`]: "true" };
    const tags = { ...own, ...tagsOfAddon(content, account) };
    refuseTooMany("CreateSnapshot", tags);
    const made = account.add("ebs/snapshot", `snap-${hex()}`, { volumeId, volumeSize, kmsKeyId, tags });
    return snapshotOf(made, account);
  });
}

const snapshotOf = ({ id, properties }: AwsRecord, account: Account) => ({
  id,
  size: Number(properties.volumeSize),
  kmsKeyId: properties.kmsKeyId as string | undefined,
  isUsable: mayPods("ebs-csi-controller-sa", makeDiskFrom(id, properties.tags as object | undefined), account),
});

/** What the driver asks of EC2 about a snapshot; its tags are what a policy's conditions see of it. */
const makeDiskFrom = (id: string, tags: object = {}): Question => ({
  action: "ec2:CreateVolume",
  resource: `arn:aws:ec2:*::snapshot/${id}`,
  context: Object.fromEntries(Object.entries(tags).map(([key, value]) => [`ec2:ResourceTag/${key}`, String(value)])),
});
