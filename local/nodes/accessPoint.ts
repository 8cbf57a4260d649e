/** The claim that a volume is created for. */
interface Claimed {
  namespace: string;
  claim: string;
  volume: string;
  /** The claim's. */
  uid: string;
}

/**
 * The access point that the EFS driver creates for a claim, by its class's parameters. Its directory may exist already:
 * EFS keeps it when an access point is deleted.
 * https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#storage-class-parameters-for-dynamic-provisioning
 */
export function accessPointFor(parameters: Record<string, string>, { namespace, claim, volume, uid }: Claimed) {
  const { fileSystemId, basePath = "", subPathPattern = "${.PV.name}", ensureUniqueDirectory = "true" } = parameters;
  const names: Record<string, string> = { "PVC.namespace": namespace, "PVC.name": claim, "PV.name": volume };
  const directory = subPathPattern.replaceAll(/\$\{\.([\w.]+)\}/g, (_, name: string) => names[name] ?? "");
  const unique = parameters.subPathPattern && ensureUniqueDirectory === "true" ? `-${uid}` : "";
  const path = `/${basePath}/${directory}${unique}`.replaceAll(/\/+/g, "/");
  const [ownerUid, ownerGid] = [Number(parameters.uid), Number(parameters.gid)];
  return {
    fileSystemId,
    posixUser: { uid: ownerUid, gid: ownerGid },
    rootDirectory: { path, creationInfo: { ownerUid, ownerGid, permissions: parameters.directoryPerms } },
  };
}
