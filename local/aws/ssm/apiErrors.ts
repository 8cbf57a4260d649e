import { type ApiErrors, exists } from "../apiErrors";

export const page = (operation: string) =>
  `https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationException" };

const notFound: ApiErrors[string] = [
  {
    code: "ParameterNotFound",
    message: "",
    when: ({ properties }, account) => !account.find("ssm/parameter", properties.name),
  },
];

export const errors = {
  GetParameter: notFound,
  DeleteParameter: notFound,
  PutParameter: [
    {
      code: "ParameterAlreadyExists",
      message:
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      when: (request, account) =>
        request.properties.overwrite !== true && exists("ssm/parameter", "name")(request, account),
    },
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
