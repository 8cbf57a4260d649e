import assert from "node:assert/strict";
import { commandsOf } from "../support/restorePage";
import { effects, eventually, LivingStack } from "./living/livingStack";

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
    this.kubectl("delete", "pod", "catalog-mysql-0", ...IN);
    await eventually(() => {
      const { metadata, status } = this.get("pvc", CLAIM, ...IN);
      assert.ok(metadata.uid !== before && status.phase === "Bound");
    });
    await this.runs();
  }

  /** What a preview of an unchanged program says about the cluster; it must say that nothing changes. */
  async previewed(): Promise<string> {
    assert.deepEqual(effects(await this.preview(...this.with())), {});
    return this.messages;
  }

  /** Does what a section of the page says, line by line. */
  async follow(title: string): Promise<void> {
    for (const template of commandsOf(title, "operations.md")) {
      const line = template.replaceAll(/\b[A-Z]+(_[A-Z]+)+\b/g, (word) => this.words[word] ?? word);
      const [, key, value] = /^pulumi config set (\S+) (\S+)$/.exec(line) ?? [];
      if (key) this.configure(`${key}=${value}`);
      else if (line === "pulumi refresh") await this.refresh(...this.with());
      else if (line === "pulumi up") await this.up(...this.with());
      else this.shell(line);
    }
  }
}

describe("a database whose claim has lost its disk", function () {
  this.timeout("8m");
  this.bail(true);
  const dev = new Losing("dev");
  let own: ReturnType<Losing["disk"]>;

  before(async () => {
    await dev.start();
    dev.configure(RETAIN);
    await dev.up(...dev.with());
    own = dev.disk();
  });
  after(() => dev.stop());

  it("is nothing that a preview speaks of while it has it", async () => {
    assert.doesNotMatch(await dev.previewed(), /disk|volume|claim/i);
  });

  it("is told of at the next preview, with its volume and the configuration that adopts it", async () => {
    await dev.loseClaim();
    assert.notEqual(dev.disk().id, own.id);
    assert.equal(dev.phase(own.volume), "Released");
    const said = await dev.previewed();
    assert.match(said, new RegExp(`catalog/${CLAIM} has lost its disk`));
    assert.match(said, new RegExp(`${own.volume} is Released`));
    assert.match(said, new RegExp(`pulumi config set adoptMysqlVolumeId ${own.id}\n`));
    assert.match(said, new RegExp(`pulumi config set adoptMysqlZone ${own.zone}\n`));
    assert.match(said, /pulumi config set adoptMysqlCredentials \/eks-storage-dev\/catalog-mysql\n/);
  });
});
