import assert from "node:assert/strict";
import { type AwsRecord, OBJECT, readRecords } from "../../aws/records";
import type { Fields, KubernetesObject } from "../../kubernetes/client";
import type { ClusterState } from "../../nodes/clusterState";
import { workingDrivers } from "../../nodes/csiDrivers";
import { s3MountError, seedBuckets } from "../../nodes/mountpoint";
import { runProvisioner } from "../../nodes/provisioner";
import { record } from "../support/apiErrorCases";
import { attempt, clusterWith, FakeApi, object as anObject } from "../support/cluster";
import { localCloud } from "../support/localCloud";
import { policy, trustOfPods } from "../support/policies";

const object = (kind: string, name: string, spec: Fields, metadata: Fields = {}) =>
  anObject(kind, name, { spec }, metadata);
const allow = (Action: string | string[], Resource: string) => ({ Effect: "Allow", Action, Resource });

const agent = record("eks/addon", "c:agent", { addonName: "eks-pod-identity-agent" });
const role = record("iam/role", "node", {
  arn: "arn:aws:iam::111101013333:role/node",
  assumeRolePolicy: trustOfPods,
});
const association = record("eks/podIdentityAssociation", "a-1", {
  serviceAccount: "s3-csi-driver-sa",
  roleArn: "arn:aws:iam::111101013333:role/node",
});
const addon = record("eks/addon", "c:s3", { addonName: "aws-mountpoint-s3-csi-driver" });
const bucket = record("s3/bucket", "images", { bucket: "images", arn: "arn:aws:s3:::images", region: "eu-west-1" });
const objects = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"];
const list = allow("s3:ListBucket", "arn:aws:s3:::images");
const grants = (...statements: Fields[]) =>
  record("iam/rolePolicy", "node:p", { role: "node", policy: policy(...statements) });
const granted = grants(list, allow(objects, "arn:aws:s3:::images/*"));
const encrypted = record("s3/bucketServerSideEncryptionConfiguration", "images", {
  bucket: "images",
  rules: [
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: "arn:aws:kms:eu-west-1:111101013333:key/objects",
      },
    },
  ],
});
const keyed = grants(
  list,
  allow(objects, "arn:aws:s3:::images/*"),
  allow(["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:eu-west-1:111101013333:key/objects"),
);
const deny = { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::images/*" };
const denied = record("iam/rolePolicy", "node:q", { role: "node", policy: policy(deny) });
const closed = record("s3/bucketPolicy", "images", { bucket: "images", policy: policy({ ...deny, Principal: "*" }) });
const all = [agent, role, granted, association, addon, bucket];

const csi = { driver: "s3.csi.aws.com", volumeHandle: "images-1", volumeAttributes: { bucketName: "images" } };
const spec = { accessModes: ["ReadWriteMany"], mountOptions: ["allow-other", "region eu-west-1"], csi };
const claimOf = (volumeName: string) =>
  object("PersistentVolumeClaim", `of-${volumeName}`, { volumeName }, { namespace: "shop" });
const podOn = (nodeName: string, volumeName: string, runAsUser = 999) =>
  object(
    "Pod",
    `${nodeName}-${volumeName}`,
    {
      nodeName,
      securityContext: { runAsUser },
      initContainers: [{ name: "seed" }],
      volumes: [{ persistentVolumeClaim: { claimName: `of-${volumeName}` } }],
    },
    { namespace: "shop" },
  );
const clusterOf = (volumes: KubernetesObject[], pods: KubernetesObject[]): ClusterState =>
  clusterWith({ claims: volumes.map(({ metadata }) => claimOf(metadata.name)), volumes, pods });

describe("the node agent's Mountpoint", () => {
  const { records } = localCloud();
  beforeEach(() => records(...all));

  const answer = (changes: Fields = {}, runAsUser?: number) => {
    const volume = object("PersistentVolume", "v", { ...spec, ...changes });
    const pod = podOn("n", "v", runAsUser);
    return s3MountError(volume, pod, clusterOf([volume], [pod]));
  };

  it("mounts a bucket that the driver's role may use, and asks nothing about other volumes", () => {
    assert.equal(answer(), undefined);
    assert.equal(answer({ accessModes: ["ReadOnlyMany"], mountOptions: ["allow-other"] }), undefined);
    records();
    assert.equal(answer({ csi: { driver: "efs.csi.aws.com" } }), undefined);
  });

  const withoutBucket = all.filter((it) => it !== bucket);
  const lacks: [string, AwsRecord[], RegExp][] = [
    [
      "the bucket",
      withoutBucket,
      /^rpc error: code = Internal desc = Could not mount "images".*The bucket does not exist$/,
    ],
    ["the association", all.filter((it) => it !== association), /No signing credentials found$/],
    ["the Pod Identity agent", all.filter((it) => it !== agent), /No signing credentials found$/],
    ["an association made before the driver", [...all.filter((it) => it !== association), association], /No signing/],
    ["a policy", all.filter((it) => it !== granted), /Forbidden: Access Denied$/],
    [
      "leave to list",
      [...all.filter((it) => it !== granted), grants(allow(objects, "arn:aws:s3:::images/*"))],
      /Denied$/,
    ],
    [
      "leave for this bucket",
      [...all.filter((it) => it !== granted), grants(list, allow(objects, "arn:aws:s3:::other/*"))],
      /Denied$/,
    ],
    ["leave for the objects' key", [...all, encrypted], /Forbidden: Access Denied$/],
    ["leave of its own policy, which denies it", [...all, denied], /Forbidden: Access Denied$/],
    ["leave of the bucket's policy, which denies it", [...all, closed], /Forbidden: Access Denied$/],
  ];
  for (const [what, there, message] of lacks) {
    it(`doesn't mount without ${what}`, () => {
      records(...there);
      assert.match(answer() ?? "mounted", message);
    });
  }

  it("mounts a bucket under a customer's key that the role may use", () => {
    records(...all.filter((it) => it !== granted), encrypted, keyed);
    assert.equal(answer(), undefined);
  });

  const refused: [string, Fields, RegExp][] = [
    [
      "ReadWriteOnce",
      { accessModes: ["ReadWriteOnce"] },
      /code = InvalidArgument desc = Volume capability not supported$/,
    ],
    ["a volume without a bucket", { csi: { ...csi, volumeAttributes: {} } }, /Bucket name not provided$/],
    ["another region", { mountOptions: ["allow-other", "region us-east-1"] }, /The bucket is not in region us-east-1$/],
    [
      "other users than root without allow-other",
      { mountOptions: [] },
      /^user 999 may not enter it: Permission denied/,
    ],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, () => assert.match(answer(changes) ?? "mounted", message));
  }

  it("mounts one of two volumes with the same handle on a node, both on two", () => {
    const volumes = ["v", "w"].map((name) => object("PersistentVolume", name, spec));
    const why = (node: string) => {
      const [one, other] = [podOn("n", "v"), podOn(node, "w")];
      return s3MountError(volumes[1]!, other, clusterOf(volumes, [one, other]));
    };
    assert.match(why("n") ?? "mounted", /timed out waiting for the condition .*has the handle images-1/);
    assert.equal(why("m"), undefined);
  });

  it("puts what a pod is seeded with into its bucket, once", () => {
    const volume = object("PersistentVolume", "v", spec);
    const pod = podOn("n", "v");
    seedBuckets(pod, clusterOf([volume], [pod]));
    seedBuckets(pod, clusterOf([volume], [pod]));
    const found = readRecords().filter(({ type }) => type === OBJECT);
    assert.deepEqual(
      found.map(({ properties }) => properties),
      [{ bucket: "images" }],
    );
  });

  it("provisions nothing: a claim of a class on the driver gets no volume", async () => {
    assert.deepEqual(workingDrivers(), { running: ["s3.csi.aws.com"], provisioning: [] });
    const fake = new FakeApi();
    const annotations = { "volume.kubernetes.io/storage-provisioner": "s3.csi.aws.com" };
    const resources = { requests: { storage: "5Gi" } };
    const claim = object(
      "PersistentVolumeClaim",
      "c",
      { storageClassName: "s3", resources },
      { annotations, uid: "1" },
    );
    const seen = { ...clusterOf([], []), claims: [claim], classes: [object("StorageClass", "s3", {})] };
    await runProvisioner(fake.api, seen, ["s3.csi.aws.com"], attempt);
    assert.deepEqual(fake.calls, []);
  });
});
