import assert from "node:assert/strict";
import { MountAccess } from "../../../components/efs/mountAccess";
import { fileSystemPolicy } from "../../../components/efs/fileSystemPolicy";
import { ACCOUNT, isAllowed, others, policyOf, type Principal, roleOf } from "../../support/access";
import type { PolicyDocument } from "../../support/facts";
import { program } from "../../support/program";
import { one } from "../../support/queries";

const FILE_SYSTEM = `arn:aws:elasticfilesystem:eu-west-1:${ACCOUNT}:file-system/fs-0f1000000000000aa`;

/** What EFS tells about a mount: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
const HOW = {
  "with TLS": { "aws:SecureTransport": "true", "elasticfilesystem:AccessedViaMountTarget": "true" },
  "without TLS": { "aws:SecureTransport": "false", "elasticfilesystem:AccessedViaMountTarget": "true" },
  "past the mount targets": { "aws:SecureTransport": "true", "elasticfilesystem:AccessedViaMountTarget": "false" },
};

/** The file system's policy, for each choice that makes one. Without one, EFS lets everybody on the network do everything. */
const CHOICES = {
  "network, TLS only": [MountAccess.Network, true],
  "roles, TLS only": [MountAccess.Roles, true],
  "roles, any transport": [MountAccess.Roles, false],
} as const;

const [yes, no] = [true, false];

/** Who may do what with the files: under each of the choices. */
const TABLE: [who: string, action: string, how: keyof typeof HOW, may: [boolean, boolean, boolean]][] = [
  ["anybody", "ClientMount", "with TLS", [yes, no, no]],
  ["anybody", "ClientWrite", "with TLS", [yes, no, no]],
  ["anybody", "ClientRootAccess", "with TLS", [no, no, no]],
  ["anybody", "ClientMount", "without TLS", [no, no, no]],
  ["anybody", "ClientMount", "past the mount targets", [no, no, no]],
  ["the driver's node", "ClientMount", "with TLS", [yes, yes, yes]],
  ["the driver's node", "ClientWrite", "with TLS", [yes, yes, yes]],
  ["the driver's node", "ClientRootAccess", "with TLS", [no, no, no]],
  ["the driver's node", "ClientMount", "without TLS", [no, no, yes]],
  ["the driver's controller", "ClientMount", "with TLS", [yes, no, no]],
  ["the driver's controller", "ClientRootAccess", "with TLS", [no, no, no]],
  ["stranger", "ClientMount", "with TLS", [yes, no, no]],
  ["stranger", "ClientWrite", "without TLS", [no, no, no]],
  ["administrator", "ClientMount", "with TLS", [yes, yes, yes]],
  ["administrator", "ClientMount", "without TLS", [no, no, yes]],
  // An identity's policy is enough to be root where the file system's doesn't refuse it.
  ["administrator", "ClientRootAccess", "with TLS", [yes, no, no]],
  ["another account's administrator", "ClientMount", "with TLS", [yes, no, no]],
  ["another account's administrator", "ClientRootAccess", "with TLS", [no, no, no]],
];

describe("who may do what with the file system", () => {
  const policies: Record<string, PolicyDocument> = {};
  const principals: Record<string, Principal> = { ...others };

  before(async () => {
    const dev = await program("dev");
    principals["the driver's node"] = roleOf(dev, "efs-csi-node");
    principals["the driver's controller"] = roleOf(dev, "efs-csi-controller");
    for (const [name, [access, tlsOnly]] of Object.entries(CHOICES)) {
      const policy = fileSystemPolicy(FILE_SYSTEM, access, tlsOnly)!;
      const text = await new Promise<string>((resolve) => policy.apply(resolve));
      policies[name] = JSON.parse(text) as PolicyDocument;
    }
  });

  it("is decided in the program by the policies that are judged here", async () => {
    for (const [efsMountAccess, name] of [
      ["network", "network, TLS only"],
      ["roles", "roles, TLS only"],
    ] as const) {
      const policy = one(await program("dev", { changes: { efsMountAccess } }), "FileSystemPolicy");
      const text = JSON.stringify(policyOf(policy));
      assert.equal(
        text.replaceAll(/file-system\/fs-\w+/g, "file-system/fs-0f1000000000000aa"),
        JSON.stringify(policies[name]),
      );
    }
  });

  Object.keys(CHOICES).forEach((choice, index) => {
    for (const [who, action, how, may] of TABLE) {
      it(`${choice}: ${who}, ${action} ${how}: ${may[index] ? "allowed" : "denied"}`, async () => {
        const request = { action: `elasticfilesystem:${action}`, resource: FILE_SYSTEM, context: HOW[how] };
        const allowed = await isAllowed(principals[who]!, { ...request, resourcePolicy: policies[choice] });
        assert.equal(allowed, may[index]);
      });
    }
  });
});
