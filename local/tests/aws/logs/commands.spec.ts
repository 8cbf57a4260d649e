import assert from "node:assert/strict";
import { changeAccount, readAccount } from "../../../aws/account";
import { type } from "../../support/awsCli";
import { localCloud } from "../../support/localCloud";

describe("aws logs", () => {
  localCloud();

  it("deletes a log group, once", () => {
    changeAccount((account) => account.add("cloudwatch/logGroup", "/aws/x", { name: "/aws/x" }));
    type("logs delete-log-group --log-group-name /aws/x");
    assert.equal(readAccount().find("cloudwatch/logGroup", "/aws/x"), undefined);
    assert.throws(() => type("logs delete-log-group --log-group-name /aws/x"), /\(ResourceNotFoundException\)/);
  });
});
