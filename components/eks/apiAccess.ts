import { Address4 } from "ip-address";
import type { Violation } from "../checks/violations";

/** Where the Kubernetes API can be reached from: listed networks and the VPC (`public`), or the VPC alone (`private`). */
export const ApiAccess = { Public: "public", Private: "private" } as const;
export type ApiAccess = (typeof ApiAccess)[keyof typeof ApiAccess];

/** Whether the API can be reached from outside the VPC, as it can by default. */
export const isPublicApi = (apiAccess: ApiAccess = ApiAccess.Public): boolean => apiAccess === ApiAccess.Public;

/** What is wrong with the networks that may reach the Kubernetes API. */
export function validateApiAccess(
  apiAccess: ApiAccess | undefined,
  cidrs: unknown[] | undefined,
  names = { apiAccess: "apiAccess", apiAccessCidrs: "apiAccessCidrs" },
): Violation[] {
  if (!isPublicApi(apiAccess)) return [];
  if (cidrs !== undefined && cidrs.length > 0) return [];
  return [
    {
      argument: names.apiAccessCidrs,
      expected: "the networks that may reach the Kubernetes API",
      actual: cidrs,
      fix: `Without any, AWS lets the whole internet reach it: list your networks, or set ${names.apiAccess} to private.`,
    },
  ];
}

/** EKS refuses them: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html */
const NOT_PUBLIC = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"];
/** https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html */
const MOST_NETWORKS = 40;

const overlap = (one: Address4, other: Address4) => one.isInSubnet(other) || other.isInSubnet(one);

/** What is wrong with networks that may reach a public API beside each other: they overlap, or are too many. */
export function validateNetworksApart(cidrs: string[], argument = "apiAccessCidrs"): Violation[] {
  const networks = cidrs.map((cidr) => new Address4(cidr));
  const within = cidrs.filter((_, index) =>
    networks.some((other, place) => place < index && overlap(networks[index]!, other)),
  );
  const violation = { argument, actual: cidrs };
  if (within.length > 0) {
    const fix = `Overlapping an earlier one: ${within.join(", ")}.`;
    return [{ ...violation, expected: "networks that don't overlap", fix }];
  }
  if (cidrs.length <= MOST_NETWORKS) return [];
  const fix = "Combine them into fewer, larger networks.";
  return [{ ...violation, expected: `at most ${MOST_NETWORKS} networks, EKS's limit`, fix }];
}

/** What is wrong with each of the networks that may reach a public API: how it is written, and whether it is public. */
export function validateNetworksPublic(cidrs: string[], argument = "apiAccessCidrs"): Violation[] {
  const violation = { argument, actual: cidrs };
  const crooked = cidrs.filter((cidr) => new Address4(cidr).networkForm() !== cidr);
  if (crooked.length > 0) {
    const straight = crooked.map((cidr) => new Address4(cidr).networkForm());
    return [
      { ...violation, expected: "networks written by their first address", fix: `Write ${straight.join(", ")}.` },
    ];
  }
  const inside = cidrs.filter((cidr) => NOT_PUBLIC.some((range) => new Address4(cidr).isInSubnet(new Address4(range))));
  if (inside.length === 0) return [];
  const fix = `Nobody on the internet has an address in ${inside.join(", ")}: list your public one, or set apiAccess to private.`;
  return [{ ...violation, expected: "public networks", fix }];
}

/** What is wrong with networks that may reach a public API, as far as they are known. */
export function validateNetworks(cidrs: unknown[], argument = "apiAccessCidrs"): Violation[] {
  const known = cidrs.filter((it): it is string => typeof it === "string");
  const wrong = known.filter((it) => !it.includes("/") || !Address4.isValid(it));
  if (wrong.length === 0)
    return [...validateNetworksPublic(known, argument), ...validateNetworksApart(known, argument)];
  const expected = "a list of IPv4 networks";
  return [{ argument, expected, actual: cidrs, fix: "Each is an address and a prefix length, such as 198.18.0.1/32." }];
}
