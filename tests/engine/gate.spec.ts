import assert from "node:assert/strict";
import { Recording, Told } from "../../changes/events";
import { judge, type Verdict } from "../../changes/verdict";
import { inOrder } from "../support/inOrder";
import { LocalStack } from "./localStack";

/** In place of dev's two zones, which are those of its control plane. */
const ZONES = 'zones=["eu-west-1a","eu-west-1b","eu-west-1c"]';

/** dev, whose previews are judged as `npm run ci:preview` judges them. */
class Judged extends LocalStack {
  async judged(...config: string[]): Promise<Verdict> {
    const recording = new Recording(Told.Before);
    this.hears = recording.add;
    await this.preview(ZONES, ...config);
    return judge(JSON.stringify(recording.digest()), (stack) => ({ name: `gate.${stack}.yaml` }));
  }
}

/** What is said of each finding: what becomes of what, and because of which property. */
const told = ({ refused }: Verdict) =>
  refused.map(
    ({ kind, type, name, causes }) => `${kind} ${type} ${name}: ${causes.map(({ path }) => path).join(", ")}`,
  );

describe("the gate, on previews of a living dev", function () {
  this.timeout("4m");
  inOrder(this);
  const dev = new Judged("dev");

  before(async () => {
    await dev.start();
    await dev.up(ZONES);
  });
  after(() => dev.stop());

  it("passes one that changes nothing, and one that changes nothing durable", async () => {
    for (const config of [[], ["catalogReplicas=3"]]) {
      const verdict = await dev.judged(...config);
      assert.deepEqual([verdict.exitCode, verdict.problem, told(verdict)], [0, undefined, []]);
      assert.ok(verdict.resources > 100, "it looks at everything");
    }
  });

  const changes: Record<string, RegExp> = {
    "encryptionKey=customer": /^deleted aws:efs\/fileSystem:FileSystem eks-storage-dev: $/m,
    "assetsPath=/other": /^(replaced|deleted) aws:efs\/accessPoint:AccessPoint eks-storage-dev-assets/m,
    'zones=["eu-west-1a","eu-west-1b"]': /^deleted aws:efs\/mountTarget:MountTarget eks-storage-dev-eu-west-1c: $/m,
    "vpcCidr=10.99.0.0/16": /^replaced aws:efs\/mountTarget:MountTarget eks-storage-dev-eu-west-1a: subnetId$/m,
  };
  for (const [config, finding] of Object.entries(changes)) {
    it(`refuses ${config}`, async () => {
      const verdict = await dev.judged(config);
      assert.equal(verdict.exitCode, 1);
      assert.match(told(verdict).join("\n"), finding);
    });
  }

  it("has nothing to judge where the program itself refuses: a zone less of the control plane's, another name", async () => {
    const refusals = {
      'zones=["eu-west-1a","eu-west-1c"]': /controlPlaneZones must be at least two of the zones/,
      "name=another": /name/,
    };
    for (const [config, words] of Object.entries(refusals)) {
      await assert.rejects(dev.judged(config));
      assert.match(dev.messages, words);
    }
  });
});
