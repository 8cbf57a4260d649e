import assert from "node:assert/strict";
import { token } from "../../local/aws/records";
import { commandsOf } from "../support/pages";
import { effects, eventually, LivingStack } from "./living/livingStack";
import { CHECKOUT } from "./localStack";
import { inOrder } from "../support/inOrder";

const CLAIM = "data-catalog-mysql-0";
const IN = ["--namespace", "catalog"];
const RETAIN = "retention=retain";

/** An environment whose database loses its disk, and a person who follows docs/operations.md. */
class Losing extends LivingStack {
  /** What stands on the page in capitals. */
  words: Record<string, string> = {};

  disk(): { volume: string; id: string; zone: string } {
    const { metadata, spec } = this.databaseVolume();
    const [{ matchExpressions }] = spec.nodeAffinity.required.nodeSelectorTerms;
    return { volume: metadata.name, id: spec.csi.volumeHandle, zone: matchExpressions[0].values[0] };
  }

  phase(volume: string): string {
    return this.get("pv", volume).status.phase;
  }

  /** As a person does who cleans up: the claim goes with its pod, and the set makes another of both. */
  async loseClaim(): Promise<void> {
    const uid = () => this.get("pvc", CLAIM, ...IN).metadata.uid;
    const before = uid();
    this.kubectl("delete", "pvc", CLAIM, ...IN, "--wait=false");
    // The set makes one of the same name at once, which kubectl would wait for.
    this.kubectl("delete", "pod", "catalog-mysql-0", ...IN, "--wait=false");
    await eventually(() => {
      const { metadata, status } = this.get("pvc", CLAIM, ...IN);
      assert.ok(metadata.uid !== before && status.phase === "Bound");
    });
    await this.runs();
  }

  /** Deletes claim and pod, and nothing makes another: the set is stopped. */
  stopWithoutClaim(): void {
    this.kubectl("scale", "statefulset", "catalog-mysql", ...IN, "--replicas=0");
    this.kubectl("delete", "pvc", CLAIM, ...IN);
  }

  /** What a preview says, and what it would change. */
  async previewed(): Promise<{ said: string; changed: string[] }> {
    const changed = Object.keys(effects(await this.preview(...this.with())));
    return { said: this.messages, changed };
  }
}

describe("a cluster, and what comes apart in it", function () {
  this.timeout("6m");
  inOrder(this);
  const dev = new Losing("dev");
  const notice = "pulumi-nodejs:dynamic:Resource eks-storage-dev-notice";
  const record = "aws:ssm/parameter:Parameter eks-storage-dev-kept";
  const anything = /has lost|is gone|is Released|was deleted|couldn't be asked/;
  let first = "";
  let own: ReturnType<Losing["disk"]>;

  /** The database is on its disk, and a preview has nothing to say or to do. */
  async function isWell(): Promise<void> {
    await dev.runs();
    assert.equal(dev.disk().id, own.id);
    const { said, changed } = await dev.previewed();
    assert.doesNotMatch(said, anything);
    assert.deepEqual(changed, []);
  }

  /** The database's disk, and what the page calls it. */
  function remember(): void {
    own = dev.disk();
    Object.assign(dev.words, {
      CATALOG_CLAIM: CLAIM,
      VOLUME_ID: own.id,
      VOLUME_ZONE: own.zone,
      RELEASED_VOLUME: own.volume,
      CREDENTIALS_PARAMETER: "/eks-storage-dev/catalog-mysql",
    });
  }

  /** The database goes on with the disk that it has now. */
  async function goOn(): Promise<void> {
    remember();
    await isWell();
  }

  /** By the page, for a volume that exists when the retention changes. */
  function setPolicy(policy: string): void {
    commandsOf("docs/operations.md", "Retention", { NAME: own.volume, Retain: policy }).forEach((line) =>
      dev.shell(line),
    );
  }

  before(async () => {
    await dev.start();
    dev.configure(RETAIN);
    await dev.preview(...dev.with());
    first = dev.messages;
    await dev.up(...dev.with());
    remember();
    dev.words.ASSETS_CLAIM = dev.outputs().pvcNames!.value.assets;
  });
  after(() => dev.stop());

  it("has an administrator, whom only the first preview names: who creates the cluster", async () => {
    const creator =
      /The role local-deployer of the account \d{12} creates the cluster eks-storage-dev, .* in administrators,/;
    assert.match(first, creator);
    assert.match(
      first,
      /pulumi up must run where the API server can be reached: in [\d./, ]+, or in the VPC\. Elsewhere/,
    );
    assert.doesNotMatch((await dev.previewed()).said, /creates the cluster/);
  });

  it("is nothing, and a preview says nothing of it", isWell);

  it("is a database without its disk: preview and up say so, with the configuration that adopts it", async () => {
    await dev.loseClaim();
    const now = dev.disk();
    assert.notEqual(now.id, own.id);
    const warning =
      `The claim catalog/${CLAIM} has lost its disk, ${own.id} in ${own.zone}. The claim has another one, made since: ` +
      `${now.id} (volume ${now.volume}).\n` +
      `Its volume ${own.volume} is Released; the disk is in AWS, with the data.\n` +
      'To get it back, follow "A database without its disk" in docs/operations.md. The configuration that adopts it:\n' +
      `  pulumi config set adoptMysqlVolumeId ${own.id}\n` +
      `  pulumi config set adoptMysqlZone ${own.zone}\n` +
      "  pulumi config set adoptMysqlCredentials /eks-storage-dev/catalog-mysql\n" +
      `To go on without it: aws ec2 create-tags --resources ${own.id} --tags Key=eks-storage:abandoned,Value=true`;
    const { said, changed } = await dev.previewed();
    assert.ok(said.includes(warning), said);
    assert.deepEqual(changed, []);
    // An update of what is recorded must not forget the disk.
    assert.equal((await dev.up(...dev.with({ retention: "release" })))[notice], "update");
    assert.ok(dev.messages.includes(warning), dev.messages);
    await dev.up(...dev.with());
    assert.ok(dev.messages.includes(warning), dev.messages);
    const kept = dev.shell(`cd ${CHECKOUT} && npm run --silent kept -- --stack dev`);
    assert.match(kept, new RegExp(`^  pulumi config set adoptMysqlVolumeId ${own.id}\\b`, "m"));
    assert.ok(kept.includes(warning.split("; the disk is in AWS")[0]!), kept);
  });

  it("comes together again by the page, while the volume is there", async () => {
    await dev.follow(commandsOf("docs/operations.md", "A database without its disk", dev.words));
    await isWell();
  });

  it("is over when the new disk is what the database goes on with", async () => {
    await dev.loseClaim();
    dev.shell(`aws ec2 create-tags --resources ${own.id} --tags Key=eks-storage:abandoned,Value=true`);
    const { said, changed } = await dev.previewed();
    assert.doesNotMatch(said, /has lost/);
    assert.deepEqual(changed, [notice, record]);
    await dev.follow(commandsOf("docs/operations.md", "A database that goes on with its new disk", dev.words));
    await goOn();
  });

  it("is told of under delete, where the disk goes with its claim, and is over after the next up", async () => {
    dev.configure("retention=delete");
    await dev.up(...dev.with());
    setPolicy("Delete");
    await dev.loseClaim();
    const { said, changed } = await dev.previewed();
    assert.match(said, new RegExp(`has lost its disk, ${own.id} .*\nIts volume .* is gone, and so is the disk in AWS`));
    assert.deepEqual(changed, [notice, record]);
    await dev.up(...dev.with());
    await goOn();
    dev.configure(RETAIN);
    await dev.up(...dev.with());
    setPolicy("Retain");
  });
  it("is refused before an up would make an empty disk, whether or not the state knows of it", async () => {
    dev.stopWithoutClaim();
    const refusal = new RegExp(
      `pulumi up would give the database a new, empty disk\\.\nThe claim catalog/${CLAIM} has lost its disk, ${own.id}`,
    );
    await assert.rejects(dev.preview(...dev.with()));
    assert.match(dev.messages, refusal);
    await dev.refresh(...dev.with());
    const disks = await dev.ids("ebs/volume");
    await assert.rejects(dev.up(...dev.with()));
    assert.match(dev.messages, refusal);
    assert.deepEqual(await dev.ids("ebs/volume"), disks);
    assert.deepEqual(dev.get("pvc", ...IN).items, []);
  });

  it("comes together again by the page, when only the disk is left", async () => {
    dev.kubectl("delete", "pv", own.volume);
    await assert.rejects(dev.preview(...dev.with()));
    assert.match(dev.messages, new RegExp(`Its volume ${own.volume} is gone; the disk is in AWS, with the data`));
    await dev.follow(commandsOf("docs/operations.md", "A database whose volume is gone, too", dev.words));
    await isWell();
  });

  it("is told of for an adopted disk, too, which the page brings back", async () => {
    await dev.loseClaim();
    dev.words.RELEASED_VOLUME = `catalog-${CLAIM}-${own.id}`;
    const { said, changed } = await dev.previewed();
    assert.match(said, new RegExp(`Its volume ${dev.words.RELEASED_VOLUME} is Released; the disk is in AWS`));
    assert.deepEqual(changed, []);
    await dev.follow(commandsOf("docs/operations.md", "A database without its disk", dev.words));
    await isWell();
  });

  it("is a claim of a static volume, which the page brings back: nobody waits for five minutes", async () => {
    const claim = dev.words.ASSETS_CLAIM!;
    dev.kubectl("delete", "pvc", claim, "--namespace", "assets", "--wait=false");
    const leaving = await dev.previewed();
    assert.match(leaving.said, new RegExp(`The claim assets/${claim} was deleted, and goes when its last pod stops`));
    dev.kubectl("scale", "deployment", "assets", "--namespace", "assets", "--replicas=0");
    await eventually(() => assert.equal(dev.phase(`assets-${claim}`), "Released"));
    const { said, changed } = await dev.previewed();
    assert.match(said, new RegExp(`The volume assets-${claim} is Released: its claim assets/${claim} was deleted`));
    assert.deepEqual(changed, []);
    await dev.follow(commandsOf("docs/operations.md", "A claim of a static volume", dev.words));
    await isWell();
  });

  it("is refused when the whole cluster is gone, and comes together by the page", async () => {
    remember();
    dev.forget(/^adoptMysql/);
    await dev.deleteCluster();
    const unreachable = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };
    dev.environment = unreachable;
    await dev.refresh(...dev.with());
    dev.environment = {};
    // Where the next cluster is going to be.
    await dev.loseControlPlane();
    const disksInAws = () => dev.awsRecords().filter(({ type }) => type === token("ebs/volume"));
    const disks = disksInAws();
    await assert.rejects(dev.up(...dev.with()));
    const { id, zone } = own;
    const said =
      "pulumi up would give the database a new, empty disk.\n" +
      `The claim catalog/${CLAIM} has lost its disk, ${id} in ${zone}. The stack's state has no such claim, and the ` +
      "cluster can't be asked: the next one has a new, empty disk.\nThe disk is in AWS, with the data.\n" +
      'To get it back, follow "A database whose volume is gone, too" in docs/operations.md.';
    assert.ok(dev.messages.includes(said), dev.messages);
    assert.deepEqual(disksInAws(), disks);
    dev.environment = unreachable;
    await dev.follow(
      commandsOf("docs/operations.md", "A database whose volume is gone, too", dev.words).filter(
        (line) => !line.startsWith("kubectl"),
      ),
    );
    dev.environment = {};
    await isWell();
  });
});
