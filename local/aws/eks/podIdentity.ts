import type { Account } from "../account";
import { list, type Statement, statementsOf } from "../iam/policies";

/**
 * The names of the roles that Pod Identity gives to pods of a service account: associated with it, there, and trusting it.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function rolesOf(serviceAccount: string, account: Account): string[] {
  const arns = account
    .where("eks/podIdentityAssociation", "serviceAccount", serviceAccount)
    .map(({ properties }) => properties.roleArn);
  return account
    .all("iam/role")
    .filter(({ properties }) => arns.includes(properties.arn))
    .filter(({ properties }) => statementsOf(properties.assumeRolePolicy).some(trustsPods))
    .map(({ id }) => id);
}

const trustsPods = ({ Effect, Principal, Action }: Statement) =>
  Effect === "Allow" &&
  typeof Principal === "object" &&
  list(Principal.Service).includes("pods.eks.amazonaws.com") &&
  ["sts:AssumeRole", "sts:TagSession"].every((action) => list(Action).includes(action));
