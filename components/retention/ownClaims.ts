import type { ClusterObjects } from "./clusterObjects";
import { isLeaving } from "./lostDisk";
import type { OwnResource } from "./ownState";

interface Metadata {
  namespace?: string;
  name: string;
}

/** What the state has of the stack's own claims, or volumes. */
const ownMetadata = (state: OwnResource[], kind: "PersistentVolume" | "PersistentVolumeClaim"): Metadata[] =>
  state
    .filter(({ type }) => type === `kubernetes:core/v1:${kind}`)
    .map(({ outputs }) => outputs["metadata"] as Metadata | undefined)
    .filter((it) => it !== undefined);

/** Whether the state has a claim of the stack's. */
export const hasOwnClaim = (state: OwnResource[], claim: { namespace: string; name: string }): boolean =>
  ownMetadata(state, "PersistentVolumeClaim").some(
    ({ namespace, name }) => name === claim.name && namespace === claim.namespace,
  );

/**
 * What has come apart of a stack's own claims and volumes, as sentences: a claim that somebody deleted, and a volume that
 * waits for a claim which is gone.
 *
 * @param apart the database's claim, which is spoken of elsewhere, if there is one.
 */
export function whatCameApart(
  state: OwnResource[],
  { volumes, claims }: ClusterObjects,
  apart?: { namespace: string; name: string },
): string[] {
  const isApart = (claim: { namespace: string; name: string }) =>
    apart?.namespace === claim.namespace && apart.name === claim.name;
  const released = ownMetadata(state, "PersistentVolume").flatMap(({ name }) => {
    const volume = volumes.find(({ metadata }) => metadata.name === name);
    if (!volume) return [{ claim: "", text: `The volume ${name} is gone from the cluster. ${ANEW}` }];
    const { claimRef } = volume.spec;
    if (volume.status?.phase !== "Released" || !claimRef || isApart(claimRef)) return [];
    const claim = `${claimRef.namespace}/${claimRef.name}`;
    const text =
      `The volume ${name} is Released: its claim ${claim} was deleted, and it takes no other. Pods of another claim of ` +
      `that name wait without an end, and pulumi up for five minutes. Its data is where it was.\n` +
      `docs/operations.md, "A claim of a static volume", brings both together. Its volume forgets the claim by\n` +
      `  kubectl patch pv ${name} -p '{"spec":{"claimRef":{"uid":null,"resourceVersion":null}}}'`;
    return [{ claim, text }];
  });
  const deleted = ownMetadata(state, "PersistentVolumeClaim").flatMap(({ namespace = "default", name }) => {
    const claim = `${namespace}/${name}`;
    if (isApart({ namespace, name }) || released.some((it) => it.claim === claim)) return [];
    const found = claims.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    if (!found) return [`The claim ${claim} is gone from the cluster. ${ANEW}`];
    if (isLeaving(found)) return [`The claim ${claim} was deleted, and goes when its last pod stops. Then: ${REFRESH}`];
    if (found.status?.phase !== "Lost") return [];
    return [`The claim ${claim} has lost its volume ${found.spec?.volumeName ?? ""}: it is gone from the cluster.`];
  });
  return [...released.map(({ text }) => text), ...deleted];
}

const REFRESH = "pulumi refresh, and pulumi up, which makes it anew.";
const ANEW = `Run ${REFRESH}`;
