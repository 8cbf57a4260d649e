import assert from "node:assert/strict";
import { clusterApi } from "../../../../components/clusterApi/clusterApi";
import { namesTaken } from "../../../../components/eks/existingObjects";
import { typeTokens } from "../../../../components/typeTokens";
import { ApiServer, type Contents, EMPTY_CLUSTER, forbidden } from "../../../support/apiServer";

const CLASSES = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses";
const [NAMESPACES, VOLUMES, STORAGE_CLASSES, DEFINITION] = Object.keys(EMPTY_CLUSTER) as [
  string,
  string,
  string,
  string,
];
const NAMES = {
  namespaces: ["assets", "catalog"],
  storageClasses: ["ebs"],
  volumeSnapshotClasses: ["ebs"],
  persistentVolumes: ["catalog-data"],
};

/** Objects of a cluster, each with a uid that no other cluster's has. */
const named = (...names: string[]) => of("shop", ...names);
const of = (clusterName: string, ...names: string[]) =>
  names.map((name) => ({ metadata: { name, uid: `${name} of ${clusterName}` } }));

/** What a stack's state has of a cluster. */
const stateIn = (clusterName: string, ...namespaces: string[]) => [
  { type: typeTokens.ExistingCluster, name: "own", outputs: { clusterName } },
  ...of(clusterName, ...namespaces).map((outputs) => ({ type: "kubernetes:core/v1:Namespace", name: "own", outputs })),
];

describe("what of a stack's names a cluster has", () => {
  let cluster: ApiServer;
  beforeEach(async () => {
    cluster = await new ApiServer(EMPTY_CLUSTER).start();
  });
  afterEach(() => cluster.stop());
  const has = (contents: Contents) => (cluster.contents = { ...EMPTY_CLUSTER, ...contents });
  const ask = async (state: Parameters<typeof namesTaken>[3] = []) => {
    const { violations, trouble, isInState } = await namesTaken("shop", clusterApi(cluster.kubeconfig()), NAMES, state);
    return { expected: violations.map(({ expected }) => expected).join(), trouble, isInState };
  };

  it("is nothing in one without them, with or without a snapshot controller", async () => {
    assert.deepEqual(await ask(), { expected: "", trouble: undefined, isInState: false });
    has({ [NAMESPACES]: named("default"), [DEFINITION]: named("volumesnapshotclasses"), [CLASSES]: named("csi") });
    assert.deepEqual(await ask(), { expected: "", trouble: undefined, isInState: false });
  });

  it("is said of every kind, in one sentence", async () => {
    has({
      [NAMESPACES]: named("catalog", "default", "assets"),
      [STORAGE_CLASSES]: named("ebs", "gp2"),
      [DEFINITION]: named("volumesnapshotclasses"),
      [CLASSES]: named("ebs"),
      [VOLUMES]: named("catalog-data"),
    });
    assert.equal(
      (await ask()).expected,
      "a cluster without a namespace assets, a namespace catalog, a snapshot class ebs, a storage class ebs, a volume catalog-data",
    );
  });

  it("is not what the stack itself has there, but what it has in another cluster", async () => {
    has({ [NAMESPACES]: named("assets", "catalog") });
    assert.equal((await ask(stateIn("shop", "assets"))).expected, "a cluster without a namespace catalog");
    assert.equal(
      (await ask(stateIn("another", "assets", "catalog"))).expected,
      "a cluster without a namespace assets, a namespace catalog",
    );
  });

  it("is what somebody has made anew by the name of the stack's own", async () => {
    has({ [NAMESPACES]: of("later", "assets") });
    assert.equal((await ask(stateIn("shop", "assets"))).expected, "a cluster without a namespace assets");
  });

  it("is no matter of a move that failed: on the way back the stack's own are there", async () => {
    has({ [NAMESPACES]: named("assets", "catalog") });
    const [, ...objects] = stateIn("shop", "assets", "catalog");
    assert.equal((await ask([...stateIn("another"), ...objects])).expected, "");
  });

  it("is said as far as it could be asked, with the reason for the rest", async () => {
    has({ [NAMESPACES]: named("assets") });
    cluster.instead = (path) => (path === STORAGE_CLASSES ? forbidden("deployer", "storageclasses") : undefined);
    const { expected, trouble } = await ask();
    assert.equal(expected, "a cluster without a namespace assets");
    assert.match(trouble!, /deployer may not list storageclasses \(403\)/);
  });

  it("is asked for again while the API server just learns a kind, as it does while an add-on is installed", async () => {
    has({ [DEFINITION]: named("volumesnapshotclasses"), [CLASSES]: named("ebs") });
    let answers = 0;
    const learning = { status: 429, body: "storage is (re)initializing" };
    cluster.instead = (path) => (path === CLASSES && (answers += 1) < 3 ? learning : undefined);
    assert.deepEqual(await ask(), {
      expected: "a cluster without a snapshot class ebs",
      trouble: undefined,
      isInState: false,
    });
    cluster.instead = (path) => (path === CLASSES ? learning : undefined);
    assert.match((await ask()).trouble!, /answered 429: storage is \(re\)initializing/);
  });

  it("can't be told where nothing answers", async () => {
    cluster.stop();
    const { expected, trouble } = await ask();
    assert.equal(expected, "");
    assert.match(trouble!, /^https:\/\/127\.0\.0\.1:\d+ can't be reached: [^\n]*$/);
  });
});
