import assert from "node:assert/strict";
import { LocalStack } from "../engine/localStack";

describe("the policy pack", function () {
  this.timeout("4m");
  const prod = new LocalStack("prod");

  before(() => prod.start());
  before(() => (prod.isChecked = true));
  after(() => prod.stop());

  it("stops nothing that is shipped, and says what a first preview can't know", async () => {
    await prod.preview();
    assert.match(
      prod.messages,
      /^advisory efs-refuses-plain-transport eks-storage-prod: .*can't be known yet: policy is/m,
    );
    assert.doesNotMatch(prod.messages, /^mandatory/m);
  });

  it("stops a preview, and names the resource, the rule, the reason and the mend", async () => {
    await assert.rejects(prod.preview("retention=delete", "confirmDeleteInProd=prod"), /exit code [1-9]/);
    const findings = prod.messages.split(/^(?=mandatory |advisory )/m);
    const found = findings.find((finding) => finding.startsWith("mandatory durable-protected eks-storage-prod: "));
    assert.match(found!, /Here protect is not true\./);
    assert.match(found!, /- Set the option protect to true/);
  });
});
