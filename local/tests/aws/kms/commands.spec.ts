import assert from "node:assert/strict";
import { type } from "../../support/awsCli";
import { localCloud } from "../../support/localCloud";

describe("aws kms", () => {
  localCloud();
  const grants = () => (type("kms list-grants --key-id arn:key") as { Grants: object[] }).Grants;

  it("grants the use of a key, in a list of operations, and shows it", () => {
    assert.deepEqual(grants(), []);
    const created = "kms create-grant --key-id arn:key --operations Decrypt CreateGrant --grantee-principal arn:role";
    const { GrantId } = type(created) as { GrantId: string };
    const shown = { KeyId: "arn:key", GrantId, GranteePrincipal: "arn:role", Operations: ["Decrypt", "CreateGrant"] };
    assert.deepEqual(grants(), [shown]);
  });

  it("refuses a grant of nothing", () => {
    const typed = "kms create-grant --key-id k --grantee-principal p";
    assert.throws(() => type(typed), /the following arguments are required: --operations/);
    assert.throws(() => type(`${typed} --operations`), /--operations: expected at least one argument/);
  });
});
