import assert from "node:assert/strict";
import { effects, eventually, kinds, type LivingStack } from "./livingStack";

/** Changes of what workloads store their data on. */
export function volumes(stack: LivingStack, name: string): void {
  const isKept = name === "prod";
  const claimOfAssets = () => stack.get("deployment", "assets", "--namespace", "assets").spec.template.spec;

  async function moves(change: Record<string, string>) {
    const [claimsBefore, pointsBefore] = [await stack.ids("PersistentVolumeClaim"), await stack.ids("efs/accessPoint")];
    const steps = await stack.change(change);
    const { pvcNames, accessPointIds } = stack.outputs();
    const claim: string = pvcNames!.value.assets;
    const own = (ids: string[]) => ids.filter((id) => id.startsWith("assets"));

    // The old pair is gone, the new one is what the pods use.
    assert.ok(!claimsBefore.includes(`assets/${claim}`));
    assert.deepEqual(own(await stack.ids("PersistentVolumeClaim")), [`assets/${claim}`]);
    assert.deepEqual(own(await stack.ids("PersistentVolume")), [`assets-${claim}`]);
    assert.equal(claimOfAssets().volumes[0].persistentVolumeClaim.claimName, claim);
    const handle = stack.get("pv", `assets-${claim}`).spec.csi.volumeHandle.split("::")[1];
    assert.equal(handle, accessPointIds!.value.assets);
    await stack.runs();

    // The way to the old files stays where data is kept.
    const points = await stack.ids("efs/accessPoint");
    assert.deepEqual([...points].sort(), [...(isKept ? pointsBefore : []), handle].sort());
    return steps;
  }

  it("moves assets to another directory: a new pair, then the workload, then the old pair goes", async () => {
    await moves({ assetsPath: "/assets/spring" });
  });

  it("moves assets to another user, whose class is made anew", async () => {
    const before = stack.get("storageclass", "ebs", "efs").items.map(({ metadata }: any) => metadata.uid);
    const steps = await moves({ assetsPath: "/assets/summer", assetsUid: "1001", assetsGid: "1002" });
    assert.equal(steps["kubernetes:storage.k8s.io/v1:StorageClass efs"], "replace");
    const [ebs, efs] = stack.get("storageclass", "ebs", "efs").items;
    assert.equal(ebs.metadata.uid, before[0]);
    assert.notEqual(efs.metadata.uid, before[1]);
    assert.deepEqual([efs.parameters.uid, efs.parameters.gid], ["1001", "1002"]);
    const { runAsUser, runAsGroup } = claimOfAssets().securityContext;
    assert.deepEqual([runAsUser, runAsGroup], [1001, 1002]);
  });

  it("grows the database's disk in place", async () => {
    const [set, volume] = [stack.get("statefulset", "catalog-mysql", "--namespace", "catalog"), stack.databaseVolume()];
    const steps = await stack.change({ mysqlStorage: "200Gi" });
    assert.deepEqual(kinds(steps), ["update kubernetes:core/v1:PersistentVolumeClaim catalog-mysql-data"]);
    await eventually(() => {
      const claim = stack.get("pvc", "data-catalog-mysql-0", "--namespace", "catalog");
      assert.equal(claim.status.capacity.storage, "200Gi");
    });
    assert.equal(stack.databaseVolume().metadata.uid, volume.metadata.uid);
    const after = stack.get("statefulset", "catalog-mysql", "--namespace", "catalog");
    assert.equal(after.metadata.uid, set.metadata.uid);
    assert.equal(after.metadata.generation, set.metadata.generation);
  });

  it("refuses to shrink it, in words that say what is wrong", async () => {
    await assert.rejects(
      stack.up(...stack.with({ mysqlStorage: "100Gi" })),
      /PersistentVolumeClaim "data-catalog-mysql-0" is invalid: .*storage: Forbidden: field can not be less than/,
    );
    // The plugin has recorded what was refused, and goes back from there; in the cluster nothing has changed.
    const back = effects(await stack.up(...stack.with()));
    assert.deepEqual(Object.values(back), ["update"]);
    await stack.settled();
  });

  it("switches its retention, and replaces nothing but the classes", async () => {
    const volume = stack.databaseVolume();
    const there = async () => (await stack.inventory()).aws.map(({ id }) => id);
    const before = await there();
    const order = isKept ? ["release", "delete", "retain"] : ["retain", "release", "delete"];
    for (const retention of order) {
      const steps = await stack.change({ retention, ...(isKept && { confirmDeleteInProd: "prod" }) });
      const policy = retention === "delete" ? "Delete" : "Retain";
      const classes = stack.get("storageclass", "ebs", "efs").items.map(({ reclaimPolicy }: any) => reclaimPolicy);
      assert.deepEqual(classes, [policy, policy]);
      const replaced = Object.keys(steps).filter((key) => steps[key] !== "update");
      assert.deepEqual(
        replaced.filter((key) => !key.startsWith("kubernetes:storage.k8s.io/v1:StorageClass ")),
        [],
        retention,
      );
      assert.equal(await refusesDestroy(), retention === "retain", retention);
    }
    // An existing volume keeps the policy that it was made with.
    assert.equal(volume.spec.persistentVolumeReclaimPolicy, isKept ? "Retain" : "Delete");
    assert.deepEqual(stack.databaseVolume().spec, volume.spec);
    assert.deepEqual(await there(), before);
  });

  /** By the state: what is protected can't be destroyed. */
  async function refusesDestroy(): Promise<boolean> {
    const { resources } = JSON.parse(stack.stateFile()).checkpoint.latest;
    const guarded = resources.filter(({ protect }: any) => protect).map(({ urn }: any) => urn.split("::")[2]);
    const data = ["aws:efs/fileSystem:FileSystem", "kubernetes:core/v1:PersistentVolumeClaim"];
    const isGuarded = data.map((type) => guarded.some((token: string) => token.endsWith(type)));
    assert.equal(isGuarded[0], isGuarded[1]);
    return isGuarded[0]!;
  }

  it("has not drifted on the way", async () => {
    await stack.refresh(...stack.with());
    await stack.settled();
    await stack.runs();
  });
}
