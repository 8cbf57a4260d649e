import { ssm } from "../../../aws/ssm";
import { record, testApiErrors } from "../../support/apiErrorCases";

const parameter = record("ssm/parameter", "/shop/mysql", { name: "/shop/mysql" });

testApiErrors("SSM", ssm, [
  {
    operation: "GetParameter",
    request: parameter,
    refused: /^ParameterNotFound: /,
    accepted: { existing: [parameter] },
  },
  {
    operation: "DeleteParameter",
    request: parameter,
    refused: /^ParameterNotFound: /,
    accepted: { existing: [parameter] },
  },
  {
    operation: "PutParameter",
    request: parameter,
    existing: [{ ...parameter, id: "other" }],
    refused: /^ParameterAlreadyExists: /,
    accepted: {
      request: { ...parameter, properties: { ...parameter.properties, overwrite: true } },
      existing: [{ ...parameter, id: "other" }],
    },
  },
]);
