import assert from "node:assert/strict";
import { live } from "./setup";
import { VERIFY_TIME } from "./support/liveStack";
import { outcomes } from "./support/report";
import { recorded } from "./support/recording";

/** What every shop without such storage has in place of its claims. The claims stay, and stay Bound. */
const EMPTY = { name: "volatile", emptyDir: {} };

describe("npm run verify on pods that keep their files on an emptyDir", () => {
  before("the pods are moved off their claims", async () => {
    await live().change("deployment", "assets", "assets", ({ volumes = [] }) => {
      const images = volumes.find(({ name }) => name === "images")!;
      delete images.persistentVolumeClaim;
      images.emptyDir = {};
    });
    // The set's template goes on giving its pod the claim, which nothing mounts any more.
    await live().change("statefulset", "catalog-mysql", "catalog", ({ volumes = [], containers }) => {
      volumes.push(EMPTY);
      containers[0]!.volumeMounts!.find(({ name }) => name === "data")!.name = EMPTY.name;
    });
  });

  it("fails in what needs a volume, and in nothing else", async () => {
    const { status, output } = await live().verify();
    const { passed, failed } = outcomes(output);
    assert.deepEqual(
      failed,
      [
        "assets.shared", // the second pod doesn't have the file,
        "assets.served", // and so can't serve it
        "assets.survives", // nor do the pods that come after both have gone
        "catalog.file", // the database's pod begins with an empty directory,
        "catalog.row", // in which it makes an empty database
      ],
      output,
    );
    assert.equal(status, 1, output);
    assert.deepEqual(passed, [
      ...["claims.assets", "claims.catalog", "assets.pods", "assets.images", "assets.removed"],
      ...["catalog.pods", "catalog.written", "catalog.back", "catalog.removed"],
      ...["accessModes.onePod", "accessModes.removed"],
    ]);
    recorded("On an emptyDir", output);
  }).timeout(VERIFY_TIME);

  it("leaves a shop without products: they were in the database that is gone", async () => {
    await assert.rejects(live().products(), /the catalog answers 500: .*catalog\.products' doesn't exist/);
  });
});
