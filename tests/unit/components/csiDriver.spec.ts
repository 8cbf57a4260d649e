import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CsiDriver, type CsiDriverArgs, CsiDriverKind } from "../../../components";
import { all, assertOrder, one, refused, registered } from "../../support/queries";
import { type Registration, Secret } from "../../support/registrations";

const args: CsiDriverArgs = {
  kind: CsiDriverKind.Efs,
  clusterName: "shop",
  version: "v1",
  region: "eu-west-1",
  kubeconfig: "{}",
};
const driver = (changes: Partial<CsiDriverArgs> = {}) => new CsiDriver("csi", { ...args, ...changes });

/** Service accounts with the policies that their roles have. */
function permissions(resources: Registration[]): Record<string, string[]> {
  const policies = (role: string) =>
    all(resources, "RolePolicyAttachment")
      .filter(({ inputs }) => inputs.role === `${role}-1a2b3c4`)
      .map(({ inputs }) => inputs.policyArn as string);
  return Object.fromEntries(
    all(resources, "PodIdentityAssociation").map(({ inputs }) => {
      assert.deepEqual([inputs.namespace, inputs.clusterName], ["kube-system", "shop"]);
      return [inputs.serviceAccount, policies((inputs.roleArn as string).replace("arn:aws:mock:::", ""))];
    }),
  );
}

describe("CsiDriver", () => {
  it("efs: the add-on, with a role for the controller and one for the nodes", async () => {
    const resources = await registered(() => driver());
    const { inputs } = one(resources, "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["aws-efs-csi-driver", "v1"]);
    assert.deepEqual(permissions(resources), {
      "efs-csi-controller-sa": ["arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"],
      "efs-csi-node-sa": ["arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess"],
    });
  });

  it("ebs: the add-on, with a role for the controller that reaches the cluster's own disks only", async () => {
    const resources = await registered(() => driver({ kind: CsiDriverKind.Ebs }));
    const { inputs } = one(resources, "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["aws-ebs-csi-driver", "v1"]);
    assert.deepEqual(permissions(resources), {
      "ebs-csi-controller-sa": ["arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"],
    });
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
      const resources = await registered(() => driver({ kind }));
      const addon = one(resources, "Addon");
      assertOrder(
        resources,
        [...all(resources, "PodIdentityAssociation"), ...all(resources, "RolePolicyAttachment")],
        [addon],
      );
      assertOrder(resources, [addon], [one(resources, "dynamic:Resource")]);
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
    assert.deepEqual(all(await registered(() => driver({ kind: CsiDriverKind.Ebs })), "RolePolicy"), []);
  });

  it("refuses what its driver has no use for, all of it at once", async () => {
    assert.equal(
      await refused(() => driver({ tags: { team: "web" }, kmsKeyArn: "key" })),
      `CsiDriver "csi" has 2 arguments that can't work:
  - tags must be left out for efs; it is { team: 'web' }.
    Its driver can't be told which tags to give.
  - kmsKeyArn must be left out for efs; it is 'key'.
    The service encrypts by itself; its driver needs no key.`,
    );
  });

  it("has those who depend on it wait for its drain", async () => {
    const resources = await registered(() => {
      new CsiDriver("user", { ...args, kind: CsiDriverKind.Ebs }, { dependsOn: [driver()] });
    });
    assertOrder(resources, [one(resources, "dynamic:Resource", "csi-drain")], [one(resources, "Addon", "user")]);
  });

  it("drains the driver it installs, ten minutes long by default, and keeps the kubeconfig secret", async () => {
    const drain = async (changes: Partial<CsiDriverArgs>) =>
      one(await registered(() => driver({ kubeconfig: pulumi.secret("kubeconfig"), ...changes })), "dynamic:Resource");
    const { inputs, additionalSecretOutputs } = await drain({});
    assert.deepEqual([inputs.driver, inputs.timeoutInMinutes], ["efs.csi.aws.com", 10]);
    assert.deepEqual(inputs.kubeconfig, new Secret("kubeconfig"));
    assert.ok(additionalSecretOutputs.includes("kubeconfig"), "the provider returns it in the clear");
    const ebs = await drain({ kind: CsiDriverKind.Ebs, drainTimeoutInMinutes: 0 });
    assert.deepEqual([ebs.inputs.driver, ebs.inputs.timeoutInMinutes], ["ebs.csi.aws.com", 0]);
  });

  it("never drains a driver in use: a change of the drain's code replaces nothing", async () => {
    const { ignoreChanges } = one(await registered(() => driver()), "dynamic:Resource");
    assert.deepEqual(ignoreChanges, ["__provider"]);
  });

  it("ends with names that are known at a first preview", async () => {
    const resources = await registered(() => driver(), { preview: true });
    assert.deepEqual(one(resources, "eks-storage:index:CsiDriver").outputs, {
      driverName: "efs.csi.aws.com",
      addonVersion: "v1",
    });
  });
});
