import assert from "node:assert/strict";
import { MYSQL_CONTAINER } from "../../components/workloads/locations";
import { BUNDLED } from "../../verify/steps/assets";
import { commandsOf } from "../support/pages";
import { live } from "./setup";
import { VERIFY_TIME } from "./support/liveStack";
import { outcomes } from "./support/report";
import { recorded } from "./support/recording";

describe("the experiment by hand", () => {
  it("shows on a real node what the page says", () => {
    const lines = commandsOf("docs/experiment.md", "By hand");
    const said = live().shell(lines.join("\n"));
    const [images, database] = said.split('pod "catalog-mysql-0" deleted');
    assert.deepEqual(images!.trim().split("\n"), [...BUNDLED, "newproduct.png"].sort());
    assert.match(database!, /successfully rolled out|roll out complete/);
    assert.match(database!, /\n\/var\/lib\/mysql\/test\.txt\n$/);
  });
});

describe("npm run verify on a real node", () => {
  it("finds that all is so which can be seen here, and says what can't", async () => {
    const { status, output } = await live().verify();
    const { passed, failed, notRun } = outcomes(output);
    assert.deepEqual(failed, [], output);
    assert.equal(status, 0, output);
    assert.deepEqual(passed, [
      ...["claims.assets", "claims.catalog"],
      ...["assets.pods", "assets.images", "assets.shared", "assets.served", "assets.survives", "assets.removed"],
      ...["catalog.pods", "catalog.written", "catalog.back", "catalog.file", "catalog.row", "catalog.removed"],
      ...["accessModes.onePod", "accessModes.removed"],
    ]);
    assert.deepEqual(notRun, [
      ...["drivers.efs", "drivers.ebs", "mountTargets.zones", "bucket.mounted", "bucket.fromPod", "bucket.toPod"],
      ...["accessModes.oneNode", "accessModes.noSharing"],
    ]);
    recorded("On the stack's volumes", output);
  }).timeout(VERIFY_TIME);

  it("has restarted a database that had ended in order: nothing was left to recover, and nothing was made anew", () => {
    const [pod] = live().pods("catalog", "catalog-mysql");
    const [container] = pod!.status!.containerStatuses!;
    assert.equal(container!.restartCount, 0, `it is another pod: ${JSON.stringify(container!.lastState)}`);
    const said = live().logs(pod!, MYSQL_CONTAINER);
    assert.match(said, /ready for connections/);
    assert.doesNotMatch(said, /crash recovery|initialised/);
  });
});
