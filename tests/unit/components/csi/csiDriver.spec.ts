import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CsiDriver, type CsiDriverArgs, CsiDriverKind, type DiskSourceArgs } from "../../../../components/index";
import { all, assertOrder, one, refused, registered } from "../../../support/queries";
import { type Registration, run, type RunOptions, Secret } from "../../../support/registrations";

const OWN = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const args: CsiDriverArgs = {
  kind: CsiDriverKind.Efs,
  clusterName: "shop",
  version: "v2.0.0-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: "{}",
};
const driver = (changes: Partial<CsiDriverArgs> = {}) => new CsiDriver("csi", { ...args, ...changes });
const s3 = { kind: CsiDriverKind.S3, bucketArns: { assets: "arn:aws:s3:::images" } };

/** Service accounts with the policies that their roles have. */
function permissions(resources: Registration[]): Record<string, string[]> {
  const policies = (role: string) =>
    all(resources, "RolePolicyAttachment")
      .filter(({ inputs }) => inputs.role === role)
      .map(({ inputs }) => inputs.policyArn as string);
  return Object.fromEntries(
    all(resources, "PodIdentityAssociation").map(({ inputs }) => {
      assert.deepEqual([inputs.namespace, inputs.clusterName], ["kube-system", "shop"]);
      return [inputs.serviceAccount, policies((inputs.roleArn as string).split("/").pop()!)];
    }),
  );
}

describe("CsiDriver", () => {
  it("efs: the add-on, with a role for the controller and one for the nodes", async () => {
    const resources = await registered(() => driver());
    const { inputs } = one(resources, "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["aws-efs-csi-driver", "v2.0.0-eksbuild.1"]);
    assert.deepEqual(permissions(resources), {
      "efs-csi-controller-sa": ["arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"],
      "efs-csi-node-sa": ["arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess"],
    });
  });

  it("ebs: the add-on, with a role for the controller that reaches the cluster's own disks only", async () => {
    const resources = await registered(() => driver({ kind: CsiDriverKind.Ebs }));
    const { inputs } = one(resources, "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["aws-ebs-csi-driver", "v2.0.0-eksbuild.1"]);
    assert.deepEqual(permissions(resources), {
      "ebs-csi-controller-sa": ["arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"],
    });
  });

  it("s3: the add-on, with a role for the nodes that reaches the named buckets and their keys only", async () => {
    const bucketArns = { ...s3.bucketArns, videos: "arn:aws:s3:::films" };
    const resources = await registered(() => driver({ ...s3, bucketArns, kmsKeyArn: OWN }));
    const { inputs } = one(resources, "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["aws-mountpoint-s3-csi-driver", "v2.0.0-eksbuild.1"]);
    assert.deepEqual(permissions(resources), { "s3-csi-driver-sa": [] });
    const objects = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"];
    const grants = all(resources, "RolePolicy").map(({ name, inputs }) => {
      assert.equal(inputs.role, "csi-node-1a2b3c4");
      const { Statement: statements } = JSON.parse(inputs.policy as string) as { Statement: Record<string, string>[] };
      return [name, ...statements.map(({ Effect, Action, Resource }) => [Effect, Action, Resource])];
    });
    assert.deepEqual(grants.sort(), [
      [
        "csi-node-bucket-assets",
        ["Allow", "s3:ListBucket", "arn:aws:s3:::images"],
        ["Allow", objects, "arn:aws:s3:::images/*"],
      ],
      [
        "csi-node-bucket-videos",
        ["Allow", "s3:ListBucket", "arn:aws:s3:::films"],
        ["Allow", objects, "arn:aws:s3:::films/*"],
      ],
      ["csi-node-kms", ["Allow", ["kms:Decrypt", "kms:GenerateDataKey"], OWN]],
    ]);
    const keyless = all(await registered(() => driver(s3)), "RolePolicy");
    assert.deepEqual(
      keyless.map(({ name }) => name),
      ["csi-node-bucket-assets"],
    );
  });

  it("ebs: may use the key of what a disk is made from, too: its snapshot's, its own when that has expired", async () => {
    const tags = { "ebs.csi.aws.com/cluster": "true" };
    const granted = async (diskSource: Partial<DiskSourceArgs>, there: Pick<RunOptions, "snapshots" | "volumes">) => {
      const source = { accountId: "111101013333", ...diskSource };
      const program = () => driver({ kind: CsiDriverKind.Ebs, kmsKeyArn: OWN, diskSource: source });
      const { registrations, error } = await run(program, there);
      assert.equal(error, undefined);
      assertOrder(registrations, all(registrations, "RolePolicy"), [one(registrations, "Addon")]);
      const policies = all(registrations, "RolePolicy").map(({ name, inputs }) => {
        assert.equal(inputs.role, "csi-controller-1a2b3c4");
        const { Statement: statements } = JSON.parse(inputs.policy as string) as {
          Statement: Record<string, string>[];
        };
        return [name, [...new Set(statements.map(({ Resource }) => Resource))]] as const;
      });
      const { "csi-controller-kms": own, "csi-controller-kms-source": others, ...more } = Object.fromEntries(policies);
      assert.deepEqual([own, more], [[OWN], {}]);
      return others?.join();
    };
    const snapshots = { "snap-11111111": { tags, volumeSize: 20, kmsKeyId: "arn:old" } };
    assert.equal(await granted({ snapshotId: "snap-11111111" }, { snapshots }), "arn:old");
    const volumes = { "vol-99999999": { snapshotId: "snap-11111111", kmsKeyId: "arn:older" } };
    assert.equal(await granted({ snapshotId: "snap-11111111" }, { volumes }), "arn:older");
    assert.equal(await granted({ volumeId: "vol-99999999" }, { volumes }), "arn:older");
    const none = "arn:aws:kms:eu-west-1:111101013333:key/*";
    assert.equal(await granted({ snapshotId: "snap-11111111" }, {}), none);
    assert.equal(await granted({ volumeId: "vol-11111111" }, {}), none, "it isn't encrypted");
  });

  it("refuses a driver that doesn't know Pod Identity", async () => {
    assert.equal(
      await refused(() => driver({ kind: CsiDriverKind.Ebs, version: "v1.25.9-eksbuild.1" })),
      `CsiDriver "csi" has an argument that can't work:
  - version must be v1.26.0 or later; it is 'v1.25.9-eksbuild.1'.
    Earlier drivers don't know EKS Pod Identity, and would stay without credentials. aws eks describe-addon-versions lists newer ones.`,
    );
  });

  it("refuses a source of a disk that is none, or two", async () => {
    const accountId = "111101013333";
    for (const source of [{}, { snapshotId: "snap-11111111", volumeId: "vol-11111111" }]) {
      assert.match(
        await refused(() => driver({ kind: CsiDriverKind.Ebs, diskSource: { ...source, accountId } })),
        /- one of diskSource\.snapshotId, diskSource\.volumeId must be given, and no other; it is \[/,
      );
    }
  });

  it("refuses what a disk is made from for a driver without disks", async () => {
    assert.equal(
      await refused(() => driver({ diskSource: { volumeId: "vol-11111111", accountId: "111101013333" } })),
      `CsiDriver "csi" has an argument that can't work:
  - diskSource must be left out for efs; it is { volumeId: 'vol-11111111', accountId: '111101013333' }.
    Only EBS has disks that are made from something.`,
    );
  });

  it("refuses an S3 driver without buckets, and buckets for another driver", async () => {
    for (const bucketArns of [undefined, {}]) {
      assert.equal(
        await refused(() => driver({ kind: CsiDriverKind.S3, bucketArns })),
        `CsiDriver "csi" has an argument that can't work:
  - bucketArns must be at least one bucket that the driver may mount; it is ${bucketArns ? "[]" : "missing"}.
    Name each bucket that a volume is on: the driver reaches no other.`,
      );
    }
    assert.equal(
      await refused(() => driver({ ...s3, kind: CsiDriverKind.Ebs })),
      `CsiDriver "csi" has an argument that can't work:
  - bucketArns must be left out for ebs; it is [ 'assets' ].
    Its driver mounts no buckets.`,
    );
  });

  it("tells the drivers what they can't ask the instance for, with a hop limit of 1", async () => {
    const configuration = async (kind: CsiDriverKind) => {
      const resources = await registered(() => driver({ kind, region: pulumi.output("eu-west-1") }));
      const values = one(resources, "Addon").inputs.configurationValues as string | undefined;
      return values === undefined ? undefined : (JSON.parse(values) as unknown);
    };
    assert.equal(await configuration(CsiDriverKind.Efs), undefined);
    assert.deepEqual(await configuration(CsiDriverKind.Ebs), {
      controller: { region: "eu-west-1", extraVolumeTags: {} },
      node: { volumeAttachLimit: 25 },
    });
  });

  it("lets the roles be taken through Pod Identity, and in no other way", async () => {
    const roles = all(await registered(() => driver()), "Role");
    assert.equal(roles.length, 2);
    for (const { inputs } of roles) {
      const { Statement } = JSON.parse(inputs.assumeRolePolicy as string) as { Statement: unknown };
      assert.deepEqual(Statement, [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
        },
      ]);
    }
  });

  for (const kind of Object.values(CsiDriverKind)) {
    it(`${kind}: associations and permissions, then the add-on, then the drain`, async () => {
      const resources = await registered(() => driver(kind === CsiDriverKind.S3 ? s3 : { kind }));
      const addon = one(resources, "Addon");
      assertOrder(
        resources,
        [
          ...all(resources, "PodIdentityAssociation"),
          ...all(resources, "RolePolicyAttachment"),
          ...all(resources, "RolePolicy"),
        ],
        [addon],
      );
      assertOrder(resources, [addon], [one(resources, "dynamic:Resource", "csi-drain")]);
      assertOrder(resources, [addon], [one(resources, "dynamic:Resource", "csi-credentials")]);
    });
  }

  it("tags the disks and snapshots that the EBS driver makes", async () => {
    const tags = { team: pulumi.output("web"), environment: "dev" };
    const { configurationValues } = one(
      await registered(() => driver({ kind: CsiDriverKind.Ebs, tags })),
      "Addon",
    ).inputs;
    const { controller } = JSON.parse(configurationValues as string) as { controller: { extraVolumeTags: unknown } };
    assert.deepEqual(controller.extraVolumeTags, { team: "web", environment: "dev" });
  });

  it("lets the EBS driver use a customer's key, and EC2 through it, but pass it on to nobody", async () => {
    const kmsKeyArn = pulumi.output("arn:aws:kms:eu-west-1:1:key/k");
    const resources = await registered(() => driver({ kind: CsiDriverKind.Ebs, kmsKeyArn }));
    const { inputs } = one(resources, "RolePolicy");
    assert.equal(inputs.role, "csi-controller-1a2b3c4");
    const { Statement } = JSON.parse(inputs.policy as string) as { Statement: Record<string, unknown>[] };
    assert.deepEqual(
      Statement.map(({ Sid: _, ...statement }) => statement),
      [
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
          Resource: "arn:aws:kms:eu-west-1:1:key/k",
        },
        {
          Effect: "Allow",
          Action: "kms:CreateGrant",
          Resource: "arn:aws:kms:eu-west-1:1:key/k",
          Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
      ],
    );
    assertOrder(resources, [one(resources, "RolePolicy")], [one(resources, "Addon")]);
  });

  it("lets the EBS driver use the account's default key where that is a customer's, and no other", async () => {
    const own = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const grant = async (options: RunOptions) => {
      const { registrations, error } = await run(() => driver({ kind: CsiDriverKind.Ebs }), options);
      assert.equal(error, undefined);
      const policy = one(registrations, "RolePolicy", "csi-controller-kms");
      assertOrder(registrations, [policy], [one(registrations, "Addon")]);
      const { Statement } = JSON.parse(policy.inputs.policy as string) as { Statement: Record<string, unknown>[] };
      return Statement.map(({ Action, Resource }) => [Action, Resource]);
    };
    for (const preview of [true, false])
      assert.deepEqual(await grant({ preview, defaultEbsKey: own }), [
        [["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"], own],
        ["kms:CreateGrant", own],
      ]);
    // Disks keep the key that they were made with, whatever the default is by now.
    const urn =
      "urn:pulumi:test::eks-storage::eks-storage:index:CsiDriver$aws:iam/rolePolicy:RolePolicy::csi-controller-kms";
    const before = async (defaultEbsKey: string) => {
      const { registrations } = await run(() => driver({ kind: CsiDriverKind.Ebs }), { defaultEbsKey });
      const { policy } = one(registrations, "RolePolicy", "csi-controller-kms").inputs;
      return { [urn]: { outputs: { policy } } };
    };
    const other = own.replace("1234abcd", "4321dcba");
    for (const [defaultEbsKey, state, keys] of [
      [other, await before(own), [own, other]],
      [undefined, await before(own), own],
      [own, await before(own), own],
    ] as const)
      assert.deepEqual((await grant({ defaultEbsKey, state }))[1], ["kms:CreateGrant", keys]);
    // A policy that IAM takes, and that allows to use no key.
    assert.deepEqual(await grant({ preview: true }), [["kms:DescribeKey", "arn:aws:kms:eu-west-1:*:key/*"]]);
  });

  it("says which right is missing to look up the account's default key", async () => {
    const failing = ["aws:ebs/getDefaultKmsKey:getDefaultKmsKey"];
    const { error } = await run(() => driver({ kind: CsiDriverKind.Ebs }), { failing });
    assert.match(error!.message, /must be allowed ec2:GetEbsDefaultKmsKeyId\. AWS answered: You /);
  });

  it("looks up no default key where another is named, or for another driver", async () => {
    for (const changes of [{}, s3, { kind: CsiDriverKind.Ebs, kmsKeyArn: OWN }]) {
      const { invokes } = await run(() => driver(changes));
      assert.deepEqual(invokes, []);
    }
  });

  it("refuses what its driver has no use for, all of it at once", async () => {
    assert.equal(
      await refused(() => driver({ tags: { team: "web" }, kmsKeyArn: OWN })),
      `CsiDriver "csi" has 2 arguments that can't work:
  - tags must be left out for efs; it is { team: 'web' }.
    Its driver can't be told which tags to give.
  - kmsKeyArn must be left out for efs; it is '${OWN}'.
    The service encrypts by itself; its driver needs no key.`,
    );
  });

  it("has those who depend on it wait for its drain", async () => {
    const resources = await registered(() => {
      new CsiDriver("user", { ...args, kind: CsiDriverKind.Ebs }, { dependsOn: [driver()] });
    });
    const made = ["csi-drain", "csi-credentials"].map((name) => one(resources, "dynamic:Resource", name));
    assertOrder(resources, made, [one(resources, "Addon", "user")]);
  });

  it("drains the driver it installs, ten minutes long by default, and keeps the kubeconfig secret", async () => {
    const drain = async (changes: Partial<CsiDriverArgs>) =>
      one(
        await registered(() => driver({ kubeconfig: pulumi.secret("kubeconfig"), ...changes })),
        "dynamic:Resource",
        "csi-drain",
      );
    const { inputs, additionalSecretOutputs } = await drain({});
    assert.deepEqual([inputs.driver, inputs.timeoutInMinutes], ["efs.csi.aws.com", 10]);
    assert.deepEqual(inputs.kubeconfig, new Secret("kubeconfig"));
    assert.ok(additionalSecretOutputs.includes("kubeconfig"), "the provider returns it in the clear");
    const ebs = await drain({ kind: CsiDriverKind.Ebs, drainTimeoutInMinutes: 0 });
    assert.deepEqual([ebs.inputs.driver, ebs.inputs.timeoutInMinutes], ["ebs.csi.aws.com", 0]);
  });

  it("keeps a kubeconfig secret that is given in the clear, and updates a drain in place", async () => {
    const { inputs, ignoreChanges } = one(
      await registered(() => driver({ kubeconfig: "{}" })),
      "dynamic:Resource",
      "csi-drain",
    );
    assert.deepEqual(inputs.kubeconfig, new Secret("{}"));
    assert.deepEqual(ignoreChanges, [], "a change of the drain's code would never reach a stack that exists");
  });

  it("has the pods of exactly those service accounts looked at that have an association", async () => {
    for (const changes of [{}, { kind: CsiDriverKind.Ebs }, s3]) {
      const resources = await registered(() => driver(changes));
      const { inputs } = one(resources, "dynamic:Resource", "csi-credentials");
      const associated = all(resources, "PodIdentityAssociation").map((it) => it.inputs.serviceAccount as string);
      assert.deepEqual([...inputs.serviceAccounts].sort(), associated.sort());
      assert.equal(inputs.addonName, one(resources, "Addon").inputs.addonName);
    }
  });

  it("ends with names that are known at a first preview", async () => {
    const resources = await registered(() => driver(), { preview: true });
    assert.deepEqual(one(resources, "eks-storage:index:CsiDriver").outputs, {
      driverName: "efs.csi.aws.com",
      addonVersion: "v2.0.0-eksbuild.1",
    });
  });
});
