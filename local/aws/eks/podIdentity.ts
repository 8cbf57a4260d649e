import type { Account } from "../account";
import { isAllowed, type Question } from "../iam/evaluation";
import type { AwsRecord } from "../records";

const ACTIONS = ["sts:AssumeRole", "sts:TagSession"];

/**
 * The roles that Pod Identity gives to pods of a service account: associated with it, there, and trusting it.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export const rolesOf = (serviceAccount: string, account: Account): AwsRecord[] =>
  account
    .where("eks/podIdentityAssociation", "serviceAccount", serviceAccount)
    .flatMap(({ properties }) => account.where("iam/role", "arn", properties.roleArn))
    .filter(({ properties }) =>
      ACTIONS.every((action) =>
        isAllowed(
          {
            ...{ principal: "pods.eks.amazonaws.com", action },
            ...{ resource: String(properties.arn), resourcePolicy: properties.assumeRolePolicy },
          },
          account,
        ),
      ),
    );

/** Whether pods of a service account may do something as the role that Pod Identity gives to them. */
export const mayPods = (serviceAccount: string, question: Question, account: Account): boolean =>
  rolesOf(serviceAccount, account).some(({ properties }) =>
    isAllowed({ ...question, principal: String(properties.arn) }, account),
  );
