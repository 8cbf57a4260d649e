import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Retention } from "../../../../components/index";
import { keepsItsDisk, reportCluster } from "../../../../components/retention/clusterReport";
import { type ApiServer, type Contents, forbidden } from "../../../support/apiServer";
import { run } from "../../../support/registrations";
import { withCluster } from "../../../support/stateCode";

const URN = "urn:pulumi:test::eks-storage";
const CLAIMS = "/api/v1/persistentvolumeclaims";
const VOLUMES = "/api/v1/persistentvolumes";
const claim = { namespace: "shop", name: "data-0", volumeKey: "volume", zoneKey: "zone" };
const disk = { volumeName: "pv-0", volumeId: "vol-00000000", zone: "z-a", reclaimPolicy: "Retain" };

const claimed = (name = "data-0", more: object = {}) => ({ metadata: { namespace: "shop", name }, ...more });
const volume = (number: number, phase: string, name = `pv-${number}`, claimName = "data-0") => ({
  metadata: { name },
  spec: {
    csi: { volumeHandle: `vol-${String(number).repeat(8)}` },
    claimRef: { namespace: "shop", name: claimName, ...(phase === "Available" ? {} : { uid: "of-a-claim" }) },
    persistentVolumeReclaimPolicy: "Retain",
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "topology/zone", values: ["z-a"] }] }] },
    },
  },
  status: { phase },
});
const has = (claims: object[], volumes: object[]): Contents => ({ [CLAIMS]: claims, [VOLUMES]: volumes });
const lost = has([claimed()], [volume(0, "Released"), volume(1, "Bound")]);
const missing = has([], [volume(0, "Released")]);

interface Case {
  /** Whether the stack says of no claim that its disk is kept. */
  hasNoClaim?: boolean;
  retention?: Retention;
  adopted?: string;
  recordParameter?: string;
  /** What EC2 has of vol-00000000, if not what it should be. */
  inAws?: object | null;
  disk?: object | null;
  /** The claim that is about to be made, where it is another one. */
  about?: object;
  /** Whether the program has a claim that refuses. Default: true. */
  isRefuser?: boolean;
  /** Resources of the stack's in the cluster, by kind and name. */
  own?: [kind: string, name: string, outputs?: object][];
  change?: (cluster: ApiServer) => void;
}

/** What is said, what is refused, and which disk counts no longer. */
async function report(contents: Contents | undefined, options: Case = {}) {
  const { retention = Retention.Retain, adopted, inAws, own = [], change, about = {}, isRefuser = true } = options;
  const said: string[] = [];
  const { warn, info } = pulumi.log;
  const tell = (level: string) => async (message: string) => void said.push(`${level}: ${message}`);
  Object.assign(pulumi.log, { warn: tell("warning"), info: tell("info") });
  let outdated: string | undefined;
  let dismissed: string | undefined;
  let refusal: string | undefined;
  let seconds = 0;
  try {
    await withCluster(contents, async (cluster) => {
      const outputs = {
        claim: options.hasNoClaim ? undefined : claim,
        disk: "disk" in options ? options.disk : disk,
        kubeconfig: cluster.kubeconfig(),
        configuration: {},
      };
      change?.(cluster);
      const ofCluster = own.map(([kind, name, more]) => [
        `${URN}::kubernetes:core/v1:${kind}::${name}`,
        { outputs: { metadata: { namespace: "shop", name }, ...more } },
      ]);
      const state = {
        [`${URN}::eks-storage:index:DeletionProtection$pulumi-nodejs:dynamic:Resource::all-notice`]: { outputs },
        ...Object.fromEntries(ofCluster),
      };
      const started = Date.now();
      const program = async () => {
        const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
        const asked = reportCluster(parent, retention, adopted, options.recordParameter);
        const reported = asked.then((it) => ({ outdated, dismissed } = it));
        if (isRefuser) keepsItsDisk(parent, { ...claim, hasSource: false, ...about }, retention, adopted);
        await reported;
        // What is refused is refused a moment later, since that is decided by what is reported.
        await new Promise((resolve) => setImmediate(resolve));
      };
      const volumes: Record<string, object | null> = inAws === undefined ? {} : { "vol-00000000": inAws };
      refusal = (await run(program, { state, volumes, preview: true })).error?.message;
      seconds = (Date.now() - started) / 1000;
    });
  } finally {
    Object.assign(pulumi.log, { warn, info });
  }
  return { said, refusal, outdated, dismissed, seconds };
}

/** Without how long it took. */
async function reported(...args: Parameters<typeof report>) {
  const { said, refusal, outdated } = await report(...args);
  return [said.map((text) => text.split("\n")[0]), refusal?.split("\n")[0], outdated];
}

const HAS_LOST =
  "warning: The claim shop/data-0 has lost its disk, vol-00000000 in z-a. The claim has another one, made since: vol-11111111 " +
  "(volume pv-1).";
const IS_GONE =
  "warning: The claim shop/data-0 has lost its disk, vol-00000000 in z-a. The claim is gone from the cluster: the next one " +
  "has a new, empty disk.";
const REFUSED = "pulumi up would give the database a new, empty disk.";
const NOTHING = [[], undefined, undefined];

describe("what a preview says of the cluster", () => {
  it("is nothing of a new stack, or of one whose claim has its disk", async () => {
    const { error } = await run(async () => {
      const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
      const { outdated, dismissed } = await reportCluster(parent, Retention.Retain, undefined);
      assert.deepEqual([outdated, dismissed], [undefined, undefined]);
    });
    assert.equal(error, undefined);
    assert.deepEqual(await reported(has([claimed()], [volume(0, "Bound")])), NOTHING);
  });

  it("is of all claims alike where none has a disk that is kept", async () => {
    const own: Case["own"] = [["PersistentVolumeClaim", "data-0"]];
    const gone =
      "warning: The claim shop/data-0 is gone from the cluster. Run pulumi refresh, and pulumi up, which makes it anew.";
    assert.deepEqual(await reported(missing, { hasNoClaim: true, disk: null, own }), [[gone], undefined, undefined]);
    const [[unasked]] = (await reported(undefined, { hasNoClaim: true, disk: null })) as [string[]];
    assert.match(unasked!, /^info: The cluster couldn't be asked/);
  });

  it("is where to read what is kept, of a cluster that can't be asked and a stack that has a record", async () => {
    const read = "If it is gone for good, what the stack keeps is recorded: aws ssm get-parameter --name /shop/kept";
    const said = async (recordParameter?: string) => {
      const { said } = await report(undefined, { hasNoClaim: true, disk: null, recordParameter });
      return said.map((it) => it.split("\n").slice(1));
    };
    assert.deepEqual([await said("/shop/kept"), await said()], [[[read]], [[]]]);
  });

  it("is what was lost, which stays recorded while it is there", async () => {
    assert.deepEqual(await reported(lost), [[HAS_LOST], undefined, undefined]);
    assert.deepEqual(await reported(lost, { retention: Retention.Delete }), [[HAS_LOST], undefined, undefined]);
  });

  it("is a refusal where an empty disk would be made while the data is there, once", async () => {
    assert.deepEqual(await reported(missing), [[], REFUSED, undefined]);
    assert.deepEqual(await reported(missing, { retention: Retention.Release }), [[], REFUSED, undefined]);
    assert.deepEqual(await reported(missing, { retention: Retention.Delete }), [[IS_GONE], undefined, undefined]);
    assert.match(
      (await report(missing)).refusal!,
      /empty disk\.\nThe claim shop\/data-0 has lost .*\n.*\n.* adopts it:\n/,
    );
  });

  it("is the same for a claim of another name that would be empty, not for one that is made from a snapshot", async () => {
    assert.deepEqual(await reported(missing, { about: { name: "data-1" } }), [[], REFUSED, undefined]);
    assert.deepEqual(await reported(missing, { about: { name: "data-1", hasSource: true } }), NOTHING);
    assert.deepEqual(await reported(missing, { about: { hasSource: true } }), [[], REFUSED, undefined]);
  });

  it("is a warning where no claim of the program refuses", async () => {
    assert.deepEqual(await reported(missing, { isRefuser: false }), [[IS_GONE], undefined, undefined]);
  });

  it("is a refusal where a claim waits for a disk while its own is there: its next pod makes an empty one", async () => {
    const waiting = has([claimed()], [volume(0, "Released")]);
    assert.deepEqual(await reported(waiting), [[], REFUSED, undefined]);
    assert.deepEqual(await reported(waiting, { adopted: "vol-00000000" }), [[], REFUSED, undefined]);
    const [[warning]] = (await reported(waiting, { retention: Retention.Delete })) as [string[]];
    assert.match(warning!, /The claim has none/);
  });

  it("is a refusal where the cluster is gone, and a refresh took the claim out of the state", async () => {
    const said = /^info: The cluster couldn't be asked .*can't be reached/;
    const gone = async (options: Case = {}) => {
      const [[info, ...others], ...rest] = (await reported(undefined, options)) as [string[], ...unknown[]];
      assert.match(info!, said);
      return [others, ...rest];
    };
    assert.deepEqual(await gone(), [[], REFUSED, undefined]);
    assert.deepEqual(await gone({ adopted: "vol-00000000" }), NOTHING);
    // An up that failed has made the volume, and not yet the claim.
    const made: Case["own"] = [["PersistentVolume", "pv-0", { spec: { csi: { volumeHandle: "vol-00000000" } } }]];
    assert.deepEqual(await gone({ adopted: "vol-00000000", own: made }), NOTHING);
    assert.deepEqual(await gone({ disk: null }), NOTHING);
    assert.deepEqual(await gone({ own: [["PersistentVolumeClaim", "data-0"]] }), NOTHING);
    const forgotten =
      "warning: The claim shop/data-0 has lost its disk, vol-00000000 in z-a. The stack's state has no such claim, and the " +
      "cluster can't be asked: the next one has a new, empty disk.";
    assert.deepEqual(await gone({ retention: Retention.Delete }), [[forgotten], undefined, undefined]);
    assert.deepEqual(await gone({ inAws: null }), [[forgotten], undefined, "vol-00000000"]);
  });

  it("is no more than a warning where the disk is gone, and nothing where it was abandoned", async () => {
    assert.deepEqual(await reported(missing, { inAws: null }), [[IS_GONE], undefined, "vol-00000000"]);
    assert.deepEqual(await reported(lost, { inAws: null }), [[HAS_LOST], undefined, "vol-00000000"]);
    const inAws = { tags: { "eks-storage:abandoned": "true" } };
    assert.deepEqual(await reported(lost, { inAws }), [[], undefined, "vol-00000000"]);
    assert.deepEqual(await reported(missing, { inAws }), [[], undefined, "vol-00000000"]);
  });

  it("is nothing where the configuration adopts a disk, the lost one or another, and it is about to be made", async () => {
    assert.deepEqual(await reported(missing, { adopted: "vol-00000000" }), NOTHING);
    assert.deepEqual(await reported(missing, { adopted: "vol-99999999" }), [[], undefined, "vol-00000000"]);
    // Of a volume that the stack has, no second one is made.
    const own: Case["own"] = [["PersistentVolume", "pv-0", { spec: { csi: { volumeHandle: "vol-00000000" } } }]];
    assert.deepEqual(await reported(missing, { adopted: "vol-00000000", own }), [[], REFUSED, undefined]);
    assert.deepEqual(await reported(lost, { adopted: "vol-00000000", own }), [[HAS_LOST], undefined, undefined]);
    assert.deepEqual(await reported(lost, { adopted: "vol-11111111" }), [[], undefined, "vol-00000000"]);
  });

  it("is that AWS has the disk no more, though the cluster knows nothing of it", async () => {
    assert.deepEqual(await reported(has([claimed()], [volume(0, "Bound")]), { inAws: null }), [
      ["warning: The disk vol-00000000 of the claim shop/data-0 is gone from AWS. docs/restore.md restores a backup."],
      undefined,
      undefined,
    ]);
  });

  it("has a disk recorded that wasn't, by the next up", async () => {
    const bound = has([claimed()], [volume(1, "Bound")]);
    assert.deepEqual(await reported(bound, { disk: null }), [[], undefined, "none"]);
    assert.deepEqual(await reported(has([], []), { disk: null }), NOTHING);
  });

  it("is the same of a disk that nobody recorded: what an earlier claim of that name had", async () => {
    assert.deepEqual(await reported(lost, { disk: null }), [[HAS_LOST], undefined, "none"]);
    assert.deepEqual(await reported(missing, { disk: null }), [[], REFUSED, "none"]);
    const made = (number: number, creationTimestamp: string) => {
      const { metadata, ...rest } = volume(number, "Released");
      return { metadata: { ...metadata, creationTimestamp }, ...rest };
    };
    const twice = [made(1, "2026-02-01T00:00:00Z"), made(0, "2026-01-01T00:00:00Z"), volume(2, "Bound")];
    const [[warning]] = (await reported(has([claimed()], twice), { disk: null })) as [string[]];
    assert.match(warning!, /has lost its disk, vol-00000000 in z-a\. .* made since: vol-22222222/);
  });

  it("is nothing of a disk that nobody recorded, once it is gone or was let go of", async () => {
    for (const inAws of [null, { tags: { "eks-storage:abandoned": "true" } }]) {
      const { said, refusal, outdated, dismissed } = await report(lost, { disk: null, inAws });
      assert.deepEqual([said, refusal, outdated, dismissed], [[], undefined, "none", "vol-00000000"]);
      const without = await report(missing, { disk: null, inAws });
      assert.deepEqual([without.said, without.refusal, without.outdated], [[], undefined, undefined]);
    }
  });

  it("is that a claim is gone whose disk nobody knows", async () => {
    const own: Case["own"] = [["PersistentVolumeClaim", "data-0"]];
    const { said, refusal } = await report(has([], []), { disk: null, own });
    assert.equal(refusal, undefined);
    assert.deepEqual(said, [
      "warning: The claim shop/data-0 is gone from the cluster, and no pulumi up has recorded its disk: the next one has a " +
        "new, empty disk. If there is one, it has the tag kubernetes.io/created-for/pvc/name=data-0; give its id and zone " +
        'as volume and zone, and follow "A database whose volume is gone, too" in docs/operations.md.',
    ]);
  });

  it("is every claim of the stack's that was deleted, and every volume that waits for one", async () => {
    const fine = [claimed(), claimed("files")];
    const bound = [volume(0, "Bound"), volume(2, "Bound", "shop-files", "files")];
    const own: Case["own"] = [
      ["PersistentVolumeClaim", "files"],
      ["PersistentVolume", "shop-files"],
    ];
    const told = async (claims: object[], volumes: object[]) => (await reported(has(claims, volumes), { own }))[0];
    assert.deepEqual(await told(fine, bound), []);
    const anew = "Run pulumi refresh, and pulumi up, which makes it anew.";
    assert.deepEqual(await told([claimed()], bound), [
      `warning: The claim shop/files is gone from the cluster. ${anew}`,
    ]);
    assert.deepEqual(await told(fine, [bound[0]!]), [
      `warning: The volume shop-files is gone from the cluster. ${anew}`,
    ]);
    const leaving = { metadata: { namespace: "shop", name: "files", deletionTimestamp: "now" } };
    assert.deepEqual(await told([claimed(), leaving], bound), [
      "warning: The claim shop/files was deleted, and goes when its last pod stops. Then: pulumi refresh, and pulumi up, which makes it anew.",
    ]);
    const without = claimed("files", { spec: { volumeName: "pv-7" }, status: { phase: "Lost" } });
    assert.deepEqual(await told([claimed(), without], bound), [
      "warning: The claim shop/files has lost its volume pv-7: it is gone from the cluster.",
    ]);
    const released = [volume(0, "Bound"), volume(2, "Released", "shop-files", "files")];
    const { said } = await report(has([claimed()], released), { own });
    assert.deepEqual(said, [
      `warning: The volume shop-files is Released: its claim shop/files was deleted, and it takes no other. Pods of another claim of that name wait without an end, and pulumi up for five minutes. Its data is where it was.
docs/operations.md, "A claim of a static volume", brings both together. Its volume forgets the claim by
  kubectl patch pv shop-files -p '{"spec":{"claimRef":{"uid":null,"resourceVersion":null}}}'`,
    ]);
  });

  for (const [how, contents, change, why] of [
    ["doesn't answer", undefined, undefined, /https:\S+ can't be reached: /],
    ["is silent", {}, (cluster) => (cluster.instead = () => "silence"), /no answer within 5 s/],
    ["refuses who asks", {}, (cluster) => (cluster.instead = () => forbidden("viewer")), /viewer may not list /],
    ["is none", {}, undefined, /it isn't a Kubernetes cluster/],
  ] as [string, Contents | undefined, Case["change"], RegExp][]) {
    it(`is why a cluster can't be asked that ${how}, soon, and nobody is stopped`, async () => {
      const own: Case["own"] = [["PersistentVolumeClaim", "data-0"]];
      const { said, refusal, seconds } = await report(contents, { change, own });
      assert.equal(said.length, 1);
      assert.match(said[0]!, /^info: The cluster couldn't be asked whether its claims still have their volumes: /);
      assert.match(said[0]!, why);
      assert.equal(refusal, undefined);
      assert.ok(seconds < 8, `${seconds} s`);
    });
  }
});
