import assert from "node:assert/strict";
import { changes, LocalStack } from "../engine/localStack";
import { Orders } from "./orders";

const counts = (violated: string, notKnown: string, outsideStack = "0") =>
  new RegExp(
    `Policies of eks-storage: \\d{2,} checks passed, ${violated} violated, ${notKnown}, ${outsideStack} are about`,
  );

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

    describe("out of its tarball, on a program of plain resources", () => {
      const orders = new Orders();
      const config = [
        ...["region=eu-west-1", "accountId=777701019999", "clusterName=eks-storage-prod"],
        ...["bucketName=orders-receipts-777701019999", "password=of-a-test"],
      ];
      let stack: LocalStack;

      before(() => orders.install());
      before(() => {
        stack = prod.neighbour("dev", orders.program);
        stack.switchTo(orders.directory);
        stack.policies = orders.policies;
      });
      after(() => orders.remove());

      it("is told what is wrong, in words that need nothing of eks-storage", async () => {
        stack.program = orders.changed({
          "pulumi:providers:aws": () => ({ defaultTags: undefined }),
          "aws:s3/bucketVersioning:BucketVersioning": () => ({ versioningConfiguration: { status: "Suspended" } }),
          "kubernetes:storage.k8s.io/v1:StorageClass": () => ({ parameters: { type: "gp3" } }),
          "kubernetes:core/v1:Service": ({ spec }) => ({ spec: { ...spec, clusterIP: undefined } }),
          "kubernetes:apps/v1:StatefulSet": ({ spec: { template, volumeClaimTemplates: _, ...rest } }) => ({
            spec: {
              ...rest,
              template: { ...template, spec: { ...template.spec, volumes: [{ name: "data", emptyDir: {} }] } },
            },
          }),
        });
        await assert.rejects(stack.preview(...config), /exit code [1-9]/);
        const findings = stack.messages.matchAll(/^(mandatory|advisory) (\S+) (\S+): .*\n?Violation: (.*)$/gm);
        assert.deepEqual([...findings].map(([, ...finding]) => finding.join(" ")).sort(), [
          "advisory tagged aws defaultTags lacks project and environment.",
          "mandatory bucket-versioned receipts versioning is not Enabled.",
          "mandatory ebs-class-encrypted disks parameters.encrypted is left out.",
          "mandatory ebs-class-tagged-for-backup disks it has no tag that a backup plan could select.",
          "mandatory no-data-on-empty-dir orders container postgres mounts the emptyDir volume data at /var/lib/postgresql/data.",
          "mandatory stateful-set-headless-service orders Service orders has a cluster IP.",
        ]);
      });

      it("lets a program through that keeps them, and says what is another stack's", async () => {
        stack.program = orders.program;
        await stack.up(...config);
        assert.doesNotMatch(stack.messages, /^(advisory|mandatory)/m);
        assert.match(stack.messages, counts("0", "0 can't be checked", "[1-9]"));
        prod.kubectl("wait", "pod/orders-0", "--namespace=orders", "--for=condition=Ready", "--timeout=60s");
        assert.deepEqual(changes(await stack.preview(...config)), {});
        await stack.destroy(...config);
      });
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
