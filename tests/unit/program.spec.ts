import assert from "node:assert/strict";
import { durabilityOf, driverOf, policyGrants, textOf } from "../support/facts";
import { CLUSTER_GROUP } from "../support/mockState";
import { assertRestricted, podOf } from "../support/pods";
import { configurationOf, environments, program } from "../support/program";
import { all, assertOrder, one, predecessors } from "../support/queries";
import { type Registration, Secret, unknown } from "../support/registrations";

const OURS = /^(aws|kubernetes):/;
for (const environment of environments) {
  describe(`the program, ${environment}`, () => {
    let applied: Registration[];
    let previewed: Registration[];

    before(async () => {
      applied = await program(environment);
      previewed = await program(environment, { preview: true });
    });

    const outputs = (registrations: Registration[]) => one(registrations, "pulumi:pulumi:Stack").outputs ?? {};

    it("shows at a first preview all that it makes", () => {
      const urns = (registrations: Registration[]) => registrations.map(({ urn }) => urn).sort();
      assert.deepEqual(urns(previewed), urns(applied));
    });

    it("knows every name at a first preview; only what AWS gives is unknown", () => {
      const names = outputs(previewed);
      const notYet = Object.keys(names).filter((key) => names[key] === unknown);
      const fromAws = ["accessPointIds", "backupRoleArn", "fileSystemArn", "fileSystemId", "kubeconfig"];
      assert.deepEqual(notYet.sort(), fromAws);
      for (const key of Object.keys(names).filter((it) => !notYet.includes(it))) {
        assert.deepEqual(names[key], outputs(applied)[key], key);
        assert.doesNotMatch(
          JSON.stringify(names[key], (_, it: unknown) => (it === unknown ? "UNKNOWN" : it)),
          /UNKNOWN/,
        );
      }
    });

    it("ends with the claims' and classes' names as kubectl shows them", () => {
      const { pvcNames, storageClassNames, clusterName, accessPointIds, fileSystemId } = outputs(applied);
      const named = (type: string) => all(applied, type).map(({ inputs }) => inputs.metadata.name as string);
      assert.deepEqual(Object.keys(pvcNames as object).sort(), ["assets", "catalog"]);
      assert.deepEqual(Object.values(pvcNames as object).sort(), named("PersistentVolumeClaim").sort());
      assert.deepEqual(Object.values(storageClassNames as object).sort(), named("StorageClass").sort());
      assert.equal(clusterName, `eks-storage-${environment}`);
      const { volumeHandle } = one(applied, "PersistentVolume").inputs.spec.csi;
      assert.equal(volumeHandle, `${String(fileSystemId)}::${(accessPointIds as { assets: string }).assets}`);
    });

    it("names a provider for every resource, and a cluster for every object, that no shell decides on", () => {
      for (const registrations of [applied, previewed]) {
        const resources = registrations.filter(({ type, custom }) => custom && OURS.test(type));
        assert.ok(resources.length > 50);
        for (const { urn, type, provider } of resources) {
          assert.equal(provider, one(registrations, `pulumi:providers:${type.split(":")[0]!}`).urn, urn);
        }
        // The engine hands a component's providers down to components of another process.
        const { parent, providers } = one(registrations, "eks:index:Cluster");
        const inherited = registrations.find(({ urn }) => urn === parent)?.providers;
        assert.equal({ ...inherited, ...providers }["aws"], one(registrations, "pulumi:providers:aws").urn);
        // Known, or every object would be replaced when the kubeconfig isn't.
        const { clusterIdentifier } = one(registrations, "pulumi:providers:kubernetes").inputs;
        assert.equal(clusterIdentifier, `eks-storage-${environment}`);
      }
    });

    it("works in the account and the region of its file, and in no other", () => {
      const configuration = configurationOf(environment);
      const { allowedAccountIds, region } = one(applied, "pulumi:providers:aws").inputs;
      assert.deepEqual(JSON.parse(allowedAccountIds as string), [configuration["eks-storage:accountId"]]);
      assert.equal(region, configuration["eks-storage:region"]);
      assert.deepEqual(JSON.parse(configuration["pulumi:disable-default-providers"]!), ["aws", "kubernetes"]);
    });

    it("makes file system and mount targets without waiting for anything of the cluster", () => {
      const cluster = one(applied, "eks-storage:index:Cluster").urn;
      const ofCluster = applied.filter(({ urn }) => urn === cluster || predecessorsOf(urn).has(cluster));
      const storage = ["aws:efs/fileSystem:FileSystem", "MountTarget", "AccessPoint", "FileSystemPolicy"];
      for (const resource of storage.flatMap((type) => all(applied, type))) {
        const before = predecessorsOf(resource.urn);
        assert.deepEqual(
          ofCluster.filter(({ urn }) => before.has(urn)).map(({ urn }) => urn),
          [],
        );
      }
      assert.ok(ofCluster.length > 20);
    });

    it("makes the cluster once its nodes reach the internet", () => {
      assertOrder(applied, all(applied, "NatGateway"), all(applied, "NodeGroup"));
      assertOrder(applied, all(applied, "Route"), all(applied, "NodeGroup"));
    });

    it("installs drivers on nodes that run, and uses them through their drain only", () => {
      const drains = all(applied, "dynamic:Resource").filter(({ name }) => name.endsWith("-drain"));
      const addons = all(applied, "Addon").filter(({ inputs }) => /-csi-driver$/.test(inputs.addonName as string));
      assert.deepEqual([drains.length, addons.length], [2, 2]);
      const coredns = all(applied, "Addon").filter(({ inputs }) => inputs.addonName === "coredns");
      assertOrder(applied, [...all(applied, "NodeGroup"), ...coredns], addons);
      for (const drain of drains) {
        const addonName = `aws-${(drain.inputs.driver as string).split(".")[0]!}-csi-driver`;
        assertOrder(
          applied,
          addons.filter(({ inputs }) => inputs.addonName === addonName),
          [drain],
        );
      }

      const users = applied
        .map((it) => [it, driverOf(applied, it)] as const)
        .filter(([, driver]) => driver !== undefined);
      assert.deepEqual(
        users.map(([{ type, name }]) => `${type.split(":").pop()!} ${name.replace(/-[0-9a-f]{8}$/, "")}`).sort(),
        [
          "Deployment assets",
          "PersistentVolume assets-assets",
          "PersistentVolumeClaim assets-assets",
          "PersistentVolumeClaim catalog-mysql-data",
          "StatefulSet catalog-mysql",
          "StorageClass ebs",
          "StorageClass efs",
        ],
      );
      for (const [user, driver] of users) {
        const drain = drains.filter(({ inputs }) => inputs.driver === driver);
        assert.equal(drain.length, 1, driver);
        assertOrder(applied, drain, [user]);
      }
    });

    it("has the kinds of snapshots before the EBS driver, which takes none otherwise, and until it has drained", () => {
      const controller = one(applied, "Addon", "snapshot-controller");
      assertOrder(applied, [controller], [one(applied, "Addon", "ebs-csi")]);
      assertOrder(
        applied,
        [one(applied, "pulumi-nodejs:dynamic:Resource", "ebs-csi-drain")],
        [one(applied, "VolumeSnapshotClass")],
      );
      const deletionPolicy = environment === "prod" ? "Retain" : "Delete";
      assert.equal(one(applied, "VolumeSnapshotClass").inputs.deletionPolicy, deletionPolicy);
    });

    it("keeps the file system, and the way to it, until the EFS driver has drained", () => {
      const mounting = [...all(applied, "MountTarget"), one(applied, "SecurityGroupIngressRule")];
      assertOrder(applied, mounting, [one(applied, "pulumi-nodejs:dynamic:Resource", "efs-csi-drain")]);
    });

    it("starts pods that mount EFS once every zone has a mount target that the nodes can reach", () => {
      const { inputs } = one(applied, "SecurityGroupIngressRule");
      assert.equal(inputs.referencedSecurityGroupId, CLUSTER_GROUP);
      assert.equal(all(applied, "MountTarget").length, all(applied, "NodeGroup").length);
      assertOrder(
        applied,
        [
          ...all(applied, "MountTarget"),
          ...all(applied, "SecurityGroupIngressRule"),
          ...all(applied, "FileSystemPolicy"),
        ],
        [one(applied, "Deployment", "assets"), one(applied, "StorageClass", "efs")],
      );
    });

    it("has exactly one default class, and a claim for every class it names", () => {
      const isDefault = "storageclass.kubernetes.io/is-default-class";
      const defaults = all(applied, "StorageClass").filter(
        ({ inputs }) => inputs.metadata.annotations[isDefault] === "true",
      );
      assert.deepEqual(
        defaults.map(({ name }) => name),
        ["ebs"],
      );
    });

    it("runs every pod under the restricted standard, in a namespace that enforces it", () => {
      const workloads = applied.filter(({ type }) => type.startsWith("kubernetes:apps/"));
      assert.equal(workloads.length, 3);
      workloads.forEach((workload) => assertRestricted(podOf(workload)));
      for (const { inputs } of all(applied, "Namespace")) {
        assert.equal(inputs.metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
      }
      const namespaces = all(applied, "Namespace").map(({ inputs }) => inputs.metadata.name as string);
      workloads.forEach(({ inputs }) => assert.ok(namespaces.includes(inputs.metadata.namespace as string)));
    });

    it("lets nobody do anything to everything", () => {
      const grants = applied.flatMap((it) => policyGrants(it));
      assert.ok(grants.length > 3);
      for (const { urn, principals, resources, conditional } of grants) {
        // In a key's own policy "*" is that key, and the account's root stands for its IAM policies.
        const isKeys = urn.includes("aws:kms/key:Key") && principals.every((it) => it.endsWith(":root"));
        assert.ok(isKeys || conditional || (!resources.includes("*") && !principals.includes("*")), urn);
      }
      for (const { inputs } of all(applied, "RolePolicyAttachment")) {
        assert.doesNotMatch(inputs.policyArn as string, /FullAccess|Administrator|PowerUser/);
      }
    });

    it("shows passwords and kubeconfig to nobody", () => {
      assert.ok(outputs(applied)["kubeconfig"] instanceof Secret);
      assert.equal(all(applied, "RandomPassword").length, 2);
      for (const { urn, inputs, outputs: ends } of applied) {
        assert.doesNotMatch(textOf([inputs, ends]), /generated for|"clusters"/, urn);
      }
    });

    it("has no text that was made of something that isn't there yet", () => {
      for (const { urn, inputs, outputs: ends } of [...applied, ...previewed]) {
        const code = "__provider"; // the drain's, where such words are in place
        assert.doesNotMatch(
          textOf([{ ...inputs, [code]: "" }, ends]),
          /Calling \[toString\]|\[object |\bundefined\b|\bNaN\b/,
          urn,
        );
      }
    });

    it(environment === "prod" ? "keeps its data" : "leaves nothing behind but the control plane's log group", () => {
      const { protected: locked, retained, classes } = durabilityOf(applied);
      if (environment !== "prod") {
        const logs = [`LogGroup eks-storage-${environment}-logs`];
        assert.deepEqual([locked, retained, classes], [[], logs, ["Delete", "Delete"]]);
        return;
      }
      const protectAndRetain = [
        "FileSystem eks-storage-prod",
        "Namespace catalog",
        "PersistentVolumeClaim catalog-mysql-data",
        "Secret catalog-mysql",
        "Parameter catalog-mysql",
        "Vault eks-storage-prod",
        "Key eks-storage-prod-backups",
      ];
      const mustBeLocked = [
        ...protectAndRetain,
        "Cluster eks-storage-prod, by EKS",
        "DeletionProtection eks-storage-prod",
      ];
      assert.deepEqual(
        mustBeLocked.filter((it) => !locked.includes(it)),
        [],
      );
      assert.deepEqual(
        [...protectAndRetain, "AccessPoint eks-storage-prod-assets", "VaultLockConfiguration eks-storage-prod"].filter(
          (it) => !retained.includes(it),
        ),
        [],
      );
      assert.deepEqual(classes, ["Retain", "Retain"]);
    });

    it("comes to its deletion protection first when it is destroyed, before anything is touched", () => {
      const guard = one(applied, "DeletionProtection").urn;
      const before = predecessorsOf(guard);
      const others = applied.filter(({ custom, parent }) => custom && parent !== guard);
      assert.deepEqual(
        others.filter(({ urn }) => !before.has(urn)).map(({ urn }) => urn),
        [],
      );
    });

    const predecessorsOf = (() => {
      const known = new Map<string, Set<string>>();
      return (urn: string) => {
        if (!known.has(urn))
          known.set(
            urn,
            predecessors(
              applied,
              applied.find((it) => it.urn === urn)!,
            ),
          );
        return known.get(urn)!;
      };
    })();
  });
}
