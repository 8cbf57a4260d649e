import { LAUNCH_TEMPLATE, NODE_GROUP, SUBNET, zonesOf } from "../aws";
import { claimsOf, driverOfClaim, EBS_DRIVERS, podOf, volumeOf, WORKLOADS, ZONE_LABEL } from "../kubernetes";
import { isTemplateOfNodes } from "../nodes";
import { type Policy, Severity } from "../policy";
import { NotKnown, OutsideStack, type Resource, type Stack } from "../stack";

/** The zones of the disks that a workload mounts, by their node affinity or by its node selector. */
function zonesNeeded(workload: Resource, stack: Stack): string[] {
  const disks = claimsOf(workload, stack).filter(({ spec }) => EBS_DRIVERS.includes(driverOfClaim(spec, stack)!));
  if (disks.length === 0) return [];
  const terms = disks
    .map(({ spec }) => volumeOf(spec, stack)?.props.spec.nodeAffinity?.required?.nodeSelectorTerms)
    .flatMap((list) => [...(list ?? [])])
    .flatMap((term) => [...(term.matchExpressions ?? [])])
    .filter(({ key }) => key === ZONE_LABEL)
    .flatMap(({ values }) => [...(values as string[])]);
  const selected = podOf(workload).spec.nodeSelector?.[ZONE_LABEL];
  return [...new Set([...terms, ...(selected ? [selected as string] : [])])];
}

export const node: Policy[] = [
  {
    name: "nodes-keep-their-role",
    description:
      "A pod can't get its node's credentials from the instance metadata. Launch templates are nodes' by their node group or tags.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.170", "Checkov CKV_AWS_79", "Checkov CKV_AWS_341"],
    fix: ["Set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1."],
    url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    example: {
      wrong: "{ httpPutResponseHopLimit: 2 }",
      right: '{ httpTokens: "required", httpPutResponseHopLimit: 1 }',
    },
    types: [LAUNCH_TEMPLATE, NODE_GROUP],
    *checkInStack(resource, stack) {
      const { type, props } = resource;
      if (type === NODE_GROUP) {
        // EKS then creates a template with default values: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
        if (props.launchTemplate === undefined) yield "it has no launch template";
        return;
      }
      if (!isTemplateOfNodes(resource, stack)) return;
      if (props.metadataOptions?.httpTokens !== "required") yield "httpTokens is not required";
      if (Number(props.metadataOptions?.httpPutResponseHopLimit ?? 2) > 1) yield "httpPutResponseHopLimit is not 1";
    },
  },
  {
    name: "nodes-in-the-disks-zone",
    description: "There are nodes in the availability zone of a pod's disk.",
    severity: Severity.High,
    standards: [],
    fix: ["Add a node group in that zone, or choose a zone that has nodes before the disk is made."],
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html",
    example: { wrong: `nodeSelector: { "${ZONE_LABEL}": "eu-west-1d" }`, right: `{ "${ZONE_LABEL}": "eu-west-1a" }` },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const needed = zonesNeeded(workload, stack);
      if (needed.length === 0) return;
      const groups = stack.all(NODE_GROUP).map((it) => stack.referred(it, "subnetIds", SUBNET));
      // The zones of subnets of another stack aren't known here.
      if (groups.length === 0 || groups.some(({ candidates }) => candidates.length === 0)) {
        return yield new OutsideStack("the node groups, or their subnets");
      }
      for (const zone of needed) {
        const possible = groups.filter((subnets) => zonesOf(subnets).has(zone));
        if (possible.length === 0) yield `its disk is in ${zone}, and no node group is`;
        else if (!possible.some(({ isCertain }) => isCertain)) throw new NotKnown("which subnet each node group is in");
      }
    },
  },
];
