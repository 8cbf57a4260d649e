import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { policyGrants } from "../support/facts";
import { arnOf } from "../support/mockIds";
import { EXISTING_VPC } from "../support/mockState";
import { configurationOf, environments, program } from "../support/program";
import { all } from "../support/queries";
import type { Registration } from "../support/registrations";

const KEY = arnOf("kms/key", "eks-storage-prod");
/** That of the snapshot that the database's disk is made from. */
const SOURCE = "arn:aws:kms:eu-west-1:777701019999:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const BUCKET = "arn:aws:s3:::eks-storage-prod-assets-777701019999";

interface Permissions {
  /** AWS's own policies, each with the reason for it. */
  managed: Record<string, string>;
  /** What is allowed by policies of ours, statement by statement. */
  own: string[];
}

/** What the service accounts of the drivers may do where a customer's key encrypts and the images are in S3. */
const PERMISSIONS: Record<string, Permissions> = {
  "ebs-csi-controller-sa": {
    managed: {
      "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2":
        "makes, attaches, grows, snapshots and deletes disks: those with the driver's own tag",
    },
    own: [
      `kms:Decrypt kms:DescribeKey kms:GenerateDataKeyWithoutPlaintext kms:ReEncrypt* on ${KEY}`,
      `kms:CreateGrant on ${KEY} under a condition`,
      `kms:Decrypt kms:DescribeKey kms:GenerateDataKeyWithoutPlaintext kms:ReEncrypt* on ${SOURCE}`,
      `kms:CreateGrant on ${SOURCE} under a condition`,
    ],
  },
  "efs-csi-controller-sa": {
    managed: {
      "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy":
        "makes access points for claims, and deletes those with the driver's own tag",
    },
    own: [],
  },
  "efs-csi-node-sa": {
    managed: {
      "arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess":
        "mounts as itself where a file system asks for a role; never as root",
    },
    own: [],
  },
  "cloudwatch-agent": {
    managed: {
      "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy":
        "sends metrics of nodes and their disks, where it is installed",
    },
    own: [],
  },
  "s3-csi-driver-sa": {
    managed: {},
    own: [
      `s3:ListBucket on ${BUCKET}`,
      `s3:GetObject s3:PutObject s3:AbortMultipartUpload s3:DeleteObject on ${BUCKET}/*`,
      `kms:Decrypt kms:GenerateDataKey on ${KEY}`,
    ],
  },
};

/** What else there is to choose, on files and on objects, and with nothing but what exists already. */
const OPTIONS: Record<string, (zones: string[]) => Record<string, unknown>> = {
  "every option, on EFS": () => ({ ...EVERY, assetsProvisioning: "dynamic", efsThroughputMode: "bursting" }),
  "every option, on S3": () => ({ ...EVERY, assetsStorage: "s3" }),
  "existing resources": (zones) => ({
    encryptionKey: "customer",
    existingVpcId: EXISTING_VPC,
    existingPrivateSubnetIds: Object.fromEntries(
      zones.map((zone, index) => [zone, `subnet-${String(index).repeat(8)}`]),
    ),
    existingClusterName: "shop",
    existingFileSystemId: "fs-11111111",
    existingKeyArn: "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    assetsStorage: "s3",
    existingBucketName: "images",
  }),
};
const EVERY = {
  mysqlSnapshotId: "snap-0123456789abcdef0",
  encryptionKey: "customer",
  efsReplicaRegion: "eu-central-1",
  efsMountAccess: "roles",
  alarmTopicArn: "arn:aws:sns:eu-west-1:111101013333:storage",
  containerInsightsVersion: "v6.2.0-eksbuild.1",
  administrators: ["arn:aws:iam::111101013333:role/admins"],
  viewers: ["arn:aws:iam::111101013333:role/viewers"],
};

/** AWS's policies that roles other than the drivers' have, each with the reason for it. */
const OTHERS: Record<string, string> = {
  "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy": "a node joins its cluster",
  "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy": "a node gives its pods addresses",
  "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly": "a node pulls images",
  "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup": "AWS Backup backs up disks and files",
  "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores": "AWS Backup restores them",
};

describe("who may do what in AWS", () => {
  let resources: Registration[];
  const changes = { ...EVERY, assetsStorage: "s3" };
  const snapshot = { tags: { "ebs.csi.aws.com/cluster": "true" }, volumeSize: 20, kmsKeyId: SOURCE };

  before(async () => {
    resources = await program("prod", { changes, snapshots: { [EVERY.mysqlSnapshotId]: snapshot } });
  });

  /** The name of a role that an association or an attachment refers to. */
  const roleName = (reference: string) => reference.replace(/^.*\//, "").replace(/-1a2b3c4$/, "");
  const policiesOf = (role: string) => ({
    managed: all(resources, "RolePolicyAttachment")
      .filter(({ inputs }) => roleName(inputs.role as string) === role)
      .map(({ inputs }) => inputs.policyArn as string),
    own: all(resources, "RolePolicy")
      .filter(({ inputs }) => roleName(inputs.role as string) === role)
      .flatMap((policy) => policyGrants(policy)),
  });

  it("is listed for each service account of a driver", () => {
    const found = all(resources, "PodIdentityAssociation").map(({ inputs }) => {
      const { managed, own } = policiesOf(roleName(inputs.roleArn as string));
      const statements = own.map(({ actions, resources: on, conditional }) => {
        return `${actions.join(" ")} on ${on.join(" ")}${conditional ? " under a condition" : ""}`;
      });
      return [inputs.serviceAccount, { managed, own: statements.sort() }] as const;
    });
    const listed = Object.entries(PERMISSIONS).map(([account, { managed, own }]) => {
      return [account, { managed: Object.keys(managed), own: [...own].sort() }] as const;
    });
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(listed));
  });

  it("has a reason for every policy of AWS's", () => {
    const known = [
      ...Object.values(PERMISSIONS).flatMap(({ managed }) => Object.keys(managed)),
      ...Object.keys(OTHERS),
    ];
    const attached = all(resources, "RolePolicyAttachment").map(({ inputs }) => inputs.policyArn as string);
    assert.deepEqual([...new Set(attached)].sort(), known.sort());
  });

  it("is listed, for AWS's policies, in docs/permissions.md: to whom, which, why", () => {
    const page = fs.readFileSync(path.resolve(__dirname, "../../docs/permissions.md"), "utf8");
    const rows = page.split("\n").filter((line) => /^\|.*`(Amazon|AWS|CloudWatch)\w+`/.test(line));
    const cells = rows.map((row) => row.split("|").map((cell) => cell.trim()));
    const documented = cells.map(([, , policy, reason]) => [policy?.replaceAll("`", ""), reason]);
    const known = [...Object.values(PERMISSIONS).map(({ managed }) => managed), OTHERS].flatMap((it) =>
      Object.entries(it),
    );
    assert.deepEqual(documented.sort(), known.map(([arn, reason]) => [arn.split("/").pop(), reason]).sort());
  });

  it("is listed, for the program's policies, in docs/permissions.md: which service account, what, on what", () => {
    const page = fs.readFileSync(path.resolve(__dirname, "../../docs/permissions.md"), "utf8");
    const rows = page.split("\n## ").find((text) => text.startsWith("Policies of the program's"))!;
    const resources: Record<string, string> = {
      "the customer's key": KEY,
      "the key of `mysqlSnapshotId` or `adoptMysqlVolumeId`": SOURCE,
      "the images' bucket": BUCKET,
      "the images' objects": `${BUCKET}/*`,
    };
    const cells = rows.split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
    const documented = cells
      .filter(([, who]) => who?.startsWith("`"))
      .map(([, who = "", may = "", on = ""]) => {
        const actions = [...may.matchAll(/`([^`]+)`/g)].map(([, action]) => action).join(" ");
        const condition = may.includes("under a condition") ? " under a condition" : "";
        return `${who.replaceAll("`", "")}: ${actions} on ${resources[on] ?? on}${condition}`;
      });
    const known = Object.entries(PERMISSIONS).flatMap(([who, { own }]) => own.map((line) => `${who}: ${line}`));
    assert.deepEqual(documented.sort(), known.sort());
  });

  for (const stack of environments) {
    for (const [what, options] of Object.entries(OPTIONS)) {
      it(`changes nothing on a wildcard resource without a condition: ${stack} with ${what}`, async () => {
        const zones = JSON.parse(configurationOf(stack)["eks-storage:zones"]!) as string[];
        const registered = await program(stack, { changes: options(zones) });
        assert.deepEqual(wildGrants(registered), []);
        const policies = registered.filter((resource) => policyGrants(resource).length > 0);
        assert.ok(policies.length > 5, "policies are found");
        const attached = all(registered, "RolePolicyAttachment").map(({ inputs }) => inputs.policyArn as string);
        const known = [...Object.values(PERMISSIONS).map(({ managed }) => managed), OTHERS].flatMap((it) =>
          Object.keys(it),
        );
        assert.deepEqual(
          attached.filter((arn) => !known.includes(arn)),
          [],
        );
      });
    }
  }

  it("is under a condition only where one is stated", () => {
    const isConditional = (Condition?: object) => {
      const Statement = { Effect: "Allow", Action: "s3:*", Resource: "*", Condition };
      const [grant] = policyGrants({ urn: "", inputs: { policy: { Statement } } } as Registration);
      return grant!.conditional;
    };
    assert.ok(isConditional({ Bool: { "aws:SecureTransport": "true" } }));
    for (const nothing of [undefined, {}, { Bool: {} }]) assert.ok(!isConditional(nothing));
  });

  it("would be told from a grant on everything", () => {
    for (const arn of ["*", "arn:aws:ec2:*:*:volume/*", "arn:aws:s3:::*", "arn:aws:kms:eu-west-1:1:key/*"]) {
      assert.ok(isWild(arn), arn);
    }
    for (const arn of [KEY, `${BUCKET}/*`, "arn:aws:s3:::images/*", "arn:aws:logs:eu-west-1:1:log-group:flow:*"]) {
      assert.ok(!isWild(arn), arn);
    }
  });
});

/** Grants of a changing action on everything of a kind, without a condition. */
function wildGrants(resources: Registration[]): string[] {
  const grants = resources.flatMap((resource) => policyGrants(resource).map((grant) => ({ ...grant, resource })));
  const changing = grants.filter(({ actions }) => actions.some((action) => !/:(Describe|Get|List)\w*$/.test(action)));
  return changing
    .filter(({ resource, resources: on, principals, conditional }) => {
      // The policy of a key or a vault is about itself, whatever it calls that: who it is for must be said.
      const isItself = /:(Key|VaultPolicy)$/.test(resource.type) && principals.length > 0;
      return !conditional && (isItself ? principals.includes("*") : on.some((arn) => isWild(arn)));
    })
    .map(({ urn, actions, resources: on }) => `${urn}: ${actions.join(" ")} on ${on.join(" ")}`);
}

/** Whether an ARN names no resource of its own: everything, everything of a kind, or that of any account. */
function isWild(arn: string): boolean {
  const [, , service, region, account, ...rest] = arn.split(":");
  const resource = rest.join(":");
  // The name comes first in S3's ARNs, and in those of the mocks; in others the kind does.
  const isFirst = service === "s3" || service === "mock";
  const named = isFirst ? resource.split(/[:/]/)[0] : resource.replace(/^[\w-]+[:/]/, "");
  return arn === "*" || region === "*" || account === "*" || named === "*" || named === "";
}
