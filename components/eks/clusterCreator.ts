import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownState } from "../retention/ownState";
import { ownCluster } from "./ownCluster";

/**
 * Says, at the preview of a cluster that isn't there yet, who is going to be its first administrator: EKS gives that to
 * whoever creates it, so it is decided by who happens to be signed in.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html (bootstrapClusterCreatorAdminPermissions)
 *
 * And from where that must be: the eks component asks the API server sixty times whether it is there, says nothing of it, and
 * goes on without an answer.
 * https://github.com/pulumi/pulumi-eks/blob/v4.3.0/nodejs/eks/cluster/cluster.ts (/healthz)
 *
 * @param reachedFrom the networks outside the VPC from which the API server can be reached, as far as they are known.
 * @param parent whose provider's credentials create it.
 * @param entries what the access entries are called where they are configured.
 */
export async function sayWhoCreates(
  clusterName: string,
  entries: string,
  reachedFrom: unknown[],
  parent: pulumi.Resource,
): Promise<void> {
  const isPreview = pulumi.runtime.isDryRun();
  const state = await ownState();
  if (!isPreview || ownCluster(state, clusterName)) return;
  let arn: string;
  try {
    ({ arn } = await aws.getCallerIdentity({}, { parent }));
  } catch {
    // Nobody is signed in: what needs AWS says so.
    return;
  }
  await pulumi.log.info(
    `${creatorOf(arn)} creates the cluster ${clusterName}, and EKS makes it the administrator. Whoever else deploys ` +
      `needs an access entry: name them in ${entries}, but not the creator, which EKS would refuse. For another ` +
      "creator sign in as that one before pulumi up.\n" +
      `pulumi up must run where the API server can be reached: ${networks(reachedFrom)}. Elsewhere it waits five minutes ` +
      "without a word, and fails then.",
  );
}

const networks = (outside: unknown[]) =>
  outside.length > 0
    ? `in ${outside.join(", ")}, or in the VPC`
    : "in the VPC, or in a network that is connected to it";

/** Who an identity is for EKS: a role, not one of its sessions. Of the ARN of a session the role's path is missing. */
export function creatorOf(arn: string): string {
  const [, account, name] = /^arn:[^:]*:sts::(\d*):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return name ? `The role ${name} of the account ${account}` : arn;
}
