import { kms } from "../../../aws/kms";
import { record, testApiErrors } from "../../support/apiErrorCases";

const alias = record("kms/alias", "alias/shop", { name: "alias/shop" });

const key = (region: string) => record("kms/key", "1234", { region });

testApiErrors("KMS", kms, [
  {
    operation: "CreateKey",
    request: record("kms/key", "1234", { policy: "{" }),
    refused: /^MalformedPolicyDocumentException: This policy contains invalid Json/,
    accepted: { request: record("kms/key", "1234", {}) },
  },
  {
    operation: "DescribeKey",
    request: key("eu-west-1"),
    existing: [key("eu-central-1")],
    refused: /^NotFoundException: Key '1234' does not exist/,
    accepted: { existing: [key("eu-west-1")] },
  },
  {
    operation: "CreateAlias",
    request: alias,
    existing: [{ ...alias, id: "other" }],
    refused: /^AlreadyExistsException: An alias with the name alias\/shop/,
  },
]);
