import assert from "node:assert/strict";
import { BackupLock, Backups, type BackupsArgs, Retention } from "../../../../components/index";
import { arnOf } from "../../../support/mockIds";
import { all, assertOrder, one, predecessors, refused, registered } from "../../../support/queries";
import { run, type RunOptions } from "../../../support/registrations";

const args: BackupsArgs = {
  vaultName: "shop-prod",
  accountId: "111101013333",
  fileSystem: { id: "fs-11111111", arn: "arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/fs-11111111" },
  tagValue: "shop-prod",
  retentionInDays: 7,
  retention: Retention.Retain,
};
const KEY = "1234abcd-12ab-34cd-56ef-1234567890ab";
const backups = (changes: Partial<BackupsArgs> = {}) => new Backups("shop", { ...args, ...changes });
const compliance = { lock: BackupLock.Compliance, complianceConfirmation: "irrevocable" };

describe("Backups", () => {
  it("by default makes a backup every night, keeps it as long as it is told to, in a vault of that name", async () => {
    const resources = await registered(() => backups());
    const { rules } = one(resources, "Plan").inputs;
    assert.equal(rules.length, 1);
    assert.equal(rules[0].schedule, "cron(0 2 * * ? *)");
    assert.deepEqual(rules[0].lifecycle, { deleteAfter: 7 });
    assert.equal(rules[0].targetVaultName, "shop-prod");
    // The provider's own default would cancel a backup after three hours.
    assert.equal(rules[0].completionWindow, 7 * 24 * 60);
    assert.equal(one(resources, "Vault").inputs.name, "shop-prod");
    const { inputs } = one(await registered(() => backups({ schedule: "cron(0 4 ? * MON *)" })), "Plan");
    for (const schedule of ["rate(1 day)", "cron(0 4 * * MON *)", "cron(0 4 * *)", "0 4 * * *"])
      assert.match(
        await refused(() => backups({ schedule })),
        /schedule must be a schedule of AWS's own form/,
        schedule,
      );
    assert.equal(inputs.rules[0].schedule, "cron(0 4 ? * MON *)");
  });

  it("selects the file system and, whatever their ids, the disks of its own environment, each once", async () => {
    const resources = await registered(() => backups());
    assert.deepEqual(
      all(resources, "Selection").map(({ inputs }) => [inputs.resources, inputs.conditions]),
      [
        [[args.fileSystem!.arn], undefined],
        [
          ["arn:aws:ec2:*:*:volume/*"],
          [{ stringEquals: [{ key: "aws:ResourceTag/eks-storage:backup", value: "shop-prod" }] }],
        ],
      ],
    );
  });

  it("is the only one that backs the file system up", async () => {
    const { inputs } = one(await registered(() => backups()), "BackupPolicy");
    assert.deepEqual([inputs.fileSystemId, inputs.backupPolicy], ["fs-11111111", { status: "DISABLED" }]);
  });

  it("backs disks up without a file system, and changes no file system's own backups then", async () => {
    const resources = await registered(() => backups({ fileSystem: undefined }));
    assert.deepEqual(one(resources, "Selection").inputs.resources, ["arn:aws:ec2:*:*:volume/*"]);
    assert.deepEqual(all(resources, "BackupPolicy"), []);
  });

  it("lets AWS Backup, and nobody else, back up and restore, before it is told what", async () => {
    const resources = await registered(() => backups());
    const { assumeRolePolicy } = one(resources, "Role").inputs;
    assert.deepEqual(JSON.parse(assumeRolePolicy as string).Statement[0].Principal, {
      Service: "backup.amazonaws.com",
    });
    const attached = all(resources, "RolePolicyAttachment");
    assert.deepEqual(
      attached.map(({ inputs }) => inputs.policyArn),
      [
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
      ],
    );
    assertOrder(resources, attached, all(resources, "Selection"));
  });

  it("by default locks the vault, so that nothing goes before its time and nothing stays for ever", async () => {
    const lock = one(await registered(() => backups()), "VaultLockConfiguration");
    assert.equal(lock.inputs.changeableForDays, undefined, "with a grace period nobody could ever take it off");
    assert.deepEqual([lock.inputs.minRetentionDays, lock.inputs.maxRetentionDays], [7, 365]);
    assert.equal(lock.deleteBeforeReplace, true, "the end of a replacement would take the new lock off");
    assert.equal(lock.protect, false, "protection would block every change of the retention");
    const longer = one(await registered(() => backups({ retentionInDays: 400 })), "VaultLockConfiguration");
    assert.deepEqual([longer.inputs.minRetentionDays, longer.inputs.maxRetentionDays], [400, 400]);
  });

  it("takes no lock, or one that nobody can ever take off, where it is told so", async () => {
    const none = await registered(() => backups({ lock: BackupLock.None }));
    assert.deepEqual(all(none, "VaultLockConfiguration"), []);
    const grace = async (changes: Partial<BackupsArgs>) =>
      one(await registered(() => backups({ ...compliance, ...changes })), "VaultLockConfiguration").inputs
        .changeableForDays;
    assert.deepEqual([await grace({}), await grace({ complianceGraceInDays: 3 })], [14, 3]);
  });

  for (const [retention, expected] of [
    [Retention.Delete, { all: [false, false], attached: [false, false], forced: true }],
    [Retention.Retain, { all: [true, true], attached: [false, true], forced: undefined }],
    [Retention.Release, { all: [false, true], attached: [false, true], forced: undefined }],
  ] as const) {
    const what = expected.forced ? "go, with every backup" : "stay";
    it(`under ${retention}, vault, key, lock and the role that lets backups expire ${what}`, async () => {
      const resources = await registered(() => backups({ retention }));
      const options = (type: string) =>
        all(resources, type).map(({ protect, retainOnDelete }) => [protect, retainOnDelete]);
      for (const type of ["Vault", "aws:kms/key:Key", "Role"]) assert.deepEqual(options(type), [expected.all], type);
      assert.deepEqual(options("VaultLockConfiguration"), [expected.attached]);
      assert.deepEqual(options("RolePolicyAttachment"), [expected.attached, expected.attached]);
      assert.equal(one(resources, "Vault").inputs.forceDestroy, expected.forced);
    });
  }

  it("has a key of its own, which is there before the vault and goes after it", async () => {
    const resources = await registered(() => backups());
    const [key, vault] = [one(resources, "aws:kms/key:Key"), one(resources, "Vault")];
    assert.ok(predecessors(resources, vault).has(key.urn));
    assert.equal(vault.inputs.kmsKeyArn, arnOf("kms/key", "shop-backups"));
  });

  it("has the role that deletes backups until the vault is empty and gone", async () => {
    const resources = await registered(() => backups({ retention: Retention.Delete }));
    const role = [...all(resources, "Role"), ...all(resources, "RolePolicyAttachment")];
    assertOrder(resources, role, [one(resources, "Vault")]);
  });

  it("adopts a vault, its key and its role that an earlier stack kept", async () => {
    const importsOf = async (changes: Partial<BackupsArgs>) => {
      const resources = await registered(() => backups({ adopt: true, adoptKeyId: KEY, ...changes }));
      return ["Vault", "aws:kms/key:Key", "Role"].map((type) => one(resources, type).importId);
    };
    assert.deepEqual(await importsOf({ adoptRole: "shop-backup-1a2b3c4" }), ["shop-prod", KEY, "shop-backup-1a2b3c4"]);
    // Stacks of earlier versions kept none.
    assert.deepEqual(await importsOf({}), ["shop-prod", KEY, ""]);
    // A role's name never changes: it stays, with the argument and without.
    for (const adoptRole of ["shop-backup-1a2b3c4", undefined]) {
      const resources = await registered(() => backups({ adopt: true, adoptKeyId: KEY, adoptRole }));
      const { inputs, ignoreChanges } = one(resources, "Role");
      assert.deepEqual([inputs.name, ignoreChanges], [adoptRole, ["path", "namePrefix", "name"]]);
    }
  });

  it("adopts no role that AWS Backup may not assume", async () => {
    const adopting = { adopt: true, adoptKeyId: KEY, adoptRole: "old" };
    const refusal = async (options: RunOptions) => {
      const { error } = await run(() => backups(adopting), options);
      return error?.message ?? "adopted";
    };
    const assumeRolePolicy = '{"Statement":[{"Principal":{"Service":"ec2.amazonaws.com"}}]}';
    assert.match(
      await refusal({ adoptable: { "aws:iam/getRole:getRole": { assumeRolePolicy } } }),
      /adoptRole of Backups "shop" must be a role that AWS Backup may assume; it is 'old'/,
    );
    assert.equal(await refusal({}), "adopted");
  });

  it("refuses every wrong argument at once, before anything is made", async () => {
    const wrong: Partial<BackupsArgs> = {
      vaultName: "shop.prod",
      adopt: true,
      retentionInDays: 0,
      lock: BackupLock.Compliance,
      complianceGraceInDays: 2,
      retention: Retention.Delete,
    };
    assert.equal(
      await refused(() => backups(wrong)),
      `Backups "shop" has 7 arguments that can't work:
  - vaultName must be 2 to 50 letters, digits, dashes and underscores; it is 'shop.prod'.
    AWS Backup takes no other names for a vault.
  - adoptKeyId must be set with adopt, and only with it; it is missing.
    A vault can't change its key: name the one that was kept with it.
  - retentionInDays must be a whole number from 1 to 36500; it is 0.
    AWS Backup keeps a recovery point for at least a day.
  - complianceConfirmation must be irrevocable with lock compliance; it is missing.
    After its days of grace nobody, AWS included, can undo this lock. Most stacks want governance.
  - complianceGraceInDays must be a whole number from 3 to 36500; it is 2.
    In these days the lock can be undone; AWS requires at least three.
  - lock must be none or governance with retention delete; it is 'compliance'.
    A destroy would have to empty the vault, which AWS refuses until the last backup has expired.
  - lock must be none or governance for an adopted vault; it is 'compliance'.
    A vault locked by compliance stays locked: choose none, which leaves its lock alone.`,
    );
  });

  it("refuses a word that lies ready for a slip, and a key without its vault", async () => {
    assert.equal(
      await refused(() => backups({ complianceConfirmation: "irrevocable", adoptKeyId: KEY, adoptRole: "old" })),
      `Backups "shop" has 3 arguments that can't work:
  - adoptKeyId must be set with adopt, and only with it; it is '${KEY}'.
    A vault can't change its key: name the one that was kept with it.
  - adoptRole must be set with adopt only; it is 'old'.
    It deletes the backups of the vault that was kept with it: name that, too.
  - complianceConfirmation must be left out with lock governance; it is 'irrevocable'.
    Set it only together with compliance, which then nobody chooses by mistake.`,
    );
  });
});
