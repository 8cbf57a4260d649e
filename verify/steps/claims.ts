import type { V1PersistentVolume, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { ASSETS, CATALOG } from "../../components/workloads/locations";
import { type Cluster, ClusterError } from "../cluster";
import type { Context } from "../context";
import { Refuted, type Seen } from "../result";
import type { Step } from "../step";

/** What a claim and its volume must be. */
interface Expected {
  namespace: string;
  name: string;
  accessMode: string;
  driver: string;
  /** By the claim's class; the empty one is a static volume's. */
  classes: Record<string, { inWords: string; isIt: (volume: V1PersistentVolume) => boolean }>;
}

/** The claims by workload, as the outputs name what is behind them (docs/outputs.md). */
function expectations({ outputs }: Context): Record<string, Expected> {
  const { pvcNames, storageClassNames, fileSystemId, accessPointIds, bucketName } = outputs;
  const handleOf = ({ spec }: V1PersistentVolume) => spec?.csi?.volumeHandle ?? "";
  const accessPoint = `${fileSystemId}::${accessPointIds.assets}`;
  const onBucket = {
    inWords: `the bucket ${bucketName}`,
    isIt: ({ spec }: V1PersistentVolume) => spec?.csi?.volumeAttributes?.["bucketName"] === bucketName,
  };
  const onAccessPoint = {
    inWords: accessPoint,
    isIt: (volume: V1PersistentVolume) => handleOf(volume) === accessPoint,
  };
  const onOwn = {
    inWords: `an access point of ${fileSystemId}`,
    isIt: (volume: V1PersistentVolume) => handleOf(volume).startsWith(`${fileSystemId}::fsap-`),
  };
  return {
    assets: {
      ...{ namespace: ASSETS, name: pvcNames.assets, accessMode: "ReadWriteMany" },
      driver: bucketName === undefined ? "efs.csi.aws.com" : "s3.csi.aws.com",
      classes: bucketName === undefined ? { "": onAccessPoint, [storageClassNames.efs]: onOwn } : { "": onBucket },
    },
    catalog: {
      ...{ namespace: CATALOG, name: pvcNames.catalog, accessMode: "ReadWriteOnce", driver: "ebs.csi.aws.com" },
      classes: {
        [storageClassNames.ebs]: { inWords: "a disk", isIt: (volume) => /^vol-\w+$/.test(handleOf(volume)) },
      },
    },
  };
}

function inWords({ namespace, name, accessMode, driver, classes }: Expected, { hasOtherVolumes }: Context): string {
  const each = Object.entries(classes).map(
    ([of, { inWords }]) => `${inWords} (${of === "" ? "no class" : `class ${of}`})`,
  );
  const volume = hasOtherVolumes ? "its volume" : `${each.join(" or ")}, by ${driver}`;
  return `${namespace}/${name} is Bound, ${accessMode}, to ${volume}`;
}

/** The claims, their volumes, and what these are on. */
export const claims: Step = {
  name: "claims",
  checks: (context) =>
    Object.fromEntries(Object.entries(expectations(context)).map(([key, it]) => [key, inWords(it, context)])),
  look: () => "kubectl get pvc --all-namespaces",
  needs: () => [
    { verb: "get", resource: "persistentvolumeclaims", namespace: ASSETS },
    { verb: "get", resource: "persistentvolumeclaims", namespace: CATALOG },
    { verb: "get", resource: "persistentvolumes" },
  ],
  run: async (it) => {
    for (const [key, expected] of Object.entries(expectations(it.context))) {
      await it.check(key, () => look(it.context, expected));
    }
  },
};

async function look({ cluster, hasOtherVolumes }: Context, expected: Expected): Promise<Seen> {
  const { namespace, name, accessMode, classes, driver } = expected;
  const describe = `kubectl describe pvc ${name} --namespace ${namespace}`;
  const claim = await cluster.find("PersistentVolumeClaim", name, namespace);
  if (!claim) throw new Refuted("there is no such claim", `kubectl get pvc --namespace ${namespace}`);
  const { phase } = claim.status ?? {};
  if (phase !== "Bound") throw new Refuted(`it is ${phase}: ${await whyOf(cluster, claim)}`, describe);
  const volumeName = claim.spec?.volumeName ?? "";
  const volume = await cluster.find("PersistentVolume", volumeName);
  if (!volume) throw new Refuted(`its volume ${volumeName} is gone`, describe);
  const { spec } = volume;
  const className = claim.spec?.storageClassName ?? "";
  const seen = `Bound to ${volumeName}`;
  const wrong = [
    ...(claim.spec?.accessModes?.join() === accessMode ? [] : [`it has ${claim.spec?.accessModes?.join(", ")}`]),
    ...(className in classes ? [] : [`its class is ${className === "" ? "none" : className}`]),
    ...(spec?.claimRef?.uid === claim.metadata?.uid ? [] : [`that volume is of another claim`]),
    ...(hasOtherVolumes || spec?.csi?.driver === driver ? [] : [`the driver is ${spec?.csi?.driver ?? "none"}`]),
    ...(hasOtherVolumes || classes[className]?.isIt(volume) !== false
      ? []
      : [`that volume is ${spec?.csi?.volumeHandle ?? "none of a driver"}`]),
  ];
  if (wrong.length > 0)
    throw new Refuted(`${seen}, but ${wrong.join(", ")}`, `kubectl get pv ${volumeName} --output yaml`);
  const handle = hasOtherVolumes ? "what it is on wasn't looked at" : (spec?.csi?.volumeHandle ?? "");
  return { saw: `${seen}: ${handle}`, value: undefined };
}

/** Why a claim isn't Bound: what was said of it last. */
async function whyOf(cluster: Cluster, { metadata }: V1PersistentVolumeClaim): Promise<string> {
  const fields = { "involvedObject.name": metadata?.name ?? "", "involvedObject.kind": "PersistentVolumeClaim" };
  const events = await cluster
    .list("Event", { namespace: metadata?.namespace, fields })
    .catch((error: ClusterError) => (error.problem === "forbidden" ? error : Promise.reject(error)));
  // That it isn't Bound is known all the same.
  if (events instanceof ClusterError) return `why, whoever runs this may not see: ${events.message}`;
  const time = ({ lastTimestamp, eventTime }: (typeof events)[number]) => Number(lastTimestamp ?? eventTime ?? 0);
  const latest = events.sort((one, other) => time(one) - time(other)).at(-1);
  return latest ? `${latest.reason}: ${latest.message}` : "nothing is said about why";
}
