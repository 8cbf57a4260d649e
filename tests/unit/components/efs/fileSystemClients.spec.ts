import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FileSystemClients } from "../../../../components";
import { all, registered } from "../../../support/queries";

describe("FileSystemClients", () => {
  const clients = { nodes: "sg-nodes", backup: pulumi.output("sg-backup") };

  it("opens port 2049, and nothing else, to each named security group", async () => {
    const resources = await registered(() => new FileSystemClients("files", { securityGroupId: "sg-files", clients }));
    assert.deepEqual(
      all(resources, "SecurityGroupIngressRule").map(({ name, inputs }) => {
        const { description, ...rule } = inputs as { description: string };
        assert.match(description, /NFS/);
        return [name, rule];
      }),
      [
        ["files-nodes", rule("sg-nodes")],
        ["files-backup", rule("sg-backup")],
      ],
    );
  });

  it("lets nobody in by default", async () => {
    const resources = await registered(() => new FileSystemClients("files", { securityGroupId: "sg", clients: {} }));
    assert.deepEqual(all(resources, "SecurityGroupIngressRule"), []);
  });
});

function rule(referencedSecurityGroupId: string) {
  return { securityGroupId: "sg-files", referencedSecurityGroupId, ipProtocol: "tcp", fromPort: 2049, toPort: 2049 };
}
