import assert from "node:assert/strict";
import { Account } from "../../../aws/account";
import { emptyVault } from "../../../aws/backup/sideEffects";
import { record } from "../../support/apiErrorCases";
import { daysAgo } from "../../support/awsResources";
import { trustOfBackups } from "../../support/policies";

describe("a vault that may be emptied", () => {
  const vault = record("backup/vault", "v", { name: "v", forceDestroy: true });
  const iamRoleArn = "arn:aws:iam::1:role/backup";
  const role = record("iam/role", "backup", { arn: iamRoleArn, assumeRolePolicy: trustOfBackups });
  const policyArn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";
  const attachment = record("iam/rolePolicyAttachment", "a", { role: "backup", policyArn });
  const point = () =>
    record("backup/recoveryPoint", "arn:snapshot/snap-11111111", {
      ...{ backupVaultName: "v", creationDate: daysAgo(5), iamRoleArn },
      ...{
        resourceArn: "arn:aws:ec2:eu-west-1:1:volume/vol-11111111",
        recoveryPointArn: "arn:aws:ec2:eu-west-1::snapshot/snap-11111111",
      },
    });
  const emptied = (...others: ReturnType<typeof record>[]) => {
    const account = new Account([vault, point(), record("ebs/snapshot", "snap-11111111"), ...others], "1");
    emptyVault(vault, account);
    return account;
  };

  it("is, of backups and the snapshots that they are", () => {
    const { records } = emptied(role, attachment);
    assert.deepEqual(records, [vault, role, attachment]);
  });

  for (const [what, ...others] of [
    ["is gone", attachment],
    ["has lost its rights", role],
  ] as const) {
    it(`isn't of a backup whose role ${what}: AWS marks it, deletes nothing, and keeps the vault`, () => {
      const [found] = emptied(...others).all("backup/recoveryPoint");
      assert.equal(found?.status, "EXPIRED");
    });
  }
});
