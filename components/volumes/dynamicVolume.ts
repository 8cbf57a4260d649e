import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AccessMode, accessModeParts, DEFAULT_ACCESS_MODE, validateAccessMode } from "./accessModes";
import { csiDrivers } from "../csi/csiDriverData";
import { fileSystemParts } from "../efs/mountAccess";
import { shortHash } from "./shortHash";
import { validatePosixIdentity, type PosixIdentity } from "../efs/posixIdentity";
import { assertArguments, assertPlain } from "../checks/assertValid";
import { typeTokens } from "../typeTokens";

export interface DynamicVolumeArgs {
  /** What the claim's name begins with. Plain. */
  claimName: string;
  /** The claim's namespace, which must exist. Plain. */
  namespace: string;
  /** The {@link EfsStorageClass} that makes the volume. Plain: a claim can't move to another class. */
  storageClassName: string;
  /**
   * Id of the class's file system, `fs-…`. It is written on the claim as an annotation, so that the claim is deleted before
   * the file system. Default: none.
   */
  fileSystemId?: pulumi.Input<string>;
  /** A name of your choice for the class's file system. Another name makes another volume. Plain. Default: none. */
  fileSystemName?: string;
  /** The user and group that own the files: the class's. Another one makes another volume. Plain. */
  identity: PosixIdentity;
  /** How many nodes and pods may use it. Another one makes another volume. Plain. Default: `ReadWriteMany`. */
  accessMode?: AccessMode;
}

/** The name that {@link DynamicVolume} gives its claim. */
export function dynamicClaimName(args: DynamicVolumeArgs): string {
  assertPlain("dynamicClaimName", "DynamicVolume", args);
  const { claimName, storageClassName, fileSystemName, identity, accessMode } = args;
  const parts = [csiDrivers.efs.driverName, storageClassName, identity.uid, identity.gid];
  return `${claimName}-${shortHash([...parts, ...accessModeParts(accessMode), ...fileSystemParts(fileSystemName)])}`;
}

/**
 * A claim whose volume an EFS class makes. The class names the volume's directory after namespace and claim, so a claim
 * that is made anew finds its files again.
 *
 * Class, file system, identity and access mode are part of the claim's name, as with a {@link StaticVolume}: a change makes
 * a new claim beside the old one, in a directory of its own, the workload moves, then the old claim goes.
 *
 * Use it for shared files whose directory nobody needs to know; {@link StaticVolume} takes a directory that is known.
 *
 * @throws pulumi.RunError for an access mode that EFS doesn't have.
 */
export class DynamicVolume extends pulumi.ComponentResource {
  /** The claim's name. Known at the first preview. */
  public readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: DynamicVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    const accessMode = args.accessMode ?? DEFAULT_ACCESS_MODE;
    assertArguments("DynamicVolume", name, args, () => [
      ...validatePosixIdentity(args.identity),
      ...validateAccessMode("efs", accessMode),
    ]);
    super(typeTokens.DynamicVolume, name, {}, opts);
    const claimName = dynamicClaimName(args);
    new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-${claimName}`,
      {
        metadata: {
          name: claimName,
          namespace: args.namespace,
          // The claim must be deleted before its file system. The class can't order that: it is made anew first.
          annotations: args.fileSystemId === undefined ? {} : { "eks-storage/file-system-id": args.fileSystemId },
        },
        spec: {
          accessModes: [accessMode],
          storageClassName: args.storageClassName,
          // Kubernetes wants a size; EFS has none, and ignores it.
          resources: { requests: { storage: "5Gi" } },
        },
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.claimName = pulumi.output(claimName);
    this.registerOutputs({ claimName: this.claimName });
  }
}
