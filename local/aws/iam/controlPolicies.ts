import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { Account } from "../account";
import type { ApiError, ApiRequest } from "../apiErrors";
import { type AwsRecord, token } from "../records";
import { documentOf } from "./policies";

/**
 * A service control policy: what an organization denies everybody in the account, whatever else allows it. No program of
 * the account makes it. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
const TYPE = "organizations/policy";

export const controlPolicy = (id: string, document: object): AwsRecord => ({
  type: token(TYPE),
  id,
  status: "ACTIVE",
  properties: { content: JSON.stringify(document) },
});

/** Who deploys in the local cloud. */
const CALLER = "local-deployer";
const sessionOf = ({ id }: Account) => `arn:aws:sts::${id}:assumed-role/${CALLER}/local`;

/** Of the role that is asked for, or that something is given to. */
function roleArn({ properties: { role, path = "/", name } }: ApiRequest, account: Account): string {
  const known = account.find("iam/role", role)?.properties.arn as string | undefined;
  return known ?? `arn:aws:iam::${account.id}:role${path as string}${name as string}`;
}

function isDenied(action: string, request: ApiRequest, account: Account): boolean {
  const policies = account
    .all(TYPE)
    .map(({ id, properties }) => ({ name: id, policy: documentOf(properties.content) }));
  if (policies.length === 0) return false;
  const { permissionsBoundary: boundary } =
    account.find("iam/role", request.properties.role)?.properties ?? request.properties;
  const everything = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
  const result = runUnsafeSimulation(
    {
      request: {
        principal: sessionOf(account),
        action,
        resource: { resource: roleArn(request, account), accountId: account.id },
        contextVariables: boundary ? { "iam:PermissionsBoundary": boundary as string } : {},
      },
      identityPolicies: [{ name: "administrator", policy: everything }],
      serviceControlPolicies: [
        { orgIdentifier: "account", policies: [{ name: "FullAWSAccess", policy: everything }, ...policies] },
      ],
      resourceControlPolicies: [],
    },
    {},
  );
  return result !== "Allowed";
}

/**
 * AWS's refusal of what a service control policy denies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 *
 * @param action such as `iam:CreateRole`: it needs the role's path or its permissions boundary.
 */
export const deniedByOrganization = (action: string): ApiError => ({
  code: "AccessDenied",
  message: (request, account) =>
    `User: ${sessionOf(account)} is not authorized to perform: ${action} on resource: ${roleArn(request, account)} ` +
    "with an explicit deny in a service control policy",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
  when: (request, account) => isDenied(action, request, account),
});
