import { INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE } from "./aws";
import type { Resource, Stack } from "./stack";

/** One rule that allows ingress. */
export interface Ingress {
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
export function ingressOf({ type, props }: Resource): Ingress[] {
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
export const ingressResources = (group: Resource, stack: Stack): Resource[] => [
  ...stack.referring(group, "securityGroupId", INGRESS_RULE, SECURITY_GROUP_RULE),
  group,
];
