import {
  FILE_SYSTEM,
  isPublic,
  isReplica,
  MOUNT_TARGET,
  NODE_GROUP,
  SECURITY_GROUP,
  SUBNET,
  VPC,
  zonesOf,
} from "../aws";
import { foreignSecurityGroups, hasNodes, zonesOfNodes } from "../nodes";
import { type Policy, Severity } from "../policy";
import { type Ingress, ingressOf, ingressResources } from "../securityGroups";
import { areApart, holds, NotKnown, OutsideStack, type Resource, type Stack } from "../stack";

const NFS = 2049;

const vpcsOf = (some: Resource[], stack: Stack): Set<Resource> =>
  new Set(some.flatMap((it) => [...stack.predecessors(it)]).filter(({ type }) => type === VPC));

/** The stack without the nodes that are certainly in another VPC than some mount targets: they mount other file systems. */
function withinVpcOf(targets: Resource[], stack: Stack): Stack {
  const vpcs = vpcsOf(targets, stack);
  return stack.without((it) => it.type === NODE_GROUP && areApart(vpcs, vpcsOf([it], stack)));
}

/** What a rule allows, in words. */
const portsOf = ({ from, to, protocol }: Ingress): string =>
  ["-1", "all"].includes(protocol) ? "every port of every protocol" : `${protocol} ${from ?? "any"} to ${to ?? "any"}`;

export const efsMountTarget: Policy[] = [
  {
    name: "efs-mount-target-per-zone",
    description: "A file system has a mount target in every availability zone that has nodes.",
    severity: Severity.High,
    standards: [],
    fix: ["Add a MountTarget in a subnet of that zone: the file system's DNS name works only in zones that have one."],
    url: "https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html",
    example: {
      wrong: "for (const zone of zones.slice(1)) new aws.efs.MountTarget(zone, …)",
      right: "for (const zone of zones) new aws.efs.MountTarget(zone, …)",
    },
    types: [FILE_SYSTEM],
    *checkInStack(fileSystem, all) {
      if (isReplica(fileSystem, all)) return;
      const own = all.referring(fileSystem, "fileSystemId", MOUNT_TARGET);
      const stack = withinVpcOf(own, all);
      const targets = own.map((target) => stack.referred(target, "subnetId", SUBNET));
      const groups = stack.all(NODE_GROUP);
      if (targets.length === 0 && groups.length > 0) return yield "there is no mount target";
      const covered = new Set(targets.filter(({ isCertain }) => isCertain).flatMap((it) => [...zonesOf(it)]));
      const possible = new Set(targets.flatMap((it) => [...zonesOf(it)]));
      const zonesWithNodes = [...zonesOfNodes(stack)];
      // EFS allows one mount target per zone: with fewer targets than zones, one zone has none, whatever the subnets.
      if (possible.size >= zonesWithNodes.length && targets.length < zonesWithNodes.length) {
        return yield `there are ${targets.length} mount targets, and nodes in ${zonesWithNodes.join(", ")}`;
      }
      if (groups.length === 0) return yield new OutsideStack("the nodes");
      if (targets.some(({ isOutside }) => isOutside)) return yield new OutsideStack("a mount target's subnet");
      let undecided = false;
      for (const group of groups) {
        const subnets = stack.referred(group, "subnetIds", SUBNET);
        if (subnets.isOutside) yield new OutsideStack(`a subnet of node group ${group.name}`);
        const zones = [...zonesOf(subnets)];
        const missing = zones.filter((zone) => !possible.has(zone));
        if (subnets.isCertain ? missing.length > 0 : missing.length === zones.length && zones.length > 0) {
          yield `there is no mount target in ${missing.join(", ")}, the zone of node group ${group.name}`;
        } else if (zones.some((zone) => !covered.has(zone))) undecided = true;
      }
      if (undecided) throw new NotKnown("which subnet each mount target and node group is in");
    },
  },
  {
    name: "efs-mount-target-private",
    description: "A mount target is in a private subnet.",
    severity: Severity.High,
    standards: ["AWS Security Hub EFS.6"],
    fix: ["Name a subnet whose route table has no route to an internet gateway."],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html#efs-6",
    example: { wrong: "{ subnetId: publicSubnet.id }", right: "{ subnetId: privateSubnet.id }" },
    types: [MOUNT_TARGET],
    *checkInStack(target, stack) {
      const subnets = stack.referred(target, "subnetId", SUBNET);
      if (!holds(subnets, (subnet) => !isPublic(subnet, stack))) {
        yield `its subnet is public: ${subnets.candidates.map(({ name }) => name).join(", ")}`;
      }
    },
  },
  {
    name: "efs-reachable-from-nodes-alone",
    description: "A mount target allows the nodes' security group on port 2049, and nothing else.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Give the mount targets a security group of their own.",
      "Allow only the nodes' security group, by referencedSecurityGroupId, on TCP 2049.",
    ],
    url: "https://docs.aws.amazon.com/efs/latest/ug/network-access.html",
    example: {
      wrong: '{ ipProtocol: "tcp", fromPort: 2049, toPort: 2049, cidrIpv4: "10.0.0.0/16" }',
      right: '{ ipProtocol: "tcp", fromPort: 2049, toPort: 2049, referencedSecurityGroupId: nodes }',
    },
    types: [MOUNT_TARGET],
    *checkInStack(target, stack) {
      const groups = stack.referred(target, "securityGroups", SECURITY_GROUP);
      if (target.props.securityGroups === undefined) yield "it has the VPC's default security group";
      for (const group of groups.candidates) {
        const ingress = ingressResources(group, stack).flatMap((it) => ingressOf(it).map((rule) => ({ ...rule, it })));
        if (ingress.length === 0) yield `security group ${group.name} allows no ingress`;
        for (const { it, ...rule } of ingress) {
          const { from, to, protocol, networks, groupsPath, others } = rule;
          if (networks.length > 0) yield `security group ${group.name} allows the network ${networks.join(", ")}`;
          const foreign = [...others, ...foreignSecurityGroups(it, groupsPath, stack)];
          if (foreign.length > 0) yield `security group ${group.name} allows ${foreign.join(", ")}, not only the nodes`;
          if (Number(from) !== NFS || Number(to) !== NFS || protocol !== "tcp") {
            yield `security group ${group.name} allows ${portsOf(rule)}`;
          }
        }
      }
      if (groups.isOutside) yield new OutsideStack("its security group");
      else if (!hasNodes(stack)) yield new OutsideStack("the nodes");
    },
  },
];
