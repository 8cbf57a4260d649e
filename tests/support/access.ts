import { anonymousPrincipal, runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { managedPolicies } from "../../local/aws/iam/managedPolicies/managedPolicies";
import { documentsIn, type PolicyDocument } from "./facts";
import { all } from "./queries";
import type { Registration } from "./registrations";

/** Who asks AWS for something. */
export interface Principal {
  /** Its ARN; that of a service is its name. Undefined: nobody that signs, such as a plain NFS client. */
  arn?: string;
  policies: PolicyDocument[];
}

/** What is asked for. */
export interface Request {
  action: string;
  resource: string;
  /** The policy of the resource, if it has one. */
  resourcePolicy?: PolicyDocument;
  context?: Record<string, string | string[]>;
}

/** Whether AWS's rules allow what is asked. What can't be asked, or isn't judged as it is meant to be, throws. */
export async function isAllowed({ arn, policies }: Principal, request: Request): Promise<boolean> {
  const { action, resource, resourcePolicy, context = {} } = request;
  const simulation: Simulation = {
    request: {
      principal: arn ?? anonymousPrincipal,
      action,
      resource: { resource, accountId: accountOf(resource) },
      contextVariables: context,
    },
    identityPolicies: policies.map((policy, index) => ({ name: String(index), policy })),
    resourcePolicy,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const result = await runSimulation(simulation, {});
  const what = `${action} on ${resource}`;
  // In AWS's table a recovery point's ARN may be anybody's, so that a vault's is of two kinds: judged without the table.
  if (result.resultType === "error" && result.errors.message === "multiple.resource.types") {
    return runUnsafeSimulation(simulation, {}) === "Allowed";
  }
  if (result.resultType === "error") throw new Error(`${what} can't be judged: ${JSON.stringify(result.errors)}`);
  const { ignoredContextKeys = [] } = result.resultType === "single" ? result.result : (result.results[0] ?? {});
  if (ignoredContextKeys.length > 0) throw new Error(`${what} has no ${ignoredContextKeys.join(", ")}`);
  return result.overallResult === "Allowed";
}

/** The account of a resource; a bucket's ARN has none. */
const accountOf = (arn: string) => arn.split(":")[4] || ACCOUNT;

export const ACCOUNT = "111101013333";

/** A role that the program registers, with its own policies and with AWS's that are attached to it. */
export function roleOf(registrations: Registration[], name: string): Principal {
  const isOf = ({ inputs }: Registration) => String(inputs.role).replace(/-1a2b3c4$/, "") === name;
  const attached = all(registrations, "RolePolicyAttachment").filter(isOf);
  return {
    arn: `arn:aws:iam::${ACCOUNT}:role/${name}-1a2b3c4`,
    policies: [
      ...all(registrations, "RolePolicy")
        .filter(isOf)
        .flatMap(({ inputs }) => documentsIn(inputs)),
      ...attached.map(({ inputs }) => managedPolicies[inputs.policyArn as string]!.document as PolicyDocument),
    ],
  };
}

/** The one policy document that is among a resource's inputs. */
export function policyOf(registration: Registration): PolicyDocument {
  const [document, ...others] = documentsIn(registration.inputs);
  if (!document || others.length > 0) throw new Error(`${registration.urn} has ${others.length + 1} policies`);
  return document;
}

const ANYTHING = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };

/** Those who have nothing to do with the program. */
export const others = {
  anybody: { policies: [] },
  stranger: { arn: `arn:aws:iam::${ACCOUNT}:role/stranger`, policies: [] },
  administrator: { arn: `arn:aws:iam::${ACCOUNT}:role/administrator`, policies: [ANYTHING] },
  "another account's administrator": { arn: "arn:aws:iam::999988887777:role/administrator", policies: [ANYTHING] },
} satisfies Record<string, Principal>;
