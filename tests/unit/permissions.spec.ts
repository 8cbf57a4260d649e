import assert from "node:assert/strict";
import { policyGrants } from "../support/facts";
import { program } from "../support/program";
import { all } from "../support/queries";
import type { Registration } from "../support/registrations";

const KEY = "arn:aws:mock:::eks-storage-prod";
const BUCKET = "arn:aws:mock:::eks-storage-prod-assets";

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
  "s3-csi-driver-sa": {
    managed: {},
    own: [
      `s3:ListBucket on ${BUCKET}`,
      `s3:GetObject s3:PutObject s3:AbortMultipartUpload s3:DeleteObject on ${BUCKET}/*`,
      `kms:Decrypt kms:GenerateDataKey on ${KEY}`,
    ],
  },
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
  const changes = { encryptionKey: "customer", assetsStorage: "s3" };

  before(async () => {
    resources = await program("prod", { changes });
  });

  /** The name of a role that an association or an attachment refers to. */
  const roleName = (reference: string) => reference.replace("arn:aws:mock:::", "").replace(/-1a2b3c4$/, "");
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

  it("changes nothing on a wildcard resource without a condition", () => {
    const grants = resources.flatMap((resource) => policyGrants(resource).map((grant) => ({ ...grant, resource })));
    const changing = grants.filter(({ actions }) => actions.some((action) => !/:(Describe|Get|List)\w*$/.test(action)));
    assert.ok(changing.length > 8);
    for (const { urn, resource, resources: on, principals, conditional } of changing) {
      // The policy of a key or a vault is about itself, whatever it calls that: who it is for must be said.
      const isItself = /:(Key|VaultPolicy)$/.test(resource.type) && principals.length > 0;
      const wild = isItself ? principals.includes("*") : on.some((arn) => isWild(arn));
      assert.ok(conditional || !wild, `${urn}: ${on.join(" ")}`);
    }
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

/** Whether an ARN names no resource of its own: everything, everything of a kind, or that of any account. */
function isWild(arn: string): boolean {
  const [, , service, region, account, ...rest] = arn.split(":");
  const resource = rest.join(":");
  // The name comes first in S3's ARNs, and in those of the mocks; in others the kind does.
  const isFirst = service === "s3" || service === "mock";
  const named = isFirst ? resource.split(/[:/]/)[0] : resource.replace(/^[\w-]+[:/]/, "");
  return arn === "*" || region === "*" || account === "*" || named === "*" || named === "";
}
