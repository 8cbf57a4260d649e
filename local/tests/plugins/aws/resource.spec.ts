import assert from "node:assert/strict";
import { token } from "../../../aws/records";
import type { ProviderConfig } from "../../../aws/service";
import { typeOf } from "../../../aws/services";
import { build, checkFailures, completeInputs, diff, preview, readInputs, update } from "../../../plugins/aws/resource";
import { UNKNOWN } from "../../../plugins/properties";

const config: ProviderConfig = { accountId: "111101013333", region: "eu-west-1", defaultTags: { stack: "dev" } };
const type = (name: string) => typeOf(token(name));

describe("the AWS stand-in's resources", () => {
  it("previews what AWS computes as unknown, also inside an object, and what the program gives as known", () => {
    const inputs = { name: "shop", vpcConfig: { subnetIds: ["subnet-11111111"] }, version: "1.34" };
    const outputs = preview(type("eks/cluster"), inputs, config);
    assert.deepEqual(outputs.vpcConfig, {
      subnetIds: ["subnet-11111111"],
      clusterSecurityGroupId: UNKNOWN,
      vpcId: UNKNOWN,
    });
    assert.equal(outputs.endpoint, UNKNOWN);
    assert.equal(outputs.version, "1.34");
    assert.equal(outputs.region, "eu-west-1");
  });

  it("refuses words that the provider doesn't take, though AWS says them", () => {
    const wrong = (replicationOverwrite: unknown) =>
      checkFailures(type("efs/fileSystem"), { protection: { replicationOverwrite } });
    assert.deepEqual(wrong("REPLICATING"), [
      {
        property: "protection.replicationOverwrite",
        reason: 'expected protection.replicationOverwrite to be one of ["ENABLED" "DISABLED"], got REPLICATING',
      },
    ]);
    assert.deepEqual(["DISABLED", undefined, UNKNOWN].flatMap(wrong), []);
  });

  it("refuses names that are longer than the provider takes, at the preview already", () => {
    const group = (length: number) => checkFailures(type("eks/nodeGroup"), { nodeGroupName: "a".repeat(length) });
    const reason = `expected length of nodeGroupName to be in the range (0 - 63), got ${"a".repeat(64)}`;
    assert.deepEqual([group(63), group(64)], [[], [{ property: "nodeGroupName", reason }]]);
    const named = completeInputs(type("efs/fileSystem"), "files", {}, undefined, config);
    assert.match(named.creationToken as string, /^files-[0-9a-f]{7}$/);
  });

  it("has ids and ARNs of AWS's form", () => {
    const { id, properties } = build(type("efs/fileSystem"), {}, config, []);
    assert.match(id, /^fs-[0-9a-f]{17}$/);
    assert.equal(properties.arn, `arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/${id}`);
    const role = build(type("iam/role"), { name: "nodes" }, config, []);
    assert.deepEqual([role.id, role.properties.arn], ["nodes", "arn:aws:iam::111101013333:role/nodes"]);
    assert.equal("region" in role.properties, false);
  });

  it("has a resource in another region where it says so, and replaces it by a move to another", () => {
    const { properties } = build(type("efs/fileSystem"), { region: "eu-central-1" }, config, []);
    assert.match(String(properties.arn), /^arn:aws:elasticfilesystem:eu-central-1:/);
    const moved = diff(type("efs/fileSystem"), { region: "eu-central-1" }, { region: "us-east-1" });
    assert.deepEqual(moved.replaces, ["region"]);
    // Where it says nothing it stays where it is, also when it was adopted and is changed.
    const olds = { ...properties, tags: { a: "1" } };
    assert.equal(
      update(type("efs/fileSystem"), { oldInputs: olds, olds, news: { tags: {} } }, false).region,
      "eu-central-1",
    );
    assert.deepEqual(diff(type("efs/fileSystem"), { region: "eu-west-1" }, {}).changed, []);
  });

  it("names a resource after its Pulumi name, keeps the name on updates, and leaves a given one alone", () => {
    const role = type("iam/role");
    const first = completeInputs(role, "nodes", {}, undefined, config);
    assert.match(first.name as string, /^nodes-[0-9a-f]{7}$/);
    assert.equal(completeInputs(role, "nodes", {}, first, config).name, first.name);
    assert.equal(completeInputs(role, "nodes", { name: "mine" }, first, config).name, "mine");
    assert.equal(completeInputs(role, "nodes", { namePrefix: "my-" }, undefined, config).name, undefined);
    assert.match(
      completeInputs(role, "nodes", {}, {}, config).name as string,
      /^nodes-/,
      "as the engine asks for a new one",
    );
    const older = { encrypted: true };
    assert.deepEqual(completeInputs(type("efs/fileSystem"), "files", older, older, config).creationToken, undefined);
  });

  it("adds the provider's default tags, where AWS has tags", () => {
    const tagged = completeInputs(type("ec2/vpc"), "net", { tags: { Name: "net" } }, undefined, config);
    assert.deepEqual(tagged.tagsAll, { stack: "dev", Name: "net" });
    assert.equal("tagsAll" in completeInputs(type("efs/mountTarget"), "a", {}, undefined, config), false);
  });

  it("replaces what AWS can't change, by path, and deletes a resource with a fixed name first", () => {
    const accessPoint = type("efs/accessPoint");
    const olds = { fileSystemId: "fs-11111111", rootDirectory: { path: "/a" }, tagsAll: { stack: "dev" } };
    assert.deepEqual(diff(accessPoint, olds, { ...olds, tagsAll: { stack: "prod" } }).replaces, []);
    assert.deepEqual(diff(accessPoint, olds, { ...olds, rootDirectory: { path: "/b" } }).replaces, ["rootDirectory"]);
    const group = { nodeGroupName: "a", launchTemplate: { id: "lt-1", version: "1" } };
    const moved = { ...group, launchTemplate: { id: "lt-2", version: "1" } };
    const upgraded = { ...group, launchTemplate: { id: "lt-1", version: "2" } };
    assert.deepEqual(diff(type("eks/nodeGroup"), group, upgraded).replaces, []);
    assert.deepEqual(diff(type("eks/nodeGroup"), group, moved), {
      changed: ["launchTemplate"],
      replaces: ["launchTemplate"],
      deleteBeforeReplace: true,
    });
    const autoNamed = { ...moved, __defaults: ["nodeGroupName"] };
    assert.equal(diff(type("eks/nodeGroup"), group, autoNamed).deleteBeforeReplace, false);
  });

  it("leaves alone what the program no longer gives and AWS fills in, and reads it for an import", () => {
    const fileSystem = type("efs/fileSystem");
    const given = { creationToken: "files", encrypted: true, tags: { Name: "files" } };
    const olds = readInputs(fileSystem, {}, build(fileSystem, given, config, []).properties);
    assert.deepEqual(diff(fileSystem, olds, given).changed, []);
    assert.deepEqual(diff(fileSystem, olds, { ...given, tags: undefined }).changed, ["tags"]);
    const maximum = { ...olds, performanceMode: "maxIO" };
    assert.deepEqual(diff(fileSystem, olds, maximum).replaces, ["performanceMode"]);
  });

  it("keeps computed outputs through an update, and recomputes a launch template's version", () => {
    const template = type("ec2/launchTemplate");
    const oldInputs = { name: "a", userData: "x", tags: { a: "1" } };
    const olds = build(template, oldInputs, config, []).properties;
    const tagged = update(template, { oldInputs, olds, news: { name: "a", userData: "x" } }, true);
    assert.deepEqual([tagged.latestVersion, tagged.arn, tagged.tags], [1, olds.arn, undefined]);
    const news = { ...oldInputs, userData: "y" };
    assert.equal(update(template, { oldInputs, olds, news }, true).latestVersion, UNKNOWN);
    assert.equal(update(template, { oldInputs, olds, news }, false).latestVersion, 2);
  });

  it("reads nothing for an import that no program could give", () => {
    const destination = { fileSystemId: "fs-22222222", region: "eu-central-1", status: "ENABLED" };
    const replication = { sourceFileSystemId: "fs-11111111", destination };
    assert.deepEqual(JSON.parse(JSON.stringify(readInputs(type("efs/replicationConfiguration"), {}, replication))), {
      sourceFileSystemId: "fs-11111111",
      destination: { fileSystemId: "fs-22222222", region: "eu-central-1" },
    });
  });

  it("reads back the program's own inputs, with drift, and without what AWS added", () => {
    const inputs = { vpcConfig: { subnetIds: ["subnet-11111111"] }, tagsAll: { stack: "dev" } };
    const properties = {
      vpcConfig: { subnetIds: ["subnet-22222222"], vpcId: "vpc-11111111" },
      tagsAll: { stack: "dev", by: "hand" },
      endpoint: "https://127.0.0.1",
    };
    assert.deepEqual(readInputs(type("eks/cluster"), inputs, properties), {
      vpcConfig: { subnetIds: ["subnet-22222222"] },
      tagsAll: { stack: "dev", by: "hand" },
    });
  });

  it("refuses a type that it doesn't know, and says where to add it", () => {
    assert.throws(
      () => typeOf("aws:sqs/queue:Queue"),
      /doesn't know the resource type aws:sqs\/queue:Queue.\nAdd it to/,
    );
  });
});
