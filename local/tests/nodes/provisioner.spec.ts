import assert from "node:assert/strict";
import { readRecords, token } from "../../aws/records";
import type { Fields } from "../../kubernetes/client";
import type { ClusterState } from "../../nodes/clusterState";
import { workingDrivers } from "../../nodes/csiDrivers";
import { runProvisioner } from "../../nodes/provisioner";
import { record } from "../support/apiErrorCases";
import { attempt, clusterWith, FakeApi, object } from "../support/cluster";
import { drivers, varied } from "../support/csiDrivers";
import { policy, trust } from "../support/policies";
import { localCloud } from "../support/localCloud";

const ZONE = "eu-west-1a";
const UID = "0a1b";

/** What every disk of the claim has. */
const tagsOfDisk = {
  CSIVolumeName: `pvc-${UID}`,
  "ebs.csi.aws.com/cluster": "true",
  "kubernetes.io/created-for/pvc/name": "data",
  "kubernetes.io/created-for/pvc/namespace": "catalog",
  "kubernetes.io/created-for/pv/name": `pvc-${UID}`,
};

describe("The provisioner", () => {
  const { records } = localCloud();
  let fake: FakeApi;
  beforeEach(() => {
    fake = new FakeApi();
    records(...drivers);
  });

  const node = object("Node", "n", {}, { labels: { "topology.kubernetes.io/zone": ZONE } });
  const controllers = (seen: Partial<ClusterState>) =>
    runProvisioner(fake.api, clusterWith({ nodes: [node], ...seen }), workingDrivers().provisioning, attempt);

  const storageClass = object("StorageClass", "ebs", { parameters: { type: "gp3" }, reclaimPolicy: "Delete" });
  const claim = (annotations: Fields, status: Fields = {}, spec: Fields = {}) =>
    object(
      "PersistentVolumeClaim",
      "data",
      { spec: { storageClassName: "ebs", resources: { requests: { storage: "20Gi" } }, ...spec }, status },
      { namespace: "catalog", uid: UID, annotations },
    );
  const asked = { "volume.kubernetes.io/storage-provisioner": "ebs.csi.aws.com" };
  const volume = (fields: Fields, finalizers: string[] = ["external-provisioner.volume.kubernetes.io/finalizer"]) =>
    object(
      "PersistentVolume",
      `pvc-${UID}`,
      { spec: { persistentVolumeReclaimPolicy: "Delete", csi: { volumeHandle: "vol-11111111" } }, ...fields },
      { finalizers, annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } },
    );

  it("makes the disk and the volume of a claim, in the zone of its pod's node", async () => {
    await controllers({
      claims: [claim({ ...asked, "volume.kubernetes.io/selected-node": "n" })],
      classes: [storageClass],
    });
    const disk = readRecords().find(({ type }) => type === token("ebs/volume"));
    assert.equal(disk?.properties.availabilityZone, ZONE);
    assert.deepEqual(disk.properties.tags, tagsOfDisk);
    const made = fake.calls[0]?.[1] as Fields;
    assert.equal(made.metadata.name, `pvc-${UID}`);
    assert.equal(made.spec.csi.volumeHandle, disk.id);
    assert.equal(made.spec.capacity.storage, "20Gi");
    assert.deepEqual(made.spec.claimRef.uid, UID);
  });

  describe("tags a disk", () => {
    const make = async (extraVolumeTags: object, parameters: object = {}) => {
      const configurationValues = JSON.stringify({ controller: { extraVolumeTags } });
      const isEbs = (it: (typeof drivers)[number]) => it.properties.addonName === "aws-ebs-csi-driver";
      const configured = { clusterName: "shop", configurationValues };
      records(...drivers.map((it) => (isEbs(it) ? { ...it, properties: { ...it.properties, ...configured } } : it)));
      const classes = [{ ...storageClass, parameters: { type: "gp3", ...parameters } }];
      await controllers({ claims: [claim({ ...asked, "volume.kubernetes.io/selected-node": "n" })], classes });
      return readRecords().find(({ type }) => type === token("ebs/volume"))!.properties.tags;
    };
    const ofCluster = {
      "kubernetes.io/cluster/shop": "owned",
      KubernetesCluster: "shop",
      Name: `shop-dynamic-pvc-${UID}`,
    };
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, it) => [`tag${it}`, ""]));

    it("as the add-on and the class say, and with the cluster's name", async () => {
      const tags = await make({ team: "web", Name: "mine" }, { tagSpecification_1: "eks-storage:backup=shop" });
      assert.deepEqual(tags, {
        ...{ ...tagsOfDisk, ...ofCluster, Name: "mine" },
        ...{ team: "web", "eks-storage:backup": "shop" },
      });
    });

    it("otherwise than it was told, where the list is read otherwise", async () => {
      const tags = await make({ "a=b": "c", " d": " e" });
      assert.deepEqual(tags, { ...tagsOfDisk, ...ofCluster, a: "b=c", d: "e" });
    });

    it("with 50 tags at most, its own among them", async () => {
      assert.equal(Object.keys((await make(many(42))) as object).length, 50);
      await assert.rejects(make(many(43)), /TagLimitExceeded: You've reached the limit/);
    });

    it("with none of a class that it gives by itself", async () => {
      const reserved = { tagSpecification_1: "CSIVolumeName=mine" };
      await assert.rejects(make({}, reserved), /Tag key 'CSIVolumeName' is reserved/);
    });
  });

  it("makes no disk before it knows the selected node", async () => {
    const claims = [claim({ ...asked, "volume.kubernetes.io/selected-node": "m" })];
    await controllers({ claims, classes: [storageClass] });
    assert.deepEqual([fake.calls, readRecords()], [[], drivers]);
  });

  it("makes the disk in the selected node's zone, not in the first one's", async () => {
    const elsewhere = object("Node", "m", {}, { labels: { "topology.kubernetes.io/zone": "eu-west-1b" } });
    const claims = [claim({ ...asked, "volume.kubernetes.io/selected-node": "m" })];
    await controllers({ claims, classes: [storageClass], nodes: [node, elsewhere] });
    const disk = readRecords().find(({ type }) => type === token("ebs/volume"));
    assert.equal(disk?.properties.availabilityZone, "eu-west-1b");
    const [, made] = fake.calls[0] as [string, Fields];
    const [term] = made.spec.nodeAffinity.required.nodeSelectorTerms as [Fields];
    assert.deepEqual(term.matchExpressions[0].values, ["eu-west-1b"]);
  });

  it("leaves a claim alone that is bound, is being deleted or has its volume", async () => {
    const classes = [storageClass];
    const deleted = { ...claim(asked), metadata: { ...claim(asked).metadata, deletionTimestamp: "now" } };
    await controllers({ claims: [claim(asked, {}, { volumeName: "other" }), deleted], classes });
    await controllers({ claims: [claim(asked)], classes, volumes: [volume({ status: { phase: "Bound" } })] });
    assert.deepEqual([fake.calls, readRecords()], [[], drivers]);
  });

  describe("of an account whose default key for EBS is a customer's", () => {
    const key = "arn:aws:kms:eu-west-1:111101013333:key/k";
    const byDefault = record("ebs/defaultKmsKey", "eu-west-1", { region: "eu-west-1", keyArn: key });
    const may = (...actions: string[]) =>
      record("iam/rolePolicy", "key", {
        role: "r-ebs",
        policy: policy({ Effect: "Allow", Action: actions, Resource: key }),
      });
    const all = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"];
    const disks = () => readRecords().filter(({ type }) => type === token("ebs/volume"));
    const provision = () => controllers({ claims: [claim(asked)], classes: [storageClass] });

    it("makes disks with it, where the driver may use it", async () => {
      records(...drivers, byDefault, may(...all));
      await provision();
      assert.deepEqual(
        disks().map(({ properties }) => properties.kmsKeyId),
        [key],
      );
    });

    for (const missing of all) {
      it(`makes none without ${missing}, and says in EC2's words that the disk is gone`, async () => {
        records(...drivers, byDefault, may(...all.filter((action) => action !== missing)));
        const other = { ...claim(asked), metadata: { ...claim(asked).metadata, uid: missing } };
        await controllers({ claims: [other], classes: [storageClass] });
        assert.deepEqual(disks(), []);
        const [[, event]] = fake.calls as [[string, Fields]];
        assert.equal(event.reason, "ProvisioningFailed");
        assert.match(String(event.message), /InvalidVolume\.NotFound: The volume 'vol-[0-9a-f]{17}' does not exist\.$/);
      });
    }

    it("makes them with another key that the class names", async () => {
      const named = {
        ...storageClass,
        parameters: { type: "gp3", kmsKeyId: "arn:aws:kms:eu-west-1:111101013333:key/other" },
      };
      records(...drivers, byDefault, may(...all));
      await controllers({ claims: [claim(asked)], classes: [named] });
      assert.deepEqual(disks(), [], "it may not use that one");
    });
  });

  const GUARD = "external-provisioner.volume.kubernetes.io/finalizer";
  for (const [reclaimPolicy, policy, finalizers] of [
    ["Delete", "Delete", [GUARD]],
    [undefined, "Delete", [GUARD]],
    ["Retain", "Retain", []],
  ] as const) {
    it(`guards the volume of a class with reclaim policy ${reclaimPolicy}: ${finalizers.length > 0}`, async () => {
      await controllers({ claims: [claim(asked)], classes: [{ ...storageClass, reclaimPolicy }] });
      const [, made] = fake.calls[0] as [string, Fields];
      assert.deepEqual(made.metadata.finalizers, finalizers);
      assert.equal(made.spec.persistentVolumeReclaimPolicy, policy);
    });
  }

  it("makes one disk, however often it is interrupted", async () => {
    const seen = { claims: [claim(asked)], classes: [storageClass] };
    await controllers(seen);
    await controllers(seen);
    assert.equal(readRecords().filter(({ type }) => type === token("ebs/volume")).length, 1);
  });

  it("takes its time over making and deleting a disk, if told to", async () => {
    const disks = () => readRecords().filter(({ type }) => type === token("ebs/volume")).length;
    process.env.EKS_STORAGE_DRIVER_DELAY = "0.05";
    const made = { claims: [{ ...claim(asked), metadata: { ...claim(asked).metadata, uid: "slow" } }] };
    const deleted = { volumes: [{ ...volume({ status: { phase: "Released" } }) }] };
    try {
      await controllers({ ...made, classes: [storageClass] });
      assert.equal(disks(), 0);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await controllers({ ...made, classes: [storageClass] });
      assert.equal(disks(), 1);
      records(...drivers, record("ebs/volume", "vol-11111111", {}));
      await controllers(deleted);
      assert.equal(disks(), 1);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await controllers(deleted);
      assert.equal(disks(), 0);
    } finally {
      delete process.env.EKS_STORAGE_DRIVER_DELAY;
    }
  });

  it("makes nothing before the controller-manager asks", async () => {
    await controllers({ claims: [claim({})], classes: [storageClass] });
    assert.deepEqual(fake.calls, []);
  });

  const parts = { ebs: "the add-on", "a-ebs": "its association", "r-ebs": "its role", "p-ebs": "its role's policy" };
  for (const [missing, what] of Object.entries({ ...parts, identity: "the Pod Identity agent" })) {
    it(`makes nothing without ${what}`, async () => {
      records(...drivers.filter(({ id }) => id !== missing));
      await controllers({ claims: [claim(asked)], classes: [storageClass] });
      assert.deepEqual(fake.calls, []);
    });
  }

  it("makes nothing with a role that Pod Identity can't give, or with another driver's policy", async () => {
    const wrong: [string, Fields][] = [
      ["r-ebs", { assumeRolePolicy: trust("pods.eks.amazonaws.com", "sts:AssumeRole") }],
      ["p-ebs", { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy" }],
    ];
    for (const [of, fields] of wrong) {
      records(...drivers.map((one) => (one.id === of ? varied(one, fields) : one)));
      await controllers({ claims: [claim(asked)], classes: [storageClass] });
    }
    assert.deepEqual(fake.calls, []);
  });

  it("makes a disk with a policy that somebody wrote in the place of AWS's", async () => {
    const Action = ["ec2:CreateVolume", "ec2:DeleteVolume"];
    const written = (Effect: string) =>
      record("iam/rolePolicy", "p", { role: "r-ebs", policy: policy({ Effect, Action, Resource: "*" }) });
    records(...drivers, written("Deny"));
    await controllers({ claims: [claim(asked)], classes: [storageClass] });
    assert.equal(fake.calls.length, 0);
    records(...drivers.filter(({ id }) => id !== "p-ebs"), written("Allow"));
    await controllers({ claims: [claim(asked)], classes: [storageClass] });
    assert.equal(fake.calls.length, 1);
  });

  it("makes no access point in a file system that isn't there", async () => {
    const provisioner = { "volume.kubernetes.io/storage-provisioner": "efs.csi.aws.com" };
    const fileSystemId = "fs-0123456789abcdef0";
    const provision = (changes: Fields = {}) => {
      const parameters = { fileSystemId, uid: "999", gid: "999", directoryPerms: "0750", ...changes };
      return controllers({ claims: [claim(provisioner)], classes: [object("StorageClass", "ebs", { parameters })] });
    };
    await assert.rejects(provision(), /FileSystemNotFound: File system 'fs-0123456789abcdef0' does not exist/);
    records(...drivers, record("efs/fileSystem", fileSystemId, {}));
    // As AWS has answered: https://github.com/kubernetes-sigs/aws-efs-csi-driver/issues/580
    await assert.rejects(
      provision({ directoryPerms: undefined }),
      /'rootDirectory.creationInfo.permissions' failed to/,
    );
    await provision();
    assert.equal(fake.calls.length, 1);
  });

  it("grows a disk", async () => {
    records(...drivers, record("ebs/volume", "vol-11111111", { size: 10 }));
    const bound = claim(asked, { phase: "Bound", capacity: { storage: "10Gi" } }, { volumeName: `pvc-${UID}` });
    await controllers({ claims: [bound], volumes: [volume({ status: { phase: "Bound" } })] });
    assert.equal(readRecords().find(({ id }) => id === "vol-11111111")?.properties.size, 20);
    assert.deepEqual(fake.calls.at(-1), ["merge", "data", { status: { capacity: { storage: "20Gi" } } }]);
  });

  it("grows a disk four times a day, then says in EC2's words that it doesn't", async () => {
    records(...drivers, record("ebs/volume", "vol-11111111", { size: 10 }));
    const grow = async (from: number, to: number) => {
      const resources = { requests: { storage: `${to}Gi` } };
      const spec = { volumeName: `pvc-${UID}`, resources };
      const bound = claim(asked, { phase: "Bound", capacity: { storage: `${from}Gi` } }, spec);
      await controllers({ claims: [bound], volumes: [volume({ status: { phase: "Bound" } })] });
      return readRecords().find(({ id }) => id === "vol-11111111")?.properties.size;
    };
    for (const size of [11, 12, 13, 14]) {
      assert.equal(await grow(size - 1, size), size);
      assert.equal(await grow(size - 1, size), size, "the claim isn't told yet: no second change");
    }
    fake = new FakeApi();
    assert.equal(await grow(14, 15), 14);
    const [[, event]] = fake.calls as [[string, Fields]];
    assert.equal(event.reason, "VolumeResizeFailed");
    assert.match(String(event.message), /EC2: ModifyVolume, api error VolumeModificationRateExceeded: You've reached/);
  });

  it("deletes the disk of a released volume, then lets the volume go; without the driver both stay", async () => {
    const released = volume({ status: { phase: "Released" } });
    const disk = record("ebs/volume", "vol-11111111", {});
    records(disk);
    await controllers({ volumes: [released] });
    assert.deepEqual([readRecords().length, fake.calls], [1, []]);
    records(...drivers, disk);
    await controllers({ volumes: [released] });
    assert.deepEqual(readRecords(), drivers);
    assert.deepEqual(fake.calls, [
      ["merge", `pvc-${UID}`, { metadata: { finalizers: [] } }],
      ["delete", `pvc-${UID}`],
    ]);
  });

  it("guards a volume no longer whose policy is now Retain", async () => {
    const spec = { persistentVolumeReclaimPolicy: "Retain", csi: { volumeHandle: "vol-11111111" } };
    await controllers({ volumes: [volume({ spec, status: { phase: "Bound" } })] });
    assert.deepEqual(fake.calls, [["merge", `pvc-${UID}`, { metadata: { finalizers: [] } }]]);
  });

  it("guards a volume whose policy is now Delete", async () => {
    await controllers({ volumes: [volume({ status: { phase: "Bound" } }, ["other"])] });
    assert.deepEqual(fake.calls, [["merge", `pvc-${UID}`, { metadata: { finalizers: ["other", GUARD] } }]]);
  });

  it("keeps the disk of a volume that is bound, or whose policy is Retain", async () => {
    const disk = record("ebs/volume", "vol-11111111", {});
    records(...drivers, disk);
    const spec = { persistentVolumeReclaimPolicy: "Retain", csi: { volumeHandle: "vol-11111111" } };
    await controllers({ volumes: [volume({ status: { phase: "Bound" } })] });
    await controllers({ volumes: [volume({ spec, status: { phase: "Released" } }, [])] });
    assert.deepEqual([fake.calls, readRecords()], [[], [...drivers, disk]]);
  });

  const attachment = (status: Fields = {}) =>
    object("VolumeAttachment", "csi-1", {
      spec: { attacher: "ebs.csi.aws.com", nodeName: "n", source: { persistentVolumeName: `pvc-${UID}` } },
      status,
    });

  it("deletes no disk that a node has", async () => {
    records(...drivers, record("ebs/volume", "vol-11111111", {}));
    const volumes = [volume({ status: { phase: "Released" } })];
    await controllers({ volumes, attachments: [attachment({ attached: true })] });
    assert.equal(readRecords().filter(({ id }) => id === "vol-11111111").length, 1);
    assert.deepEqual(fake.calls, []);
  });
});
