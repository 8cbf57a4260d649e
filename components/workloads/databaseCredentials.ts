import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { adopt, mustStay } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { differing, lookedAt } from "../retention/adoptable";
import type { Violation } from "../checks/violations";
import { protectAndRetain, type Retention } from "../retention/retention";

export interface DatabaseCredentialsArgs {
  /** Name of the SSM parameter that keeps the passwords, such as `/shop-prod/catalog-mysql`. */
  parameterName: string;
  /** Whether an earlier stack kept that parameter, and this one adopts it, once. */
  adopt: boolean;
  adopter: Adopter;
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  retention: Retention;
}

/**
 * The database's passwords, made once. MySQL reads them when it makes its data directory and never again, so they live
 * with the data: in AWS, where they outlive the cluster, and from there in a Secret.
 */
export function databaseCredentials(
  name: string,
  args: DatabaseCredentialsArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  const password = (user: string) =>
    new random.RandomPassword(`${name}-${user}`, { length: 32, special: false }, { parent: opts.parent }).result;
  const { adopter, parameterName: id } = args;
  const adoptable = { argument: "credentialsParameter", id, type: "aws:ssm/parameter:Parameter", names: [name] };
  const check = () => validateAdoptableParameter("credentialsParameter", id, { parent: opts.parent });
  const parameter = new aws.ssm.Parameter(
    name,
    {
      name: args.parameterName,
      type: "SecureString",
      value: pulumi.jsonStringify({ "root-password": password("root"), password: password("user") }),
      description: "Passwords of the catalog's database; the data directory knows no others",
    },
    {
      parent: opts.parent,
      ...protectAndRetain(args.retention),
      // What is stored counts, not what would be made today: the data directory knows only the former.
      ignoreChanges: ["value"],
      ...(args.adopt ? adopt(adopter, { ...adoptable, check }).options : mustStay(adopter, adoptable)),
    },
  );
  return new kubernetes.core.v1.Secret(
    name,
    {
      metadata: args.metadata,
      stringData: pulumi.secret(parameter.value).apply((value) => JSON.parse(value) as Record<string, string>),
    },
    { ...opts, ...protectAndRetain(args.retention) },
  );
}

/** Why a parameter can't be adopted. Its value isn't read. */
function validateAdoptableParameter(argument: string, name: string, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  return lookedAt(
    { argument, what: "an SSM parameter", id: name, right: "ssm:GetParameter" },
    aws.ssm.getParameter({ name, withDecryption: false }, opts),
    ({ type }) => {
      const fix = "It holds passwords: encrypt it, as docs/restore.md does.";
      return differing(argument, name, fix)("a SecureString", type, "SecureString");
    },
  );
}
