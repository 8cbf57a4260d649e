import { hasOwnNodes } from "./ownCluster";
import type { Violation } from "../checks/violations";
import { customersDefaultEbsKey } from "../kms/defaultEbsKey";
import type { Adopter } from "../retention/adopter";
import { ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";

/** What {@link Cluster} says about its nodes' disks. */
interface NodeDiskArgs {
  clusterName: string;
  defaultEbsKeyConfirmation?: string;
}

/** What Auto Scaling needs of a key: the page below, as a grant. */
const OPERATIONS =
  "Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant";

/**
 * Refuses, at a preview already, first nodes whose disks a customer's key would encrypt as the account's default, unless
 * the configuration says that Auto Scaling may use it. Its service-linked role, which starts the nodes, has no right to
 * such a key. Only the key's policy or a grant can give it one, and the provider can look up neither.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 *
 * @returns what the cluster must wait for.
 */
export function refuseDefaultEbsKey(args: NodeDiskArgs, adopter: Adopter): Promise<void> {
  const state = ownState();
  return refuseTogether(adopter, async () => {
    if (hasOwnNodes(await state, args.clusterName)) return [];
    return validateDefaultKey(args, await customersDefaultEbsKey(adopter.component));
  });
}

function validateDefaultKey({ defaultEbsKeyConfirmation: actual }: NodeDiskArgs, key: string | undefined): Violation[] {
  if (key === undefined || actual === key) return [];
  const [, partition, , , account] = key.split(":");
  return [
    {
      argument: "defaultEbsKeyConfirmation",
      expected: `${key}, a customer's key that is the account's default for EBS, and so encrypts the nodes' disks`,
      actual,
      fix:
        "Auto Scaling, which starts the nodes, may use such a key only by the key's policy or by a grant. " +
        "Let it, then set this to the key's ARN. Whoever administers the key runs: " +
        `aws kms create-grant --key-id ${key} --grantee-principal arn:${partition}:iam::${account}:` +
        "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling " +
        `--operations ${OPERATIONS}`,
    },
  ];
}
