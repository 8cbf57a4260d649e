import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/logs */
export const members: Record<string, Members> = {
  "cloudwatch/logGroup": { name: "logGroupName", skipDestroy: NOT_SENT },
};
