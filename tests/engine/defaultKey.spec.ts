import assert from "node:assert/strict";
import { readRecords } from "../../local/aws/records";
import { LivingStack } from "./living/livingStack";

const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY = `arn:aws:kms:eu-west-1:111101013333:key/${ID}`;

class Account extends LivingStack {
  aws(line: string): string {
    return this.shell(`aws ${line}`);
  }

  disks(): { properties: any }[] {
    return readRecords(this.local.cloud).filter(({ type }) => type.startsWith("aws:ebs/volume:"));
  }
}

describe("an account whose default key for EBS is a customer's", function () {
  this.timeout("6m");
  const dev = new Account("dev");
  const confirmed = `defaultEbsKeyConfirmation=${KEY}`;
  let grant = "";

  before(async () => {
    await dev.start();
    // An operation makes ready where the shell's commands are.
    await dev.preview();
    dev.addToAws("kms/key", ID, { arn: KEY });
    dev.aws(`ec2 modify-ebs-default-kms-key-id --kms-key-id ${KEY} --region eu-west-1`);
  });
  after(() => dev.stop());

  it("is told at the preview that no node would start, with the command that lets them", async () => {
    await assert.rejects(dev.preview());
    assert.match(dev.messages, /defaultEbsKeyConfirmation must be arn:aws:kms:[^ ]*, a customer's key/);
    [, grant = ""] = /aws (kms create-grant --key-id .* CreateGrant)/.exec(dev.messages)!;
  });

  it("has no nodes where that is said, and isn't so", async () => {
    await assert.rejects(dev.up(confirmed));
    assert.match(dev.messages, /AsgInstanceLaunchFailures: .*Client\.InvalidKMSKey\.InvalidState/);
  });

  it("has nodes after that command, and the database a disk with the key", async () => {
    dev.aws(grant);
    await dev.up(confirmed);
    assert.deepEqual(
      dev.disks().map(({ properties }) => properties.kmsKeyId),
      [KEY],
    );
    const ready = ["wait", "pod/catalog-mysql-0", "--for=condition=Ready", "--timeout=20s", "--namespace=catalog"];
    assert.match(dev.kubectl(...ready), /condition met/);
  });
});
