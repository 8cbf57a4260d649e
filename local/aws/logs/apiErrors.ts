import { type ApiErrors, exists } from "../apiErrors";

export const page = (operation: string) =>
  `https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "InvalidParameterException" };

export const errors = {
  CreateLogGroup: [
    {
      code: "ResourceAlreadyExistsException",
      message: "The specified log group already exists",
      when: exists("cloudwatch/logGroup", "name"),
    },
  ],
  DeleteLogGroup: [
    {
      code: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
      when: ({ properties }, account) => !account.find("cloudwatch/logGroup", properties.logGroupName),
    },
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
