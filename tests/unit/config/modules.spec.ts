import assert from "node:assert/strict";
import { modulesOf } from "../../support/modules";

const ofPulumi = (file: string) => file.startsWith("@pulumi/");

const commands = {
  // Of 188 modules of packages zod has 95 and yaml 72.
  "npm run config": { code: `require("./commands/config").config(".", "dev")`, packages: 195, ours: 50 },
  // It also makes the reference of the components: twelve modules of its own.
  "npm run docs": { code: `require("./commands/docs")`, packages: 195, ours: 60 },
};

for (const [name, { code, ...most }] of Object.entries(commands)) {
  describe(`${name} answers at once:`, () => {
    let loaded: ReturnType<typeof modulesOf>;
    before(() => {
      loaded = modulesOf(code);
    });

    it("it loads no SDK", () => {
      assert.ok(loaded.ours.includes("config/constraints/index.ts"), "it does load the constraints");
      assert.deepEqual(loaded.packages.filter(ofPulumi), []);
    });

    it(`it loads at most ${most.packages} modules of packages, and ${most.ours} of ours`, () => {
      assert.ok(loaded.packages.length <= most.packages, `${loaded.packages.length} of packages`);
      assert.ok(loaded.ours.length <= most.ours, `${loaded.ours.length} of ours: ${loaded.ours.join(", ")}`);
    });
  });
}

describe("what each component is told", () => {
  it("is decided without an SDK", () => {
    const { packages, ours } = modulesOf(`require("./config/stack"), require("./config/handover")`);
    assert.ok(ours.includes("config/choices.ts"), "it does load the choices");
    assert.deepEqual(packages.filter(ofPulumi), []);
  });
});
