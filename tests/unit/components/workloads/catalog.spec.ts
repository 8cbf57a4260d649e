import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Catalog, type CatalogArgs, Retention } from "../../../../components/index";
import { assertRestricted, podOf } from "../../../support/pods";
import { all, assertOrder, one, refused, registered } from "../../../support/queries";
import { run, Secret } from "../../../support/registrations";

const args: CatalogArgs = {
  image: "catalog:1",
  replicas: 2,
  mysqlImage: "mysql:8.4",
  storageClassName: "ebs",
  storage: "20Gi",
  databaseZone: "eu-west-1b",
  retention: Retention.Delete,
  credentialsParameter: "/shop/mysql",
};
const adoptDisk = { volumeId: "vol-11111111", zone: "eu-west-1a" };
const catalog = (changes: Partial<CatalogArgs> = {}) => new Catalog("shop", { ...args, ...changes });
const database = async () => {
  const resources = await registered(() => catalog());
  const set = one(resources, "StatefulSet");
  return { resources, set, pod: podOf(set), spec: set.inputs.spec };
};

describe("Catalog", () => {
  it("keeps the database on the claim that the set's only pod asks for by name", async () => {
    const { resources, set, spec, pod } = await database();
    const claim = one(resources, "PersistentVolumeClaim").inputs;
    const [template] = spec.volumeClaimTemplates;
    assert.equal(claim.metadata.name, `${template.metadata.name}-${set.inputs.metadata.name}-0`);
    assert.equal(claim.metadata.name, "data-catalog-mysql-0");
    assert.equal(claim.metadata.namespace, set.inputs.metadata.namespace);
    assert.deepEqual(claim.spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "ebs",
      resources: { requests: { storage: "20Gi" } },
    });
    assert.deepEqual(template.spec, claim.spec);
    assert.equal(spec.replicas, 1, "a second pod would ask for another claim");
    const data = pod.containers[0]!.volumeMounts.filter(({ mountPath }) => mountPath === "/var/lib/mysql");
    assert.deepEqual(data, [{ name: template.metadata.name, mountPath: "/var/lib/mysql" }]);
    const shadows = pod.volumes.filter(({ name }) => name === template.metadata.name);
    assert.deepEqual(shadows, [], "a volume of that name would take the claim's place");
  });

  it("names the zone in which the disk is made, or was", async () => {
    const selectorOf = async (changes: Partial<CatalogArgs>) =>
      podOf(one(await registered(() => catalog(changes)), "StatefulSet")).nodeSelector;
    assert.deepEqual(await selectorOf({}), { "topology.kubernetes.io/zone": "eu-west-1b" });
    assert.deepEqual(await selectorOf({ adoptDisk, adoptCredentials: true }), {
      "topology.kubernetes.io/zone": "eu-west-1a",
    });
  });

  it("never loses the claim to the set, and lets it grow without a new set", async () => {
    const { set, spec } = await database();
    assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
    // The template's name is not ignored: with it the claim changes, and the set must.
    assert.deepEqual(set.ignoreChanges, ["spec.volumeClaimTemplates[0].spec"]);
  });

  it("gives the database's pod a name that stays: the headless Service that the set names", async () => {
    const { resources, spec } = await database();
    const service = one(resources, "Service", "shop-mysql").inputs;
    assert.equal(service.metadata.name, spec.serviceName);
    assert.equal(service.spec.clusterIP, "None");
    assert.deepEqual(service.spec.selector, spec.template.metadata.labels);
    assert.equal(service.spec.ports[0].port, 3306);
  });

  it("makes the namespace, then claim, passwords and headless Service, then the database, then the catalog", async () => {
    const { resources, set } = await database();
    const needed = [
      one(resources, "PersistentVolumeClaim"),
      one(resources, "Secret"),
      one(resources, "Service", "shop-mysql"),
      one(resources, "ServiceAccount", "shop-mysql"),
    ];
    assertOrder(resources, [one(resources, "Namespace")], needed);
    assertOrder(resources, needed, [set]);
    assertOrder(resources, [set], [one(resources, "Deployment")]);
  });

  it("hands passwords to MySQL as files and to the catalog by reference, never in the clear", async () => {
    const { resources, pod } = await database();
    const secret = one(resources, "Secret").inputs;
    assert.ok(secret.stringData instanceof Secret);
    assert.deepEqual(Object.keys(secret.stringData.value as object).sort(), ["password", "root-password"]);
    const { env, volumeMounts } = pod.containers[0]!;
    const credentials = pod.volumes.find((volume) => "secret" in volume);
    assert.equal(credentials?.secret.secretName, secret.metadata.name);
    const directory = volumeMounts.find(({ name }) => name === credentials?.name)!.mountPath;
    const passwords = env.filter(({ name }) => name.includes("PASSWORD"));
    assert.deepEqual(
      passwords.map(({ name, value }) => [name, value]),
      [
        ["MYSQL_ROOT_PASSWORD_FILE", `${directory}/root-password`],
        ["MYSQL_PASSWORD_FILE", `${directory}/password`],
      ],
    );
    const client = podOf(one(resources, "Deployment")).containers[0]!.env.filter(({ name }) =>
      name.includes("PASSWORD"),
    );
    assert.deepEqual(client, [
      {
        name: "RETAIL_CATALOG_PERSISTENCE_PASSWORD",
        valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "password" } },
      },
    ]);
  });

  it("has the catalog use the database, the user and the name that MySQL makes", async () => {
    const { resources, pod, spec } = await database();
    const valueOf = (env: { name: string; value: string }[], key: string) =>
      env.find(({ name }) => name === key)?.value;
    const server = pod.containers[0]!.env;
    const client = podOf(one(resources, "Deployment")).containers[0]!.env;
    assert.equal(valueOf(client, "RETAIL_CATALOG_PERSISTENCE_PROVIDER"), "mysql");
    assert.equal(valueOf(client, "RETAIL_CATALOG_PERSISTENCE_DB_NAME"), valueOf(server, "MYSQL_DATABASE"));
    assert.equal(valueOf(client, "RETAIL_CATALOG_PERSISTENCE_USER"), valueOf(server, "MYSQL_USER"));
    assert.equal(valueOf(client, "RETAIL_CATALOG_PERSISTENCE_ENDPOINT"), `${String(spec.serviceName)}:3306`);
    assert.equal(valueOf(server, "MYSQL_ROOT_HOST"), "localhost");
  });

  it("runs both under the restricted standard, MySQL with the disk's files as its own", async () => {
    const { resources, pod } = await database();
    assertRestricted(pod);
    assertRestricted(podOf(one(resources, "Deployment")));
    assert.deepEqual([pod.securityContext.runAsUser, pod.securityContext.fsGroup], [999, 999]);
    assert.equal(
      one(resources, "Namespace").inputs.metadata.labels["pod-security.kubernetes.io/enforce"],
      "restricted",
    );
  });

  it("gives MySQL time for its first start and for its last write", async () => {
    const { pod } = await database();
    const { startupProbe } = pod.containers[0]!;
    assert.ok(startupProbe.periodSeconds * startupProbe.failureThreshold >= 600);
    assert.ok(pod.terminationGracePeriodSeconds >= 60);
  });

  it("lets the catalog's pods reach MySQL, and nobody else", async () => {
    const { resources, spec } = await database();
    const clients = one(resources, "Deployment").inputs.spec.template.metadata.labels;
    const server = one(resources, "NetworkPolicy", "shop-mysql").inputs.spec;
    assert.deepEqual(server.podSelector.matchLabels, spec.template.metadata.labels);
    assert.deepEqual(server.ingress, [
      { from: [{ podSelector: { matchLabels: clients } }], ports: [{ port: 3306, protocol: "TCP" }] },
    ]);
    const client = one(resources, "NetworkPolicy", "shop").inputs.spec;
    assert.deepEqual(client.podSelector.matchLabels, clients);
    assert.deepEqual(client.egress.at(-1), {
      to: [{ podSelector: { matchLabels: spec.template.metadata.labels } }],
      ports: [{ port: 3306, protocol: "TCP" }],
    });
    assert.notDeepEqual(clients, spec.template.metadata.labels, "else the Services mix them up");
  });

  it("under retain protects the disk and what is needed to use it, under release it only keeps them", async () => {
    const options = async (retention: Retention) => {
      const resources = await registered(() => catalog({ retention }));
      const protectAndRetain = [
        one(resources, "Namespace"),
        one(resources, "PersistentVolumeClaim"),
        one(resources, "Secret"),
        one(resources, "ssm/parameter:Parameter"),
      ];
      return protectAndRetain.map(({ protect, retainOnDelete }) => [protect, retainOnDelete]);
    };
    const each = (of: boolean[]) => [of, of, of, of];
    assert.deepEqual(await options(Retention.Delete), each([false, false]));
    assert.deepEqual(await options(Retention.Retain), each([true, true]));
    assert.deepEqual(await options(Retention.Release), each([false, true]));
  });

  it("keeps the passwords in AWS, encrypted, and never changes them", async () => {
    const resources = await registered(() => catalog());
    const { inputs, ignoreChanges, importId } = one(resources, "ssm/parameter:Parameter");
    assert.deepEqual([inputs.name, inputs.type, importId], ["/shop/mysql", "SecureString", ""]);
    assert.deepEqual(ignoreChanges, ["value"], "MySQL knows the first passwords only");
    assert.ok(inputs.value instanceof Secret);
    const passwords = JSON.parse(inputs.value.value as string) as object;
    assert.equal(new Set(Object.values(passwords)).size, 2);
    assert.deepEqual(one(resources, "Secret").inputs.stringData, new Secret(passwords));
  });

  it("adopts the disk and the passwords that an earlier stack kept", async () => {
    const again = { adoptCredentials: true, adoptDisk, retention: Retention.Retain };
    const resources = await registered(() => catalog(again));
    assert.equal(one(resources, "ssm/parameter:Parameter").importId, "/shop/mysql");
    const volume = one(resources, "PersistentVolume");
    const claim = one(resources, "PersistentVolumeClaim");
    assert.deepEqual(volume.inputs.spec.csi, {
      driver: "ebs.csi.aws.com",
      volumeHandle: "vol-11111111",
      fsType: "ext4",
    });
    assert.deepEqual(volume.inputs.spec.nodeAffinity.required.nodeSelectorTerms, [
      { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1a"] }] },
    ]);
    assert.deepEqual(volume.inputs.spec.claimRef, { namespace: "catalog", name: "data-catalog-mysql-0" });
    assert.equal(claim.inputs.spec.volumeName, volume.inputs.metadata.name);
    assert.equal(volume.inputs.spec.storageClassName, claim.inputs.spec.storageClassName);
    assert.deepEqual(volume.inputs.spec.accessModes, claim.inputs.spec.accessModes);
    assert.equal(volume.inputs.spec.persistentVolumeReclaimPolicy, "Retain");
    assertOrder(resources, [volume], [claim]);
    assertOrder(resources, [claim], [one(resources, "StatefulSet")]);
  });

  it("says of an adopted disk what it has, so that the driver grows it to what is asked for, once", async () => {
    const program = () => catalog({ adoptCredentials: true, adoptDisk, storage: "1Ti" });
    const { registrations } = await run(program, { volumes: { "vol-11111111": { size: 1000 } } });
    const volume = one(registrations, "PersistentVolume");
    assert.deepEqual(volume.inputs.spec.capacity, { storage: "1000Gi" });
    assert.deepEqual(volume.ignoreChanges, ["spec.capacity"], "the driver writes there what it has grown to");
    assert.equal(one(registrations, "PersistentVolumeClaim").inputs.spec.resources.requests.storage, "1Ti");
  });

  it("makes the disk from a snapshot that is there, on a claim of its own that the set asks for", async () => {
    const resources = await registered(() => catalog({ snapshotId: "snap-11111111" }));
    const snapshot = one(resources, "VolumeSnapshot");
    const content = one(resources, "VolumeSnapshotContent");
    const claim = one(resources, "PersistentVolumeClaim");
    const set = one(resources, "StatefulSet");
    assert.deepEqual(content.inputs.spec.source, { snapshotHandle: "snap-11111111" });
    assert.equal(content.inputs.spec.driver, "ebs.csi.aws.com");
    assert.equal(content.inputs.spec.deletionPolicy, "Retain", "the snapshot isn't this stack's");
    const { name, namespace } = snapshot.inputs.metadata;
    assert.deepEqual(content.inputs.spec.volumeSnapshotRef, { name, namespace });
    assert.deepEqual(snapshot.inputs.spec.source, { volumeSnapshotContentName: content.inputs.metadata.name });
    assert.deepEqual(claim.inputs.spec.dataSource, {
      apiGroup: "snapshot.storage.k8s.io",
      kind: "VolumeSnapshot",
      name,
    });
    assert.equal(namespace, claim.inputs.metadata.namespace);
    assertOrder(resources, [one(resources, "Namespace")], [content, snapshot, claim]);
    assertOrder(resources, [content], [snapshot]);
    assertOrder(resources, [snapshot], [claim]);
    assertOrder(resources, [claim], [set]);

    const [template] = set.inputs.spec.volumeClaimTemplates;
    assert.match(template.metadata.name, /^data-[0-9a-f]{8}$/);
    assert.equal(claim.inputs.metadata.name, `${template.metadata.name}-catalog-mysql-0`);
    const { volumeMounts, ...container } = podOf(set).containers[0]!;
    const data = volumeMounts.filter(({ mountPath }) => mountPath === "/var/lib/mysql");
    assert.deepEqual(data, [{ name: template.metadata.name, mountPath: "/var/lib/mysql" }], container.name);
    assert.deepEqual(claim.ignoreChanges, [], "it would be given the volume of the claim before");
    assert.deepEqual(one(resources, "Catalog").outputs, { claimName: claim.inputs.metadata.name });
  });

  it("has another claim for every snapshot, and always the same for one", async () => {
    const names: string[] = [];
    for (const snapshotId of ["snap-11111111", "snap-22222222", "snap-11111111", undefined]) {
      const { metadata } = one(await registered(() => catalog({ snapshotId })), "PersistentVolumeClaim").inputs;
      names.push(metadata.name as string);
    }
    assert.equal(names[0], names[2]);
    assert.equal(new Set(names).size, 3);
  });

  it("refuses a snapshot that the driver may not read, or that doesn't fit, with the command that fixes it", async () => {
    const readable = { "ebs.csi.aws.com/cluster": "true" };
    const refusalOf = async (snapshot: { tags: Record<string, string>; volumeSize: number }, storage = "20Gi") => {
      const program = () => catalog({ snapshotId: "snap-11111111", storage });
      const { registrations, error } = await run(program, { snapshots: { "snap-11111111": snapshot } });
      assert.equal(all(registrations, "VolumeSnapshotContent").length, error ? 0 : 1);
      assert.ok(!error || pulumi.RunError.isInstance(error), error?.stack);
      // The SDK says before it where it met the error.
      return error?.message.replace('error serializing property "spec": ', "");
    };
    assert.equal(await refusalOf({ tags: readable, volumeSize: 20 }), undefined);
    assert.equal(await refusalOf({ tags: readable, volumeSize: 1024 }, "1Ti"), undefined);
    assert.equal(
      await refusalOf({ tags: { "ebs.csi.aws.com/cluster": "false" }, volumeSize: 21 }),
      `Catalog "shop" has 2 arguments that can't work:
  - snapshotId must be a snapshot with the tag ebs.csi.aws.com/cluster=true; it is 'snap-11111111'.
    The driver may read no other: aws ec2 create-tags --resources snap-11111111 --tags Key=ebs.csi.aws.com/cluster,Value=true
  - storage must be at least 21Gi, the size of snap-11111111; it is '20Gi'.
    A disk can't be smaller than the snapshot that it is made from.`,
    );
  });

  it("refuses a kept disk that can't be attached, or isn't backed up, with the command that fixes it", async () => {
    const disk = { ...adoptDisk, backupTagValue: "shop-prod" };
    const refusalOf = async (volume: object | null, storage = "20Gi") => {
      const program = () => catalog({ adoptDisk: disk, adoptCredentials: true, storage });
      const { registrations, error } = await run(program, { volumes: { "vol-11111111": volume } });
      assert.equal(all(registrations, "PersistentVolume").length, error ? 0 : 1);
      assert.ok(!error || pulumi.RunError.isInstance(error), error?.stack);
      return error?.message.replace('error serializing property "spec": ', "");
    };
    const tags = { "ebs.csi.aws.com/cluster": "true", "eks-storage:backup": "shop-prod" };
    assert.equal(await refusalOf({ tags }), undefined);
    assert.equal(await refusalOf({ tags }, "30Gi"), undefined, "it grows");
    assert.equal(
      await refusalOf({ tags: { "eks-storage:backup": "shop-old" }, size: 21, availabilityZone: "eu-west-1c" }),
      `The configuration doesn't fit what exists already:
  - adoptDisk.volumeId of Catalog "shop" must be a disk with the tag ebs.csi.aws.com/cluster=true; it is 'vol-11111111'.
    The driver may attach no other: aws ec2 create-tags --resources vol-11111111 --tags Key=ebs.csi.aws.com/cluster,Value=true
  - adoptDisk.volumeId of Catalog "shop" must be a disk with the tag eks-storage:backup=shop-prod; it is 'vol-11111111'.
    The backups select by it: aws ec2 create-tags --resources vol-11111111 --tags Key=eks-storage:backup,Value=shop-prod
  - adoptDisk.zone of Catalog "shop" must be eu-west-1c, the zone of vol-11111111; it is 'eu-west-1a'.
    A disk can't leave its zone: name that one.
  - storage of Catalog "shop" must be at least 21Gi, the size of vol-11111111; it is '20Gi'.
    A disk can't shrink: ask for what it has.`,
    );
    assert.equal(
      await refusalOf(null),
      `The configuration doesn't fit what exists already:
  - adoptDisk.volumeId of Catalog "shop" must be a disk that EC2 has, in the region and the account of the stack; it is 'vol-11111111'.
    aws ec2 describe-volumes lists them.`,
    );
  });

  it("refuses to adopt a disk and to restore one", async () => {
    assert.equal(
      await refused(() => catalog({ adoptDisk, adoptCredentials: true, snapshotId: "snap-11111111" })),
      `Catalog "shop" has an argument that can't work:
  - snapshotId must be left out with adoptDisk; it is 'snap-11111111'.
    The database has one disk. Remove snapshotId, or, to restore the snapshot, adoptDisk.`,
    );
  });

  it("refuses to leave out the snapshot that its disk was made from", async () => {
    const own = "urn:pulumi:test::eks-storage::eks-storage:index:Catalog$kubernetes";
    const stateOf = (claimName: string) => ({
      [`${own}:core/v1:PersistentVolumeClaim::shop-mysql-data`]: { outputs: { metadata: { name: claimName } } },
      [`${own}:snapshot.storage.k8s.io/v1:VolumeSnapshotContent::shop-mysql-snapshot-content`]: {
        outputs: { spec: { source: { snapshotHandle: "snap-11111111" } } },
      },
    });
    const refusalOf = async (claimName: string, changes: Partial<CatalogArgs> = {}) => {
      const snapshots = { "snap-22222222": { tags: { "ebs.csi.aws.com/cluster": "true" }, volumeSize: 20 } };
      return (await run(() => catalog(changes), { state: stateOf(claimName), snapshots })).error?.message;
    };
    assert.equal(
      await refusalOf("data-1234abcd-catalog-mysql-0"),
      `The configuration doesn't fit what exists already:
  - snapshotId of Catalog "shop" must be snap-11111111; it is missing.
    The database's claim data-1234abcd-catalog-mysql-0 was made from it. Without it the database gets another, empty disk: set it again. To go back to an earlier disk, take a snapshot of that one and set its id.`,
    );
    assert.equal(await refusalOf("data-catalog-mysql-0"), undefined);
    assert.equal(await refusalOf("data-1234abcd-catalog-mysql-0", { snapshotId: "snap-22222222" }), undefined);
  });

  it("never moves to another disk when a kept one is named later, or no longer", async () => {
    const claimOf = async (changes: Partial<CatalogArgs>) =>
      one(await registered(() => catalog(changes)), "PersistentVolumeClaim");
    for (const { urn, ignoreChanges } of [await claimOf({}), await claimOf({ adoptCredentials: true, adoptDisk })]) {
      assert.ok(ignoreChanges.includes("spec.volumeName"), urn);
    }
  });

  it("has nobody wait for the pod before its set is there: neither at the claim nor at the headless Service", async () => {
    const { resources } = await database();
    for (const early of [one(resources, "PersistentVolumeClaim"), one(resources, "Service", "shop-mysql")]) {
      assert.equal(early.inputs.metadata.annotations["pulumi.com/skipAwait"], "true", early.urn);
    }
    assertOrder(resources, [one(resources, "Deployment")], [one(resources, "Service", "shop")]);
  });

  it("takes another namespace, class, size, image and number of pods", async () => {
    const changes = {
      namespace: "blue",
      storageClassName: "fast",
      storage: "1Ti",
      image: "catalog:2",
      mysqlImage: "mysql:8.4.1",
      replicas: 5,
    };
    const resources = await registered(() => catalog(changes));
    const { spec } = one(resources, "PersistentVolumeClaim").inputs;
    assert.deepEqual([spec.storageClassName, spec.resources.requests.storage], ["fast", "1Ti"]);
    assert.equal(one(resources, "Deployment").inputs.spec.replicas, 5);
    assert.equal(podOf(one(resources, "Deployment")).containers[0]!.image, "catalog:2");
    assert.equal(podOf(one(resources, "StatefulSet")).containers[0]!.image, "mysql:8.4.1");
    const namespaced = resources.filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith(":Namespace"));
    namespaced.forEach(({ urn, inputs }) => assert.equal(inputs.metadata.namespace, "blue", urn));
    assert.equal(one(resources, "Namespace").inputs.metadata.name, "blue");
  });

  it("ends with the claim's name, known at a first preview", async () => {
    const resources = await registered(() => catalog(), { preview: true });
    assert.deepEqual(one(resources, "eks-storage:index:Catalog").outputs, { claimName: "data-catalog-mysql-0" });
  });

  it("refuses a kept disk without the passwords it knows, with every other mistake", async () => {
    assert.equal(
      await refused(() => catalog({ replicas: 0, adoptDisk })),
      `Catalog "shop" has 2 arguments that can't work:
  - replicas must be a whole number of at least 1; it is 0.
    To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.
  - adoptCredentials must be set with adoptDisk; it is missing.
    A disk knows only the passwords that it was made with: adopt the parameter that holds them, too.`,
    );
  });

  it("refuses a number of pods that can't be, before anything is made", async () => {
    for (const replicas of [0, 1.5]) {
      assert.equal(
        await refused(() => catalog({ replicas })),
        `Catalog "shop" has an argument that can't work:
  - replicas must be a whole number of at least 1; it is ${replicas}.
    To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.`,
      );
    }
  });
});
