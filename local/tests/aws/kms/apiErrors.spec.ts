import { kms } from "../../../aws/kms";
import { record, testApiErrors } from "../../support/apiErrorCases";

const alias = record("kms/alias", "alias/shop", { name: "alias/shop" });

testApiErrors("KMS", kms, [
  {
    operation: "CreateAlias",
    request: alias,
    existing: [{ ...alias, id: "other" }],
    refused: /^AlreadyExistsException: An alias with the name alias\/shop/,
  },
]);
