import * as pulumi from "@pulumi/pulumi";
import { checkCluster, consequenceOf, isConfigured } from "./clusterCheck";
import { orEnd } from "./refusals";
import type { Retention } from "./retention";

/**
 * Says, at a preview and at the beginning of an `up`, what has come apart in the cluster.
 *
 * @param adopted the disk that the configuration adopts.
 * @returns the id of the disk that is recorded, where it counts no longer, or `none` where none is and one could be.
 */
export async function reportCluster(
  parent: pulumi.Resource,
  retention: Retention,
  adopted: string | undefined,
): Promise<string | undefined> {
  const found = await checkCluster(parent);
  const { lost, lostText, inAws, warnings, trouble, isUnrecorded } = found;
  if (trouble !== undefined) {
    const what = "The cluster couldn't be asked whether its claims still have their volumes";
    const after = `If it is gone for good, npm run kept prints the configuration that adopts the database's disk.`;
    await pulumi.log.info(`${what}: ${trouble}\n${after}`);
  }
  const isTold = consequenceOf(found, retention, adopted) === "warning";
  // By themselves, not with a resource: one that is registered late would be heard of late.
  for (const warning of [...(isTold ? [lostText] : []), ...warnings]) await pulumi.log.warn(warning);
  if (isUnrecorded) return "none";
  if (!lost) return undefined;
  const isReplaced = adopted !== lost.disk.volumeId && isConfigured(found, adopted);
  return isReplaced || inAws === "gone" || inAws === "abandoned" ? lost.disk.volumeId : undefined;
}

/**
 * An option of a claim: nothing is made of it, nor of what waits for it, where it would get a new, empty disk while its own
 * is still there.
 *
 * @throws pulumi.RunError, at a preview already.
 */
export function keepsItsDisk(
  parent: pulumi.Resource,
  claim: { namespace: string; name: string },
  retention: Retention,
  adopted: string | undefined,
): pulumi.ResourceTransform {
  const checked = orEnd(
    checkCluster(parent).then((found) => {
      const of = found.lost?.claim;
      if (of?.name !== claim.name || of.namespace !== claim.namespace) return;
      if (consequenceOf(found, retention, adopted) !== "refusal") return;
      throw new pulumi.RunError(`pulumi up would give the database a new, empty disk.\n${found.lostText}`);
    }),
  );
  return async () => {
    await checked;
    return undefined;
  };
}
