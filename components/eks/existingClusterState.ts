import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterApi } from "../clusterApi/clusterApi";
import { isMissing, lookupFix } from "../checks/lookups";
import type { Violation } from "../checks/violations";
import { differing } from "../retention/adoptable";
import type { OwnResource } from "../retention/ownState";

/** The add-on that gives pods the credentials of their roles. Nodes of EKS Auto Mode have it built in. */
const AGENT = "eks-pod-identity-agent";

/** What to do about an add-on that is there, for who writes the program: first what takes nothing from its owner. */
const USE_OR_TAKE =
  "Use it as it is: leave out the component that makes it, such as CsiDriver, and its name in addonNames (docs/components.md, " +
  '"On a cluster that has the driver"). Or hand it over to the stack, which deletes it at a destroy: aws eks delete-addon, ' +
  "if nobody else needs it.";
/** The same for who configures a program that makes it. */
const TAKE = "The stack makes it, and a destroy would delete it: aws eks delete-addon, if nobody else needs it.";

/** What is wrong with a cluster that somebody else manages, by what EKS says of it. Pure. */
export function validateCluster(
  { clusterName, vpcId }: { clusterName: string; vpcId: string },
  { status, vpcConfig }: Partial<aws.eks.GetClusterResult>,
): Violation[] {
  const argument = "clusterName";
  const itsVpc = vpcConfig?.vpcId;
  return [
    ...differing(argument, clusterName, "aws eks describe-cluster says what it waits for.")(
      "a cluster that is ACTIVE",
      // Its nodes and its API go on while EKS updates it.
      status === "UPDATING" ? "ACTIVE" : status,
      "ACTIVE",
    ),
    ...differing("vpcId", vpcId, "Nodes in another VPC don't reach the mount targets: name the cluster's.")(
      `${itsVpc}, the VPC that the cluster ${clusterName} is in`,
      itsVpc === undefined ? undefined : itsVpc === vpcId,
      true,
    ),
  ];
}

/**
 * What is wrong with its add-ons: those that the stack makes mustn't be there yet, and the one that gives the drivers their
 * credentials must. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
 *
 * @param isConfigured Whether who reads a message sets keys of a configuration, and doesn't write the program.
 */
export async function validateAddons(
  clusterName: string,
  made: string[],
  isAutoMode: boolean,
  isConfigured: boolean,
  state: OwnResource[],
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const isOwn = (addonName: string) =>
    state.some(
      ({ type, outputs }) =>
        type === "aws:eks/addon:Addon" && outputs["clusterName"] === clusterName && outputs["addonName"] === addonName,
    );
  const asked = [...made.filter((it) => !isOwn(it)), ...(isAutoMode ? [] : [AGENT])];
  const found = await Promise.all(asked.map((addonName) => hasAddon(clusterName, addonName, opts)));
  const there = asked.filter((_, index) => found[index] === true && asked[index] !== AGENT);
  const refused = found.find((it) => typeof it === "string");
  const violation = { argument: "clusterName", actual: clusterName };
  if (refused !== undefined)
    return [{ ...violation, expected: "a cluster whose add-ons can be asked for", fix: refused }];
  const taken = {
    ...violation,
    expected: `a cluster without the add-on ${there.join(", ")}`,
    fix: isConfigured ? TAKE : USE_OR_TAKE,
  };
  const missing = {
    ...violation,
    expected: `a cluster with the add-on ${AGENT}`,
    fix: `Without it no driver gets credentials: aws eks create-addon --cluster-name ${clusterName} --addon-name ${AGENT}`,
  };
  const lacksAgent = found[asked.indexOf(AGENT)] === false;
  return [...(there.length > 0 ? [taken] : []), ...(lacksAgent ? [missing] : [])];
}

/** Whether there is such an add-on; what is to be done where that can't be known. */
async function hasAddon(
  clusterName: string,
  addonName: string,
  opts: pulumi.InvokeOptions,
): Promise<boolean | string | undefined> {
  try {
    const found: Partial<aws.eks.GetAddonResult> = await aws.eks.getAddon({ clusterName, addonName }, opts);
    // Mocks of other programs answer nothing.
    return found.arn === undefined ? undefined : true;
  } catch (error) {
    return isMissing(error) ? false : lookupFix("eks:DescribeAddon", error);
  }
}

const ZONE_LABEL = "topology.kubernetes.io/zone";

interface Node {
  metadata?: { labels?: Record<string, string> };
  status?: { conditions?: { type: string; status: string }[] };
}

/**
 * What a preview tells of zones in which no node is ready: autoscalers start one for pods that wait, nobody else does.
 * Undefined where there is nothing to tell, or where the cluster doesn't show its nodes.
 */
export async function nodesNotice(clusterName: string, api: ClusterApi, zones: string[]): Promise<string | undefined> {
  const nodes = zones.length === 0 ? undefined : await api.list<Node>("/api/v1/nodes").catch(() => undefined);
  if (nodes === undefined) return undefined;
  const isReady = ({ status }: Node) =>
    status?.conditions?.some((it) => it.type === "Ready" && it.status === "True") ?? false;
  const served = nodes.filter(isReady).map(({ metadata }) => metadata?.labels?.[ZONE_LABEL]);
  const without = zones.filter((zone) => !served.includes(zone));
  if (without.length === 0) return undefined;
  return (
    `The cluster ${clusterName} has no node that is ready in ${without.join(", ")}. Disks and mount targets are in a zone ` +
    "each: pods that use them wait until there is one, which an autoscaler starts by itself."
  );
}
