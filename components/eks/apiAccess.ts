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
