import * as pulumi from "@pulumi/pulumi";
import { checkCluster, consequenceOf, isConfigured } from "./clusterCheck";
import { orEnd } from "./refusals";
import type { Retention } from "./retention";

/**
 * Says, at a preview and at the beginning of an `up`, what has come apart in the cluster.
 *
 * @param adopted the disk that the configuration adopts.
 * @param recordParameter name of the SSM parameter that has the record of what the stack keeps, if one has.
 * @returns `outdated`, the id of the disk that is recorded, where it counts no longer, or `none` where none is and one could
 * be; and `dismissed`, the id of one that nobody needs to hear of any more.
 */
export async function reportCluster(
  parent: pulumi.Resource,
  retention: Retention,
  adopted: string | undefined,
  recordParameter?: string,
): Promise<{ outdated?: string; dismissed?: string }> {
  const found = await checkCluster(parent);
  const { lost, lostText, warnings, trouble, isUnrecorded, dismissed } = found;
  if (trouble !== undefined) {
    const what = "The cluster couldn't be asked whether its claims still have their volumes";
    const read = `If it is gone for good, what the stack keeps is recorded: aws ssm get-parameter --name ${recordParameter}`;
    await pulumi.log.info(`${what}: ${trouble}${recordParameter === undefined ? "" : `\n${read}`}`);
  }
  const consequence = consequenceOf(found, retention, adopted);
  const isTold = consequence === "warning" || (consequence === "refusal" && !refusing.has(monitorOfNow()));
  // By themselves, not with a resource: one that is registered late would be heard of late.
  for (const warning of [...(isTold ? [lostText] : []), ...warnings]) await pulumi.log.warn(warning);
  if (isUnrecorded) return { outdated: "none", dismissed };
  const isReplaced = lost && adopted !== lost.disk.volumeId && isConfigured(found, adopted);
  return { outdated: isReplaced ? lost.disk.volumeId : lost && dismissed, dismissed };
}

const monitorOfNow = () => pulumi.runtime.getMonitor() as object;

/** The deployments in which a claim refuses: there nobody need be warned of the same. */
const refusing = new WeakSet<object>();

/**
 * An option of a claim: nothing is made of it, nor of what waits for it, where it would get a new, empty disk while the one
 * that was recorded is still there, under this claim's name or another one.
 *
 * @param hasSource whether the claim is made for a disk, or from a snapshot.
 * @throws pulumi.RunError, at a preview already.
 */
export function keepsItsDisk(
  parent: pulumi.Resource,
  claim: { namespace: string; name: string; hasSource: boolean },
  retention: Retention,
  adopted: string | undefined,
): pulumi.ResourceTransform {
  refusing.add(monitorOfNow());
  const checked = orEnd(
    checkCluster(parent).then((found) => {
      const of = found.lost?.claim;
      if (claim.hasSource && (of?.name !== claim.name || of.namespace !== claim.namespace)) return;
      if (consequenceOf(found, retention, adopted) !== "refusal") return;
      throw new pulumi.RunError(`pulumi up would give the database a new, empty disk.\n${found.lostText}`);
    }),
  );
  return async () => {
    await checked;
    return undefined;
  };
}
