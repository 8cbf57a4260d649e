import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FileSystemClients } from "../../../../components/index";
import { all, registered } from "../../../support/queries";

describe("FileSystemClients", () => {
  const clients = { nodes: "sg-11111111", backup: pulumi.output("sg-22222222") };

  it("opens port 2049, and nothing else, to each named security group", async () => {
    const resources = await registered(
      () => new FileSystemClients("files", { securityGroupId: "sg-33333333", clients }),
    );
    assert.deepEqual(
      all(resources, "SecurityGroupIngressRule").map(({ name, inputs }) => {
        const { description, ...rule } = inputs as { description: string };
        assert.match(description, /NFS/);
        return [name, rule];
      }),
      [
        ["files-nodes", rule("sg-11111111")],
        ["files-backup", rule("sg-22222222")],
      ],
    );
  });

  it("lets nobody in by default", async () => {
    const resources = await registered(
      () => new FileSystemClients("files", { securityGroupId: "sg-33333333", clients: {} }),
    );
    assert.deepEqual(all(resources, "SecurityGroupIngressRule"), []);
  });
});

function rule(referencedSecurityGroupId: string) {
  return { securityGroupId: "sg-33333333", referencedSecurityGroupId, ipProtocol: "tcp", fromPort: 2049, toPort: 2049 };
}
