import assert from "node:assert/strict";
import { changeAccount, readAccount } from "../../../aws/account";
import { record } from "../../support/apiErrorCases";
import { type } from "../../support/awsCli";
import { localCloud } from "../../support/localCloud";

describe("aws efs", () => {
  const { records } = localCloud();

  it("shows a file system in its region, and turns its replication overwrite protection off and on", () => {
    const copy = record("efs/fileSystem", "fs-22222222", {
      region: "eu-central-1",
      protection: { replicationOverwrite: "ENABLED" },
    });
    records(copy, record("efs/mountTarget", "fsmt-1", { fileSystemId: "fs-22222222" }));
    const shown = (id: string, more: string) =>
      type(`efs describe-file-systems --file-system-id ${id}${more}`).FileSystems[0];
    const there = " --region eu-central-1";
    assert.equal(shown("fs-22222222", there).NumberOfMountTargets, 1);
    assert.deepEqual(shown("fs-22222222", there).FileSystemProtection, { ReplicationOverwriteProtection: "ENABLED" });
    assert.throws(
      () => shown("fs-22222222", " --region eu-west-1"),
      /\(FileSystemNotFound\).*File system 'fs-22222222' does not/,
    );
    assert.throws(() => shown("fs-22222222", ""), /You must specify a region/);

    const set = `efs update-file-system-protection --file-system-id fs-22222222${there} --replication-overwrite-protection`;
    assert.deepEqual(type(`${set} DISABLED`), { ReplicationOverwriteProtection: "DISABLED" });
    assert.deepEqual(shown("fs-22222222", there).FileSystemProtection, { ReplicationOverwriteProtection: "DISABLED" });
    const replication = { sourceFileSystemId: "fs-11111111", destination: { fileSystemId: "fs-22222222" } };
    changeAccount((account) => account.add("efs/replicationConfiguration", "fs-11111111", replication));
    assert.throws(
      () => type(`${set} ENABLED`),
      /\(ReplicationAlreadyExists\) when calling the UpdateFileSystemProtection/,
    );
  });

  it("copies a file system to another one, which is nobody else's to write to until that ends", () => {
    const files = (id: string, region: string, replicationOverwrite: string) =>
      record("efs/fileSystem", id, { region, encrypted: true, protection: { replicationOverwrite } });
    records(files("fs-33333333", "eu-west-1", "ENABLED"), files("fs-44444444", "eu-central-1", "ENABLED"));
    const protection = () => readAccount().find("efs/fileSystem", "fs-44444444")!.properties.protection;
    const begin = (destinations: string) =>
      type(
        `efs create-replication-configuration --source-file-system-id fs-33333333 --region eu-west-1 --destinations ${destinations}`,
      );
    const there = "Region=eu-central-1,FileSystemId=fs-44444444";
    assert.throws(
      () => begin(there),
      /\(BadRequest\) when calling the CreateReplicationConfiguration .*overwrite protection must be disabled/,
    );
    assert.throws(() => begin("Region=eu-west-1,FileSystemId=fs-44444444"), /File system 'fs-44444444' does not exist/);
    records(files("fs-33333333", "eu-west-1", "ENABLED"), files("fs-44444444", "eu-central-1", "DISABLED"));
    const [destination] = begin(there).Destinations;
    assert.deepEqual(destination, { Status: "ENABLED", FileSystemId: "fs-44444444", Region: "eu-central-1" });
    assert.deepEqual(protection(), { replicationOverwrite: "REPLICATING" });

    const shown = (id: string, region: string) =>
      type(`efs describe-replication-configurations --file-system-id ${id} --region ${region}`).Replications[0];
    assert.deepEqual(shown("fs-33333333", "eu-west-1"), shown("fs-44444444", "eu-central-1"));
    assert.throws(() => shown("fs-11111111", "eu-west-1"), /\(ReplicationNotFound\)/);
    const end = (id: string, region = "eu-central-1", mode = "ALL_CONFIGURATIONS") =>
      type(
        `efs delete-replication-configuration --source-file-system-id ${id} --region ${region} --deletion-mode ${mode}`,
      );
    assert.throws(() => end("fs-44444444"), /\(ReplicationNotFound\).*fs-44444444 is no source/);
    assert.throws(() => end("fs-33333333", "us-east-1"), /\(ReplicationNotFound\)/);
    assert.throws(() => end("fs-33333333", "eu-central-1", "LOCAL_CONFIGURATION_ONLY"), /doesn't end one side only/);
    assert.equal(end("fs-33333333"), "");
    assert.deepEqual(protection(), { replicationOverwrite: "ENABLED" });
    assert.throws(() => shown("fs-33333333", "eu-west-1"), /\(ReplicationNotFound\)/);
  });
});
