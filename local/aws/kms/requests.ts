import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/kms */
export const members: Record<string, Members> = {
  "kms/key": {
    id: "KeyId",
    customerMasterKeySpec: "KeySpec",
    // What EnableKeyRotation is called for.
    enableKeyRotation: NOT_SENT,
    // ScheduleKeyDeletion has it, at the end.
    deletionWindowInDays: NOT_SENT,
    isEnabled: NOT_SENT,
  },
  "kms/alias": { name: "AliasName" },
};
