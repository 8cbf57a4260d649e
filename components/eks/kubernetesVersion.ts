import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { calendar } from "../checks/calendar";
import { lookupFix } from "../checks/lookups";
import type { Violation } from "../checks/violations";
import type { Adopter } from "../retention/adopter";
import { type OwnResource, ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";
import { ownCluster } from "./ownCluster";
import { supportNotice, validateLivingCluster, validateNewCluster } from "./kubernetesSupport";

/**
 * Refuses, at a preview already, a new cluster of a Kubernetes version out of standard support, and for a living one a
 * version behind its own. Says at a preview that a version's support has ended, or ends soon.
 *
 * @param version undefined where it isn't known yet.
 * @returns what the cluster must wait for; undefined where there is nothing to ask.
 */
export function checkKubernetesVersion(
  clusterName: string,
  version: string | undefined,
  adopter: Adopter,
): Promise<void> | undefined {
  if (version === undefined) return undefined;
  const today = calendar.today();
  const notice = supportNotice(version, today);
  if (notice !== undefined && pulumi.runtime.isDryRun()) void pulumi.log.warn(notice, adopter.component);
  const state = ownState();
  return refuseTogether(adopter, async () => {
    const own = ownCluster(await state, clusterName);
    if (own === undefined) return validateNewCluster(version, today);
    return validateLiving(clusterName, version, own, adopter);
  });
}

async function validateLiving(
  clusterName: string,
  version: string,
  { outputs }: OwnResource,
  { component }: Adopter,
): Promise<Violation[]> {
  const { version: recorded = version } = outputs as { version?: string };
  const found: Partial<aws.eks.GetClusterResult> = await aws.eks
    .getCluster({ name: clusterName }, { parent: component })
    .catch((error: Error) => {
      const what = `The cluster ${clusterName} can't be asked for its Kubernetes version: the stack's state says ${recorded}`;
      // Not awaited, here and below: the engine takes it when the component is registered, which may wait for this check.
      void pulumi.log.warn(`${what}. ${lookupFix("eks:DescribeCluster", error)}`, component);
      return {};
    });
  // The state knows what the last refresh has found.
  const living = found.version ?? recorded;
  // EKS refuses an update to the version that a cluster has: the state must know first.
  if (living === version && recorded !== version && pulumi.runtime.isDryRun()) {
    const what = `The cluster ${clusterName} has Kubernetes ${living} already, and the stack's state says ${recorded}`;
    void pulumi.log.warn(`${what}: run pulumi refresh before pulumi up, or EKS refuses the update.`, component);
  }
  return validateLivingCluster(version, { clusterName, living });
}
