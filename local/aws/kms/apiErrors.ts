import { type ApiErrors, exists } from "../apiErrors";

export const page = (operation: string) => `https://docs.aws.amazon.com/kms/latest/APIReference/API_${operation}.html`;

export const errors = {
  CreateAlias: [
    {
      code: "AlreadyExistsException",
      message: "An alias with the name {name} already exists",
      when: exists("kms/alias", "name"),
    },
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
