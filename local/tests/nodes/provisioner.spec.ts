import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { World } from "../../nodes/csiDrivers";
import { workingDrivers } from "../../nodes/csiDrivers";
import { startPods } from "../../nodes/kubelet";
import { runControllers } from "../../nodes/provisioner";
import { CLOUD_VARIABLE } from "../../stack/directory";
import { type AwsRecord, readRecords, token } from "../../aws/records";
import type { Fields, KubernetesApi, KubernetesObject } from "../../kubernetes/client";

const ZONE = "eu-west-1a";
const UID = "0a1b";

const record = (type: string, id: string, properties: Fields): AwsRecord => ({
  type: token(type),
  id,
  status: "ACTIVE",
  properties,
});

const object = (kind: string, name: string, fields: Fields = {}, metadata: Fields = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, ...metadata },
  ...fields,
});

const trust = (actions: string[]) => {
  const Statement = [{ Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: actions }];
  return JSON.stringify({ Statement });
};
const assumeRolePolicy = trust(["sts:AssumeRole", "sts:TagSession"]);
const drivers = [
  record("eks/addon", "identity", { addonName: "eks-pod-identity-agent" }),
  ...[
    ["ebs", "AmazonEBSCSIDriverPolicyV2"],
    ["efs", "AmazonEFSCSIDriverPolicy"],
  ].flatMap(([name, policy]) => [
    record("eks/addon", name!, { addonName: `aws-${name}-csi-driver` }),
    record("eks/podIdentityAssociation", `a-${name}`, {
      serviceAccount: `${name}-csi-controller-sa`,
      roleArn: `arn:aws:iam::1:role/${name}`,
    }),
    record("iam/role", `r-${name}`, { arn: `arn:aws:iam::1:role/${name}`, assumeRolePolicy }),
    record("iam/rolePolicyAttachment", `p-${name}`, {
      role: `r-${name}`,
      policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
    }),
  ]),
];
const accessPoint = record("efs/accessPoint", "fsap-1", { fileSystemId: "fs-1" });
const cluster = record("eks/cluster", "dev", { vpcConfig: { clusterSecurityGroupId: "sg-nodes" } });
const target = record("efs/mountTarget", "fsmt-1", {
  fileSystemId: "fs-1",
  availabilityZoneName: ZONE,
  subnetId: "subnet-1",
  securityGroups: ["sg-efs"],
});
const subnet = record("ec2/subnet", "subnet-1", { vpcId: "vpc-1" });
const vpcWith = (dns: Fields) =>
  record("ec2/vpc", "vpc-1", { enableDnsSupport: true, enableDnsHostnames: true, ...dns });
const elsewhere = record("vpc/securityGroupIngressRule", "sgr-2", {
  securityGroupId: "sg-efs",
  cidrIpv4: "203.0.113.0/24",
  ipProtocol: "-1",
});
const rule = record("vpc/securityGroupIngressRule", "sgr-1", {
  securityGroupId: "sg-efs",
  referencedSecurityGroupId: "sg-nodes",
  ipProtocol: "tcp",
  fromPort: 2049,
  toPort: 2049,
});

const varied = (one: AwsRecord, fields: Fields): AwsRecord => ({
  ...one,
  properties: { ...one.properties, ...fields },
});

describe("The agent", () => {
  const before = process.env[CLOUD_VARIABLE];
  const cloud = fs.mkdtempSync(path.join(os.tmpdir(), "agent-"));
  let calls: [string, ...unknown[]][] = [];
  let existing: string[] = [];

  const api = {
    create: async (created: unknown) => calls.push(["create", created]),
    merge: async ({ name }: Fields, patch: unknown) => calls.push(["merge", name, patch]),
    delete: async ({ name }: Fields) => calls.push(["delete", name]),
    find: async ({ name }: Fields) => (existing.includes(name as string) ? {} : undefined),
  } as unknown as KubernetesApi;
  const act = async (_: string, action: () => Promise<unknown>) => void (await action());

  const node = object("Node", "n", {}, { labels: { "topology.kubernetes.io/zone": ZONE } });
  const world = (parts: Partial<World>): World => {
    const nothing = { claims: [], volumes: [], classes: [], pods: [], attachments: [], drivers: [] };
    return { ...nothing, snapshots: [], contents: [], snapshotClasses: [], nodes: [node], ...parts };
  };
  const records = (...all: AwsRecord[]) => fs.writeFileSync(path.join(cloud, "aws.json"), JSON.stringify(all));
  const controllers = (seen: Partial<World>) => runControllers(api, world(seen), workingDrivers().provisioning, act);

  beforeEach(() => {
    process.env[CLOUD_VARIABLE] = cloud;
    calls = [];
    existing = [];
    records(...drivers);
  });
  after(() => {
    if (before === undefined) delete process.env[CLOUD_VARIABLE];
    else process.env[CLOUD_VARIABLE] = before;
    fs.rmSync(cloud, { recursive: true });
  });

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
      { spec: { persistentVolumeReclaimPolicy: "Delete", csi: { volumeHandle: "vol-1" } }, ...fields },
      { finalizers, annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } },
    );

  it("makes the disk and the volume of a claim, in the zone of its pod's node", async () => {
    await controllers({
      claims: [claim({ ...asked, "volume.kubernetes.io/selected-node": "n" })],
      classes: [storageClass],
    });
    const disk = readRecords().find(({ type }) => type === token("ebs/volume"));
    assert.equal(disk?.properties.availabilityZone, ZONE);
    assert.deepEqual(disk.properties.tags, { CSIVolumeName: `pvc-${UID}`, "ebs.csi.aws.com/cluster": "true" });
    const made = calls[0]?.[1] as Fields;
    assert.equal(made.metadata.name, `pvc-${UID}`);
    assert.equal(made.spec.csi.volumeHandle, disk.id);
    assert.equal(made.spec.capacity.storage, "20Gi");
    assert.deepEqual(made.spec.claimRef.uid, UID);
  });

  it("makes no disk before it knows the selected node", async () => {
    const claims = [claim({ ...asked, "volume.kubernetes.io/selected-node": "m" })];
    await controllers({ claims, classes: [storageClass] });
    assert.deepEqual([calls, readRecords()], [[], drivers]);
  });

  it("makes the disk in the selected node's zone, not in the first one's", async () => {
    const elsewhere = object("Node", "m", {}, { labels: { "topology.kubernetes.io/zone": "eu-west-1b" } });
    const claims = [claim({ ...asked, "volume.kubernetes.io/selected-node": "m" })];
    await controllers({ claims, classes: [storageClass], nodes: [node, elsewhere] });
    const disk = readRecords().find(({ type }) => type === token("ebs/volume"));
    assert.equal(disk?.properties.availabilityZone, "eu-west-1b");
    const [, made] = calls[0] as [string, Fields];
    const [term] = made.spec.nodeAffinity.required.nodeSelectorTerms as [Fields];
    assert.deepEqual(term.matchExpressions[0].values, ["eu-west-1b"]);
  });

  it("leaves a claim alone that is bound, is being deleted or has its volume", async () => {
    const classes = [storageClass];
    const deleted = { ...claim(asked), metadata: { ...claim(asked).metadata, deletionTimestamp: "now" } };
    await controllers({ claims: [claim(asked, {}, { volumeName: "other" }), deleted], classes });
    await controllers({ claims: [claim(asked)], classes, volumes: [volume({ status: { phase: "Bound" } })] });
    assert.deepEqual([calls, readRecords()], [[], drivers]);
  });

  const GUARD = "external-provisioner.volume.kubernetes.io/finalizer";
  for (const [reclaimPolicy, policy, finalizers] of [
    ["Delete", "Delete", [GUARD]],
    [undefined, "Delete", [GUARD]],
    ["Retain", "Retain", []],
  ] as const) {
    it(`guards the volume of a class with reclaim policy ${reclaimPolicy}: ${finalizers.length > 0}`, async () => {
      await controllers({ claims: [claim(asked)], classes: [{ ...storageClass, reclaimPolicy }] });
      const [, made] = calls[0] as [string, Fields];
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
      records(...drivers, record("ebs/volume", "vol-1", {}));
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
    assert.deepEqual(calls, []);
  });

  const parts = { ebs: "the add-on", "a-ebs": "its association", "r-ebs": "its role", "p-ebs": "its role's policy" };
  for (const [missing, what] of Object.entries({ ...parts, identity: "the Pod Identity agent" })) {
    it(`makes nothing without ${what}`, async () => {
      records(...drivers.filter(({ id }) => id !== missing));
      await controllers({ claims: [claim(asked)], classes: [storageClass] });
      assert.deepEqual(calls, []);
    });
  }

  it("makes nothing with a role that Pod Identity can't give, or with another driver's policy", async () => {
    const wrong: [string, Fields][] = [
      ["r-ebs", { assumeRolePolicy: trust(["sts:AssumeRole"]) }],
      ["p-ebs", { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy" }],
    ];
    for (const [of, fields] of wrong) {
      records(...drivers.map((one) => (one.id === of ? varied(one, fields) : one)));
      await controllers({ claims: [claim(asked)], classes: [storageClass] });
    }
    assert.deepEqual(calls, []);
  });

  it("makes no access point in a file system that isn't there", async () => {
    const provisioner = { "volume.kubernetes.io/storage-provisioner": "efs.csi.aws.com" };
    const classes = [object("StorageClass", "ebs", { parameters: { fileSystemId: "fs-1" } })];
    const provision = () => controllers({ claims: [claim(provisioner)], classes });
    await assert.rejects(provision(), /FileSystemNotFound: File system 'fs-1' does not exist/);
    records(...drivers, record("efs/fileSystem", "fs-1", {}));
    await provision();
    assert.equal(calls.length, 1);
  });

  it("grows a disk", async () => {
    records(...drivers, record("ebs/volume", "vol-1", { size: 10 }));
    const bound = claim(asked, { phase: "Bound", capacity: { storage: "10Gi" } }, { volumeName: `pvc-${UID}` });
    await controllers({ claims: [bound], volumes: [volume({ status: { phase: "Bound" } })] });
    assert.equal(readRecords().find(({ id }) => id === "vol-1")?.properties.size, 20);
    assert.deepEqual(calls.at(-1), ["merge", "data", { status: { capacity: { storage: "20Gi" } } }]);
  });

  it("deletes the disk of a released volume, then lets the volume go; without the driver both stay", async () => {
    const released = volume({ status: { phase: "Released" } });
    const disk = record("ebs/volume", "vol-1", {});
    records(disk);
    await controllers({ volumes: [released] });
    assert.deepEqual([readRecords().length, calls], [1, []]);
    records(...drivers, disk);
    await controllers({ volumes: [released] });
    assert.deepEqual(readRecords(), drivers);
    assert.deepEqual(calls, [
      ["merge", `pvc-${UID}`, { metadata: { finalizers: [] } }],
      ["delete", `pvc-${UID}`],
    ]);
  });

  const ATTACHER = "external-attacher/ebs-csi-aws-com";
  const attachment = (status: Fields = {}) =>
    object("VolumeAttachment", "csi-1", {
      spec: { attacher: "ebs.csi.aws.com", nodeName: "n", source: { persistentVolumeName: `pvc-${UID}` } },
      status,
    });

  it("forgets an attachment of a driver that attaches nothing, and of no other", async () => {
    records(...drivers);
    const of = (name: string, attacher: string) => object("VolumeAttachment", name, { spec: { attacher } });
    await controllers({ attachments: [of("csi-2", "efs.csi.aws.com"), of("csi-3", "somebody-elses")] });
    assert.deepEqual(calls, [["delete", "csi-2"]]);
  });

  it("deletes no disk that a node has", async () => {
    records(...drivers, record("ebs/volume", "vol-1", {}));
    const volumes = [volume({ status: { phase: "Released" } })];
    await controllers({ volumes, attachments: [attachment({ attached: true })] });
    assert.equal(readRecords().filter(({ id }) => id === "vol-1").length, 1);
    assert.deepEqual(calls, []);
  });

  it("keeps a volume that it attaches, until it is deleted and no node has it any more", async () => {
    const spec = { csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" } };
    const kept = (finalizers: string[], metadata: Fields = {}) =>
      object("PersistentVolume", `pvc-${UID}`, { spec }, { finalizers, ...metadata });
    await controllers({ volumes: [kept(["kubernetes.io/pv-protection"])], attachments: [attachment()] });
    assert.deepEqual(calls, [
      ["merge", `pvc-${UID}`, { metadata: { finalizers: ["kubernetes.io/pv-protection", ATTACHER] } }],
      ["merge", "csi-1", { metadata: { finalizers: [ATTACHER] } }],
      ["merge", "csi-1", { status: { attached: true } }],
    ]);
    calls = [];
    const deleted = kept([ATTACHER], { deletionTimestamp: "now" });
    await controllers({ volumes: [deleted], attachments: [attachment({ attached: true })] });
    records(...drivers.filter(({ id }) => id !== "ebs"));
    await controllers({ volumes: [deleted] });
    assert.deepEqual(calls, []);
    records(...drivers);
    await controllers({ volumes: [deleted] });
    assert.deepEqual(calls, [["merge", `pvc-${UID}`, { metadata: { finalizers: [] } }]]);
  });

  it("guards a volume no longer whose policy is now Retain", async () => {
    const spec = { persistentVolumeReclaimPolicy: "Retain", csi: { volumeHandle: "vol-1" } };
    await controllers({ volumes: [volume({ spec, status: { phase: "Bound" } })] });
    assert.deepEqual(calls, [["merge", `pvc-${UID}`, { metadata: { finalizers: [] } }]]);
  });

  it("guards a volume whose policy is now Delete", async () => {
    await controllers({ volumes: [volume({ status: { phase: "Bound" } }, ["other"])] });
    assert.deepEqual(calls, [["merge", `pvc-${UID}`, { metadata: { finalizers: ["other", GUARD] } }]]);
  });

  it("keeps the disk of a volume that is bound, or whose policy is Retain", async () => {
    const disk = record("ebs/volume", "vol-1", {});
    records(...drivers, disk);
    const spec = { persistentVolumeReclaimPolicy: "Retain", csi: { volumeHandle: "vol-1" } };
    await controllers({ volumes: [volume({ status: { phase: "Bound" } })] });
    await controllers({ volumes: [volume({ spec, status: { phase: "Released" } }, [])] });
    assert.deepEqual([calls, readRecords()], [[], [...drivers, disk]]);
  });

  const pod = object(
    "Pod",
    "assets-1",
    {
      spec: {
        nodeName: "n",
        volumes: [{ persistentVolumeClaim: { claimName: "assets" } }, { configMap: { name: "nginx" } }],
        containers: [{ envFrom: [{ secretRef: { name: "password" } }, { secretRef: { name: "x", optional: true } }] }],
      },
    },
    { namespace: "assets", uid: "p" },
  );
  const efsVolume = object("PersistentVolume", "v", {
    spec: { csi: { driver: "efs.csi.aws.com", volumeHandle: "fs-1::fsap-1" } },
  });
  const efsClaim = object("PersistentVolumeClaim", "assets", { spec: { volumeName: "v" } }, { namespace: "assets" });
  const start = (uid = "p") =>
    startPods(
      api,
      world({ pods: [{ ...pod, metadata: { ...pod.metadata, uid } }], claims: [efsClaim], volumes: [efsVolume] }),
      workingDrivers().running,
      act,
    );
  const told = () => (calls[0]?.[1] as Fields).message as string;

  const lacks: [string, AwsRecord[], string[], RegExp][] = [
    ["its driver", [], [], /driver name efs\.csi\.aws\.com not found in the list of registered CSI drivers/],
    ["its access point", drivers, [], /no access point fsap-1/],
    ["a mount target in its zone", [...drivers, accessPoint, cluster], [], /none in eu-west-1a/],
    [
      "a mount target in its zone, though there is one in another, and of another file system",
      [
        ...[...drivers, accessPoint, cluster, rule],
        varied(target, { availabilityZoneName: "eu-west-1b" }),
        varied(target, { fileSystemId: "fs-2" }),
      ],
      [],
      /Failed to resolve "fs-1.efs".*none in eu-west-1a/,
    ],
    ...[{ securityGroupId: "sg-other" }, { fromPort: 443, toPort: 443 }, { fromPort: 2050, toPort: 65535 }].map(
      (wrong): [string, AwsRecord[], string[], RegExp] => [
        `a rule that lets it through (${JSON.stringify(wrong)})`,
        [...drivers, accessPoint, cluster, target, varied(rule, wrong)],
        [],
        /Connection timed out/,
      ],
    ),
    ["a way to port 2049", [...drivers, accessPoint, cluster, target], [], /Connection timed out/],
    ["a rule for the nodes", [...drivers, accessPoint, cluster, target, elsewhere], [], /Connection timed out/],
    ...[{ enableDnsSupport: false }, { enableDnsHostnames: undefined }].map(
      (dns): [string, AwsRecord[], string[], RegExp] => [
        `DNS (${Object.keys(dns)[0]})`,
        [...drivers, accessPoint, cluster, target, rule, subnet, vpcWith(dns)],
        [],
        /Failed to resolve "fs-1.efs" - the VPC must have both DNS settings/,
      ],
    ),
    ["a ConfigMap", [...drivers, accessPoint, cluster, target, rule], ["password"], /configmap "nginx" not found/],
    ["a Secret", [...drivers, accessPoint, cluster, target, rule], ["nginx"], /Error: secret "password" not found/],
  ];
  for (const [what, there, named, message] of lacks) {
    it(`writes the kubelet's event for a pod that lacks ${what}, once`, async () => {
      records(...there);
      existing = named;
      await start(what);
      await start(what);
      assert.equal(calls.length, 1);
      assert.match(told(), message);
    });
  }

  describe("asks EFS", () => {
    const reachable = [...drivers, accessPoint, cluster, target, rule];
    const statement = (fields: Fields) => ({ Principal: { AWS: "*" }, Action: "*", ...fields });
    const onlyTls = statement({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
    const everyone = statement({
      Effect: "Allow",
      Action: ["elasticfilesystem:ClientMount"],
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    });
    const policy = (...Statement: Fields[]) =>
      record("efs/fileSystemPolicy", "fs-1", { fileSystemId: "fs-1", policy: JSON.stringify({ Statement }) });
    const association = record("eks/podIdentityAssociation", "a-node", {
      serviceAccount: "efs-csi-node-sa",
      roleArn: "arn:aws:iam::1:role/efs-node",
    });
    const attached = record("iam/rolePolicyAttachment", "x", {
      role: "efs-node",
      policyArn: "arn:aws:iam::aws:policy/AmazonElasticFileSystemClientReadWriteAccess",
    });
    const answer = async (there: AwsRecord[], spec: Fields = {}) => {
      records(...reachable, ...there);
      existing = ["nginx", "password"];
      calls = [];
      const volume = { ...efsVolume, spec: { ...efsVolume.spec, ...spec } };
      const fresh = { ...pod, metadata: { ...pod.metadata, uid: Math.random().toString() } };
      const seen = world({ pods: [fresh], claims: [efsClaim], volumes: [volume] });
      await startPods(api, seen, workingDrivers().running, act);
      return calls[0]?.[0] === "merge" ? "mounted" : told();
    };
    const denied = /^MountVolume.SetUp failed for volume "v" : mount.nfs4: access denied by server while mounting/;
    const iam = { mountOptions: ["iam"] };

    it("lets anybody mount where there is no policy, or one that grants it", async () => {
      assert.equal(await answer([]), "mounted");
      assert.equal(await answer([policy(onlyTls, everyone)]), "mounted");
    });
    it("refuses everybody by a rule for TLS that grants nothing", async () => {
      assert.match(await answer([policy(onlyTls)]), denied);
      assert.match(await answer([policy(onlyTls), association, attached]), denied);
    });
    it("lets the driver's role mount with the option iam, if a policy of the role or of the file system allows it", async () => {
      assert.match(await answer([policy(onlyTls), association], iam), denied);
      assert.equal(await answer([policy(onlyTls), association, attached], iam), "mounted");
      const role = statement({ Effect: "Allow", Principal: { AWS: association.properties.roleArn } });
      assert.equal(await answer([policy(onlyTls, role), association], iam), "mounted");
      assert.match(await answer([policy(onlyTls, role), association]), denied);
    });
    it("refuses a mount that isn't encrypted", async () => {
      const csi = { ...efsVolume.spec?.csi, volumeAttributes: { encryptInTransit: "false" } };
      assert.match(await answer([policy(onlyTls, everyone)], { csi }), denied);
    });
  });

  const everyPort = { ipProtocol: "-1", fromPort: undefined, toPort: undefined };
  for (const [what, way] of [
    ["", rule],
    [", with a rule for every protocol", varied(rule, everyPort)],
    [", with a rule for a range of ports", varied(rule, { fromPort: 1024, toPort: 65535 })],
  ] as const) {
    it(`starts a pod that has all it needs${what}`, async () => {
      records(...drivers, accessPoint, cluster, target, way, subnet, vpcWith({}));
      existing = ["nginx", "password"];
      await start();
      assert.deepEqual(calls, [
        ["merge", "assets-1", { metadata: { annotations: { "eks-storage.local/started": "true" } } }],
      ]);
    });
  }
});
