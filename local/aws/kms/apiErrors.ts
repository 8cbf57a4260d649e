import { type ApiErrors, exists } from "../apiErrors";
import { malformed } from "../iam/malformed";

export const page = (operation: string) => `https://docs.aws.amazon.com/kms/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationException" };

export const errors = {
  DescribeKey: [
    {
      code: "NotFoundException",
      message: "Key '{id}' does not exist",
      when: ({ id, properties }, account) => account.find("kms/key", id)?.properties.region !== properties.region,
    },
  ],
  CreateAlias: [
    {
      code: "AlreadyExistsException",
      message: "An alias with the name {name} already exists",
      when: exists("kms/alias", "name"),
    },
  ],
  CreateKey: [malformed("MalformedPolicyDocumentException", "policy", "resource")],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
