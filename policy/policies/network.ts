import { INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE, VPC } from "../aws";
import { openOf } from "../cidr";
import { namespaceOf, podOf, selects, WORKLOADS } from "../kubernetes";
import { type Policy, Severity } from "../policy";
import { ingressOf } from "../securityGroups";

/** The ports of public websites, which EC2.18 allows: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18 */
const WEB_PORTS = [80, 443];

export const network: Policy[] = [
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
        .filter((it) => namespaceOf(it) === namespaceOf(workload) && selects(it.props.spec?.podSelector ?? {}, labels));
      for (const direction of ["Ingress", "Egress"]) {
        const isCovered = matching.some(({ props }) =>
          [...(props.spec?.policyTypes ?? ["Ingress"])].includes(direction),
        );
        if (!isCovered) yield `no network policy of its namespace selects its pods for ${direction}`;
      }
    },
  },
];
