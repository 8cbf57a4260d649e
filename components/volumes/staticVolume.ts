import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AccessMode, accessModeParts, DEFAULT_ACCESS_MODE, validateAccessMode } from "./accessModes";
import { csiDrivers } from "../csi/csiDriverData";
import { validateAccessPointPath } from "../efs/accessPointPath";
import { fileSystemParts, type MountAccess, mountOptionsOf } from "../efs/mountAccess";
import { shortHash } from "./shortHash";
import { type PosixIdentity, validatePosixIdentity } from "../efs/posixIdentity";
import { assertArguments, assertPlain } from "../checks/assertValid";
import { validateExactlyOne } from "../checks/exactlyOne";
import type { Violation } from "../checks/violations";
import { validateBucketName } from "../s3/bucketName";
import { typeTokens } from "../typeTokens";

/** A directory of an EFS file system, as an access point gives it. */
export interface EfsVolumeArgs {
  /** The file system, `fs-…`. */
  fileSystemId: pulumi.Input<string>;
  /** The access point, `fsap-…`. */
  accessPointId: pulumi.Input<string>;
  /**
   * The access point's path. Another path or identity makes another volume. To use another file system or access point with
   * the same path and identity, give another `fileSystemName`: a volume in use can't change. Plain.
   */
  path: string;
  /** The access point's user and group. Another one makes another volume. Plain. */
  identity: PosixIdentity;
  /** A name of your choice for the file system. Another name makes another volume. Plain. Default: none. */
  fileSystemName?: string;
  /** The file system's `mountAccess`. Another one makes another volume. Plain. Default: `network`. */
  mountAccess?: MountAccess;
}

/** A bucket, or a part of it, as Mountpoint shows it. All plain: together they make this another volume. */
export interface S3VolumeArgs {
  /** The bucket's name. Plain. */
  bucketName: string;
  /** The bucket's region. Mountpoint can't ask the instance metadata (IMDS) for it, whose hop limit is 1. Plain. */
  region: string;
  /** Only objects whose keys begin with this are shown, such as `images/`. It ends with a slash. Plain. Default: all objects. */
  prefix?: string;
  /** The user and group that the files seem to belong to: the pods'. Objects have no owner, so a change moves nothing. Plain. */
  identity: PosixIdentity;
}

export interface StaticVolumeArgs {
  /** What the claim's name begins with. Plain. */
  claimName: string;
  /** The claim's namespace, which must exist. Plain. */
  namespace: string;
  /** A directory of an EFS file system: this or `s3`. Plain but for the ids in it. Default: none. */
  efs?: EfsVolumeArgs;
  /** A bucket, or a part of it: this or `efs`. Plain. Default: none. */
  s3?: S3VolumeArgs;
  /** How many nodes and pods may use it. Another one makes another volume. Plain. Default: `ReadWriteMany`. */
  accessMode?: AccessMode;
}

/** The name that {@link StaticVolume} gives its claim, for those who need it before the claim exists. */
export function staticClaimName(args: StaticVolumeArgs): string {
  assertPlain("staticClaimName", "StaticVolume", args);
  const { claimName, efs, s3, accessMode } = args;
  const { uid, gid } = (efs ?? s3!).identity;
  const parts = efs
    ? [csiDrivers.efs.driverName, efs.path, uid, gid]
    : [csiDrivers.s3.driverName, s3!.bucketName, s3!.region, s3!.prefix ?? "", uid, gid];
  const options = mountOptionsOf(efs?.mountAccess) ?? [];
  const named = fileSystemParts(efs?.fileSystemName);
  return `${claimName}-${shortHash([...parts, ...options, ...accessModeParts(accessMode), ...named])}`;
}

/**
 * A PersistentVolume and its claim, bound to each other and to nothing else, by default shared read-write by all pods.
 *
 * Neither can be changed in place, so their names carry a hash of what identifies the volume. A change makes a new pair
 * beside the old one, the workload moves, then the old pair is deleted.
 *
 * Use it for files that are there beforehand or outlive the cluster: an access point of EFS, or a bucket through Mountpoint.
 *
 * @throws pulumi.RunError unless exactly one of `efs` and `s3` is given; for an access mode that EFS, or S3, doesn't have; for
 *   an access point's path, a bucket's name or a prefix that can't be.
 */
export class StaticVolume extends pulumi.ComponentResource {
  /** The claim's name. Known at the first preview. */
  public readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: StaticVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("StaticVolume", name, args, () => validate(args));
    super(typeTokens.StaticVolume, name, {}, opts);
    const parent = this;
    const accessModes = [args.accessMode ?? DEFAULT_ACCESS_MODE];
    const claimName = staticClaimName(args);
    const volumeName = `${args.namespace}-${claimName}`;
    // Kubernetes wants a size; neither EFS nor S3 has one, and both drivers ignore it.
    const capacity = { storage: "5Gi" };

    const volume = new kubernetes.core.v1.PersistentVolume(
      `${name}-${claimName}`,
      {
        metadata: { name: volumeName },
        spec: {
          capacity,
          accessModes,
          // Nothing would delete what a static volume holds; the files are the file system's, the objects the bucket's.
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName: "",
          claimRef: { namespace: args.namespace, name: claimName },
          ...(args.efs ? onEfs(args.efs) : onS3(args.s3!, volumeName)),
        },
      },
      { parent, deleteBeforeReplace: true },
    );
    new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-${claimName}`,
      {
        metadata: { name: claimName, namespace: args.namespace },
        spec: {
          accessModes,
          storageClassName: "",
          volumeName,
          resources: { requests: capacity },
        },
      },
      { parent, dependsOn: [volume] },
    );

    this.claimName = pulumi.output(claimName);
    this.registerOutputs({ claimName: this.claimName });
  }
}

function onEfs({ fileSystemId, accessPointId, mountAccess }: EfsVolumeArgs) {
  return {
    mountOptions: mountOptionsOf(mountAccess),
    csi: {
      driver: csiDrivers.efs.driverName,
      volumeHandle: pulumi.interpolate`${fileSystemId}::${accessPointId}`,
    },
  };
}

/**
 * The handle names no bucket: it must only be unlike every other volume's, since a node mounts each handle once.
 * https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/CONFIGURATION.md#static-provisioning
 */
function onS3({ bucketName, region, prefix, identity }: S3VolumeArgs, volumeHandle: string) {
  return {
    csi: { driver: csiDrivers.s3.driverName, volumeHandle, volumeAttributes: { bucketName } },
    mountOptions: [
      "allow-delete",
      "allow-overwrite",
      // Mountpoint runs as root, and would otherwise let nobody else in.
      "allow-other",
      `uid=${identity.uid}`,
      `gid=${identity.gid}`,
      `region ${region}`,
      ...(prefix === undefined ? [] : [`prefix ${prefix}`]),
    ],
  };
}

/** What is wrong with what a volume is on, beside its identity. */
export function validateVolumeSource({
  efs,
  s3,
}: {
  efs?: Pick<EfsVolumeArgs, "path">;
  s3?: Pick<S3VolumeArgs, "bucketName" | "prefix">;
}): Violation[] {
  const wrongPrefix = {
    argument: "s3.prefix",
    expected: "the beginning of keys, with a slash at its end and none at its beginning, such as images/",
    actual: s3?.prefix,
    fix: "Mountpoint shows a prefix as a directory; leave it out for all of the bucket.",
  };
  return [
    ...(efs ? validateAccessPointPath(efs.path, "efs.path") : []),
    ...(s3 ? validateBucketName(s3.bucketName, "s3.bucketName") : []),
    ...(s3?.prefix === undefined || /^[^/\s].*(?<!\/)\/$/.test(s3.prefix) ? [] : [wrongPrefix]),
  ];
}

function validate({ efs, s3, accessMode = DEFAULT_ACCESS_MODE }: StaticVolumeArgs): Violation[] {
  const identityOf = (kind: string, source: { identity: PosixIdentity } | undefined) =>
    source ? validatePosixIdentity(source.identity, { uid: `${kind}.identity.uid`, gid: `${kind}.identity.gid` }) : [];
  return [
    ...validateExactlyOne({ efs, s3 }),
    ...validateAccessMode(efs ? "efs" : "s3", accessMode),
    ...identityOf("efs", efs),
    ...identityOf("s3", s3),
    ...validateVolumeSource({ efs, s3 }),
  ];
}
