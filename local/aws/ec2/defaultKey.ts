import type { Account } from "../account";

/** The account's setting, one a region; the provider has a resource of that name. */
export const SETTING = "ebs/defaultKmsKey";

/** AWS's own key for EBS, here by a name in place of its id. */
export const awsEbsKey = (region: string, accountId: string) => `arn:aws:kms:${region}:${accountId}:key/aws-ebs`;

/** The customer's key that the account has made the default of a region; undefined where AWS's own is. */
export function defaultEbsKey(region: string, account: Account): string | undefined {
  const [setting] = account.where(SETTING, "region", region);
  return setting?.properties.keyArn as string | undefined;
}
