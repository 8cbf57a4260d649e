import assert from "node:assert/strict";
import { LocalStack } from "../engine/localStack";

const counts = (violated: string, notKnown: string) =>
  new RegExp(`Policies of eks-storage: \\d{2,} checks passed, ${violated} violated, ${notKnown}, 0 are about`);

describe("the policy pack", function () {
  this.timeout("4m");

  describe("on prod", () => {
    const prod = new LocalStack("prod");

    before(() => prod.start());
    before(() => (prod.isChecked = true));
    after(() => prod.stop());

    it("passes prod as it is, reports what a first preview can't check, and counts it", async () => {
      await prod.preview();
      assert.match(
        prod.messages,
        /^advisory efs-refuses-plain-transport eks-storage-prod: .*can't be checked yet: policy is/m,
      );
      assert.doesNotMatch(prod.messages, /^mandatory/m);
      assert.match(prod.messages, counts("0", `${prod.messages.match(/^advisory/gm)!.length} can't be checked yet`));
    });

    it("knows everything at the update", async () => {
      await prod.up();
      assert.doesNotMatch(prod.messages, /^(advisory|mandatory)/m);
      assert.match(prod.messages, counts("0", "0 can't be checked"));
    });

    it("fails a preview, and names the resource, the policy, the violation and the fix", async () => {
      await assert.rejects(prod.preview("retention=delete", "confirmDeleteInProd=prod"), /exit code [1-9]/);
      const findings = prod.messages.split(/^(?=mandatory |advisory )/m);
      const violation = findings.find((finding) =>
        finding.startsWith("mandatory durable-protected eks-storage-prod: "),
      );
      assert.match(violation!, /Violation: protect is not true\./);
      assert.match(violation!, /- Set the option protect to true/);
      // The record of what a destroy keeps is made of what the notice finds, which a preview doesn't know.
      assert.match(prod.messages, counts("[1-9]\\d*", "1 can't be checked yet"));
    });
  });

  it("knows everything at the update of dev", async () => {
    const dev = new LocalStack("dev");
    dev.isChecked = true;
    try {
      await dev.start();
      await dev.up();
      assert.doesNotMatch(dev.messages, /^(advisory|mandatory)/m);
      assert.match(dev.messages, counts("0", "0 can't be checked"));
    } finally {
      await dev.stop();
    }
  });
});
