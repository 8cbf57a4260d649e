import * as pulumi from "@pulumi/pulumi";
import { clusterApi } from "../clusterApi/clusterApi";
import { findVolume } from "../csi/diskKey";
import { typeTokens } from "../typeTokens";
import { type ClaimedDisk, diskOf, releasedDisk } from "./claimedDisk";
import { type ClusterObjects, clusterObjects } from "./clusterObjects";
import { ABANDONED_TAG, type DiskInAws, type HeldClaim, type LostDisk, lostDisk, lostDiskText } from "./lostDisk";
import { hasOwnClaim, whatCameApart } from "./ownClaims";
import { type OwnResource, ownState } from "./ownState";
import { keepsData, type Retention } from "./retention";
import type { NoticeState } from "./retentionNotice";

/** What has become of what the stack made in its cluster. */
export interface ClusterFindings {
  /** The disk that the database's claim has lost. */
  lost?: LostDisk;
  /** What there is to say of it. */
  lostText: string;
  inAws: DiskInAws;
  /** The disks and files whose volumes are resources of the stack, as drivers call them. */
  ownHandles: unknown[];
  /** What else a person must know, each by itself. */
  warnings: string[];
  /** Why the cluster couldn't be asked. */
  trouble?: string;
  /** Whether the claim has a disk, and none is recorded. */
  isUnrecorded: boolean;
  /** The id of the disk that is recorded, or was released, and is gone or was let go of. */
  dismissed?: string;
}

const NOTHING: ClusterFindings = {
  ...{ lostText: "", inAws: "unknown", ownHandles: [], warnings: [], isUnrecorded: false },
};

/** By deployment: everybody gets the same answer, and the cluster is asked once. */
const findings = new WeakMap<object, Promise<ClusterFindings>>();

/**
 * Asks the stack's cluster, once and shortly, whether its claims have what they had when the stack was last deployed. The
 * engine can't tell: it compares the program with its own state. A new stack has nothing that could be asked for.
 *
 * @param parent whose provider AWS is asked with.
 */
export function checkCluster(parent: pulumi.Resource): Promise<ClusterFindings> {
  const monitor = pulumi.runtime.getMonitor() as object;
  const known = findings.get(monitor);
  if (known) return known;
  const found = look(ownState(), parent);
  findings.set(monitor, found);
  return found;
}

async function look(known: Promise<OwnResource[]>, parent: pulumi.Resource): Promise<ClusterFindings> {
  const state = await known;
  const notice = noticeIn(state);
  if (!notice) return NOTHING;
  const { claim, configuration } = notice;
  const inAwsOf = (it: ClaimedDisk | null | undefined): Promise<DiskInAws> | "unknown" =>
    it ? diskInAws(it.volumeId, parent) : "unknown";
  const [cluster, recordedInAws] = await Promise.all([ask(notice.kubeconfig), inAwsOf(notice.disk)]);
  const isAnswer = typeof cluster !== "string";
  if (!claim)
    return isAnswer ? { ...NOTHING, warnings: whatCameApart(state, cluster) } : { ...NOTHING, trouble: cluster };
  // An older version recorded none, and neither did an up that couldn't ask the cluster.
  const disk = notice.disk ?? (isAnswer ? releasedDisk(cluster.volumes, claim) : undefined);
  const inAws = notice.disk ? recordedInAws : await inAwsOf(disk);
  const isInState = hasOwnClaim(state, claim);
  const ownHandles = state
    .filter(({ type }) => type === "kubernetes:core/v1:PersistentVolume")
    .map(({ outputs }) => (outputs["spec"] as { csi?: { volumeHandle?: string } } | undefined)?.csi?.volumeHandle);
  const found = { ...NOTHING, inAws, ownHandles };
  if (!isAnswer) {
    // A refresh takes what was in a cluster that is gone out of the state.
    const lost: LostDisk | undefined = disk && !isInState ? { disk, claim, state: "forgotten" } : undefined;
    const dismissed = lost && isDismissed(inAws) ? lost.disk.volumeId : undefined;
    const lostText = lost ? lostDiskText(lost, inAws, configuration) : "";
    return { ...found, lost, lostText, dismissed, trouble: cluster };
  }
  const dismissed = disk && isDismissed(inAws) ? disk.volumeId : undefined;
  const now = diskOf(cluster.volumes, claim);
  const isUnrecorded = !notice.disk && now !== undefined && now.volumeId !== dismissed;
  const others = whatCameApart(state, cluster, claim);
  const isThere = cluster.claims.some(
    ({ metadata: { namespace, name } }) => name === claim.name && namespace === claim.namespace,
  );
  // What was never recorded, and is gone, is nothing to speak of.
  if (!disk || (!notice.disk && dismissed)) {
    const warnings = isInState && !isThere ? [unknownDisk(claim), ...others] : others;
    return { ...found, isUnrecorded, dismissed, warnings };
  }
  const lost = lostDisk(disk, claim, cluster);
  const gone =
    `The disk ${disk.volumeId} of the claim ${claim.namespace}/${claim.name} is gone from AWS. ` +
    "docs/restore.md restores a backup.";
  return {
    ...found,
    ...{ isUnrecorded, dismissed, lost },
    lostText: lost ? lostDiskText(lost, inAws, configuration) : "",
    warnings: [...(!lost && inAws === "gone" ? [gone] : []), ...others],
  };
}

const isDismissed = (inAws: DiskInAws) => inAws === "gone" || inAws === "abandoned";

const unknownDisk = ({ namespace, name, volumeKey, zoneKey }: HeldClaim) =>
  `The claim ${namespace}/${name} is gone from the cluster, and no pulumi up has recorded its disk: the next one has a new, ` +
  `empty disk. If there is one, it has the tag kubernetes.io/created-for/pvc/name=${name}; give its id and zone as ` +
  `${volumeKey} and ${zoneKey}, and follow "A database whose volume is gone, too" in docs/operations.md.`;

/** What follows from a lost disk. */
export type Consequence = "none" | "warning" | "refusal";

/**
 * Refused is what would end in a new, empty disk for a claim whose data is to be kept, and still there: a claim that waits
 * gets one, too, with its first pod. What is lost by now is told, and what the configuration says of it counts.
 *
 * @param adopted the disk that the configuration adopts.
 */
export function consequenceOf(found: ClusterFindings, retention: Retention, adopted: string | undefined): Consequence {
  const { lost, inAws } = found;
  if (!lost || inAws === "abandoned") return "none";
  if (isConfigured(found, adopted)) return "none";
  if (!isAboutToBeEmpty(lost) || inAws === "gone") return "warning";
  return keepsData(retention) ? "refusal" : "warning";
}

/** Whether the claim has the disk that the configuration adopts, or is about to have it. */
export function isConfigured({ lost, ownHandles }: ClusterFindings, adopted: string | undefined): boolean {
  if (!lost || adopted === undefined) return false;
  // A claim that is made for a volume has no other disk, and the volume may be there from an up that failed.
  if (lost.state === "forgotten" && lost.disk.volumeId === adopted) return true;
  return lost.now?.volumeId === adopted || (isToBeMade(lost) && !ownHandles.includes(adopted));
}

/** Whether the next `up` makes the claim. */
const isToBeMade = ({ state }: LostDisk) => state === "missing" || state === "forgotten";

const isAboutToBeEmpty = (lost: LostDisk) => isToBeMade(lost) || lost.state === "waiting";

/** What the last deployment recorded. */
export function noticeIn(state: OwnResource[]): NoticeState | undefined {
  const notice = state.find(
    ({ type, parentType }) => type === "pulumi-nodejs:dynamic:Resource" && parentType === typeTokens.DeletionProtection,
  );
  if (!notice) return undefined;
  const { kubeconfig, ...rest } = notice.outputs;
  return { ...rest, kubeconfig: pulumi.runtime.unwrapRpcSecret(kubeconfig) as string } as NoticeState;
}

/** What the cluster has, or why it can't be asked. */
async function ask(kubeconfig: string): Promise<ClusterObjects | string> {
  try {
    return await clusterObjects(clusterApi(kubeconfig, { signIn: 15, request: 5 }));
  } catch (error) {
    return (error as Error).message;
  }
}

async function diskInAws(volumeId: string, parent: pulumi.Resource): Promise<DiskInAws> {
  try {
    const volume = await findVolume("volume-id", volumeId, { parent });
    if (!volume) return "gone";
    return volume.tags[ABANDONED_TAG] === undefined ? "there" : "abandoned";
  } catch {
    return "unknown";
  }
}
