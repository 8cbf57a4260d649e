import {
  FILE_SYSTEM,
  INGRESS_RULE,
  isPublic,
  isReplica,
  MOUNT_TARGET,
  NODE_GROUP,
  SECURITY_GROUP_RULE,
  SECURITY_GROUP,
  SUBNET,
  VPC,
  zonesOf,
} from "../aws";
import { namespaceOf, podOf, selects, WORKLOADS } from "../kubernetes";
import { openOf } from "../networks";
import { hasNodes, foreignSecurityGroups, zonesOfNodes } from "../nodes";
import { type Policy, Severity } from "../policy";
import { OutsideStack, holds, NotKnown, type Resource, type Stack } from "../stack";

const NFS = 2049;
/** The ports of public websites, which EC2.18 allows: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18 */
const WEB_PORTS = [80, 443];

interface Ingress {
  from: number | undefined;
  to: number | undefined;
  protocol: string;
  networks: string[];
  /** The path of the security groups that it allows. */
  groupsPath: string;
  /** Other sources that it allows. */
  others: string[];
}

const ruleOf = (rule: any, groupsPath: string): Ingress => ({
  from: rule.fromPort,
  to: rule.toPort,
  protocol: rule.protocol,
  networks: [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])] as string[],
  groupsPath,
  others: [...(rule.self === true ? ["itself"] : []), ...((rule.prefixListIds ?? []) as string[])],
});

/** What a resource allows into a security group. */
function ingressOf({ type, props }: Resource): Ingress[] {
  if (type === SECURITY_GROUP) {
    return [...(props.ingress ?? [])].map((rule, index) => ruleOf(rule, `ingress.${index}.securityGroups`));
  }
  if (type === SECURITY_GROUP_RULE) return props.type === "ingress" ? [ruleOf(props, "sourceSecurityGroupId")] : [];
  const { cidrIpv4, cidrIpv6, prefixListId, fromPort: from, toPort: to, ipProtocol: protocol } = props;
  const texts = (values: unknown[]) => values.filter((it): it is string => typeof it === "string");
  const networks = texts([cidrIpv4, cidrIpv6]);
  return [{ from, to, protocol, networks, groupsPath: "referencedSecurityGroupId", others: texts([prefixListId]) }];
}

/** The resources that allow ingress into a security group. */
const ingressResources = (group: Resource, stack: Stack): Resource[] => [
  ...stack.referring(group, "securityGroupId", INGRESS_RULE, SECURITY_GROUP_RULE),
  group,
];

export const network: Policy[] = [
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
    *checkInStack(fileSystem, stack) {
      if (isReplica(fileSystem, stack)) return;
      const targets = stack
        .referring(fileSystem, "fileSystemId", MOUNT_TARGET)
        .map((target) => stack.referred(target, "subnetId", SUBNET));
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
        for (const { from, to, protocol, networks, groupsPath, others, it } of ingress) {
          if (networks.length > 0) yield `security group ${group.name} allows the network ${networks.join(", ")}`;
          const foreign = [...others, ...foreignSecurityGroups(it, groupsPath, stack)];
          if (foreign.length > 0) yield `security group ${group.name} allows ${foreign.join(", ")}, not only the nodes`;
          if (Number(from) !== NFS || Number(to) !== NFS || protocol !== "tcp") {
            yield `security group ${group.name} allows ${protocol} ${from} to ${to}`;
          }
        }
      }
      if (groups.isOutside) yield new OutsideStack("its security group");
      else if (!hasNodes(stack)) yield new OutsideStack("the nodes");
    },
  },
  {
    name: "security-group-not-open",
    description: "No security group is open to the internet, except on the web ports TCP 80 and 443.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.18", "Checkov CKV_AWS_277"],
    fix: ["Name the networks or, better, the security groups that need access."],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    example: { wrong: '{ cidrIpv4: "0.0.0.0/0" }', right: "{ referencedSecurityGroupId }" },
    types: [INGRESS_RULE, SECURITY_GROUP_RULE, SECURITY_GROUP],
    *check(resource) {
      for (const { networks, from, to, protocol } of ingressOf(resource)) {
        const open = openOf(networks);
        if (["tcp", "6"].includes(protocol) && from === to && WEB_PORTS.includes(Number(from))) continue;
        if (open.length > 0) yield `${open.join(" and ")} is allowed on port ${from ?? "any"}`;
      }
    },
  },
  {
    name: "vpc-flow-logs",
    description: "A VPC has flow logs.",
    severity: Severity.Medium,
    standards: ["AWS Security Hub EC2.6", "Checkov CKV2_AWS_11"],
    fix: ["Add a FlowLog with the traffic type ALL, and a log group with a retention."],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-6",
    example: { wrong: "new aws.ec2.Vpc(name, …) // and no FlowLog", right: "new aws.ec2.FlowLog(name, { vpcId, … })" },
    types: [VPC],
    *checkInStack(vpc, stack) {
      const logs = stack.referring(vpc, "vpcId", "aws:ec2/flowLog:FlowLog");
      if (!logs.some(({ props }) => ["ALL", "REJECT"].includes(props.trafficType as string))) {
        yield "it has no flow log of ALL or REJECT traffic";
      }
    },
  },
  {
    name: "workload-has-network-policy",
    description: "A workload's pods have network policies for ingress and for egress.",
    severity: Severity.Medium,
    standards: ["CIS EKS 4.3.2", "Checkov CKV2_K8S_6"],
    fix: ["Add a NetworkPolicy that selects the pods, with Ingress and Egress among its policyTypes."],
    url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    example: {
      wrong: "new kubernetes.apps.v1.Deployment(name, …) // and no NetworkPolicy",
      right: '{ podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ingress, egress }',
    },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const labels = podOf(workload).metadata?.labels;
      const matching = stack
        .all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        .filter((it) => namespaceOf(it) === namespaceOf(workload) && selects(it.props.spec.podSelector ?? {}, labels));
      for (const direction of ["Ingress", "Egress"]) {
        const isCovered = matching.some(({ props }) =>
          [...(props.spec.policyTypes ?? ["Ingress"])].includes(direction),
        );
        if (!isCovered) yield `no network policy of its namespace selects its pods for ${direction}`;
      }
    },
  },
];
