import {
  FILE_SYSTEM,
  INGRESS_RULE,
  isPublic,
  isReplica,
  MOUNT_TARGET,
  NODE_GROUP,
  OLD_RULE,
  SECURITY_GROUP,
  SUBNET,
  VPC,
  zonesOf,
} from "../aws";
import { namespaceOf, podOf, selects, WORKLOADS } from "../kubernetes";
import { openOf } from "../networks";
import { hasNodes, notOfNodes, zonesOfNodes } from "../nodes";
import { type Rule, Severity } from "../rule";
import { Elsewhere, holds, NotKnown, type Resource, type Stack } from "../stack";

const NFS = 2049;
/** Whoever offers a website to everybody does so on these; those that EC2.18 lets pass, too. */
const WEB = [80, 443];

interface Ingress {
  from: number | undefined;
  to: number | undefined;
  protocol: string;
  networks: string[];
  /** Where in the resource the security groups that it lets in are. */
  groups: string;
  /** Others that it lets in. */
  others: string[];
}

const inline = (rule: any, groups: string): Ingress => ({
  from: rule.fromPort,
  to: rule.toPort,
  protocol: rule.protocol,
  networks: [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])] as string[],
  groups,
  others: [...(rule.self === true ? ["itself"] : []), ...((rule.prefixListIds ?? []) as string[])],
});

/** What a resource lets into a security group. */
function ingressOf({ type, props }: Resource): Ingress[] {
  if (type === SECURITY_GROUP) {
    return [...(props.ingress ?? [])].map((rule, place) => inline(rule, `ingress.${place}.securityGroups`));
  }
  if (type === OLD_RULE) return props.type === "ingress" ? [inline(props, "sourceSecurityGroupId")] : [];
  const { cidrIpv4, cidrIpv6, prefixListId, fromPort: from, toPort: to, ipProtocol: protocol } = props;
  const given = (values: unknown[]) => values.filter((it): it is string => typeof it === "string");
  const networks = given([cidrIpv4, cidrIpv6]);
  return [{ from, to, protocol, networks, groups: "referencedSecurityGroupId", others: given([prefixListId]) }];
}

/** Everything that lets somebody into a security group. */
const openings = (group: Resource, stack: Stack): Resource[] => [
  ...stack.referring(group, "securityGroupId", INGRESS_RULE, OLD_RULE),
  group,
];

export const network: Rule[] = [
  {
    name: "efs-mount-target-per-zone",
    description: "A file system has a mount target in every availability zone that has nodes.",
    severity: Severity.High,
    standards: [],
    mend: ["Add a MountTarget in a subnet of that zone: a pod can't mount from another one by the file system's name."],
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
      if (targets.length === 0 && groups.length > 0) return yield "there is none";
      const covered = new Set(targets.filter(({ certain }) => certain).flatMap((it) => [...zonesOf(it)]));
      const possible = new Set(targets.flatMap((it) => [...zonesOf(it)]));
      const zonesWithNodes = [...zonesOfNodes(stack)];
      // EFS has one mount target a zone: fewer of them leave a zone without, whichever subnets they turn out to be in.
      if (possible.size >= zonesWithNodes.length && targets.length < zonesWithNodes.length) {
        return yield `there are ${targets.length}, and nodes in ${zonesWithNodes.join(", ")}`;
      }
      if (groups.length === 0) return yield new Elsewhere("the nodes");
      if (targets.some(({ elsewhere }) => elsewhere)) return yield new Elsewhere("a mount target's subnet");
      let undecided = false;
      for (const group of groups) {
        const subnets = stack.referred(group, "subnetIds", SUBNET);
        if (subnets.elsewhere) yield new Elsewhere(`a subnet of node group ${group.name}`);
        const zones = [...zonesOf(subnets)];
        const missing = zones.filter((zone) => !possible.has(zone));
        if (subnets.certain ? missing.length > 0 : missing.length === zones.length && zones.length > 0) {
          yield `there is none in ${missing.join(", ")}, where node group ${group.name} is`;
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
    mend: ["Name a subnet whose route table has no route to an internet gateway."],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html#efs-6",
    example: { wrong: "{ subnetId: publicSubnet.id }", right: "{ subnetId: privateSubnet.id }" },
    types: [MOUNT_TARGET],
    *checkInStack(target, stack) {
      const subnets = stack.referred(target, "subnetId", SUBNET);
      if (!holds(subnets, (subnet) => !isPublic(subnet, stack))) {
        yield `its subnet is reached from the internet: ${subnets.among.map(({ name }) => name).join(", ")}`;
      }
    },
  },
  {
    name: "efs-reachable-from-nodes-alone",
    description: "A mount target is reached on port 2049, by the nodes' security group, and in no other way.",
    severity: Severity.High,
    standards: [],
    mend: [
      "Give the mount targets a security group of their own.",
      "Let the nodes' security group in, by referencedSecurityGroupId, on TCP 2049, and nobody else.",
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
      for (const group of groups.among) {
        const ingress = openings(group, stack).flatMap((it) => ingressOf(it).map((rule) => ({ ...rule, it })));
        if (ingress.length === 0) yield `security group ${group.name} lets nobody in`;
        for (const { from, to, protocol, networks, groups: path, others, it } of ingress) {
          if (networks.length > 0) yield `security group ${group.name} lets in the network ${networks.join(", ")}`;
          const strangers = [...others, ...notOfNodes(it, path, stack)];
          if (strangers.length > 0) yield `security group ${group.name} lets in ${strangers.join(", ")}, not the nodes`;
          if (Number(from) !== NFS || Number(to) !== NFS || protocol !== "tcp") {
            yield `security group ${group.name} lets in ${protocol} ${from} to ${to}`;
          }
        }
      }
      if (groups.elsewhere) yield new Elsewhere("its security group");
      else if (!hasNodes(stack)) yield new Elsewhere("the nodes");
    },
  },
  {
    name: "security-group-not-open",
    description: "No security group lets in the whole internet, but to a website: TCP on port 80 or 443.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.18", "Checkov CKV_AWS_277"],
    mend: ["Name the networks or, better, the security groups that need to come in."],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    example: { wrong: '{ cidrIpv4: "0.0.0.0/0" }', right: "{ referencedSecurityGroupId }" },
    types: [INGRESS_RULE, OLD_RULE, SECURITY_GROUP],
    *check(resource) {
      for (const { networks, from, to, protocol } of ingressOf(resource)) {
        const open = openOf(networks);
        if (["tcp", "6"].includes(protocol) && from === to && WEB.includes(Number(from))) continue;
        if (open.length > 0) yield `${open.join(" and ")} may come in on port ${from ?? "any"}`;
      }
    },
  },
  {
    name: "vpc-flow-logs",
    description: "A VPC logs who talks to whom.",
    severity: Severity.Medium,
    standards: ["AWS Security Hub EC2.6", "Checkov CKV2_AWS_11"],
    mend: ["Add a FlowLog with the traffic type ALL, and a log group with a retention."],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-6",
    example: { wrong: "new aws.ec2.Vpc(name, …) // and no FlowLog", right: "new aws.ec2.FlowLog(name, { vpcId, … })" },
    types: [VPC],
    *checkInStack(vpc, stack) {
      const logs = stack.referring(vpc, "vpcId", "aws:ec2/flowLog:FlowLog");
      if (!logs.some(({ props }) => ["ALL", "REJECT"].includes(props.trafficType as string))) {
        yield "it has no flow log of all, or of refused, traffic";
      }
    },
  },
  {
    name: "workload-has-network-policy",
    description: "A network policy says who may talk to a workload's pods, and whom they may talk to.",
    severity: Severity.Medium,
    standards: ["CIS EKS 4.3.2", "Checkov CKV2_K8S_6"],
    mend: ["Add a NetworkPolicy that selects the pods, with Ingress and Egress among its policyTypes."],
    url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    example: {
      wrong: "new kubernetes.apps.v1.Deployment(name, …) // and no NetworkPolicy",
      right: '{ podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ingress, egress }',
    },
    types: WORKLOADS,
    *checkInStack(workload, stack) {
      const labels = podOf(workload).metadata?.labels;
      const found = stack
        .all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        .filter((it) => namespaceOf(it) === namespaceOf(workload) && selects(it.props.spec.podSelector ?? {}, labels));
      for (const direction of ["Ingress", "Egress"]) {
        const is = found.some(({ props }) => [...(props.spec.policyTypes ?? ["Ingress"])].includes(direction));
        if (!is) yield `no policy of its namespace that selects its pods is of the type ${direction}`;
      }
    },
  },
];
