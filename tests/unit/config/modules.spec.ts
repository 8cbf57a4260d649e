import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";

const CHECKOUT = path.join(__dirname, "..", "..", "..");

/** The modules that a process of its own has loaded once it has run this code, of packages and of this project. */
function modulesOf(code: string): { packages: string[]; ours: string[] } {
  const script = `${code}; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const options = { cwd: CHECKOUT, encoding: "utf8" } as const;
  const loaded = JSON.parse(execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], options));
  const [packages, ours]: [string[], string[]] = [[], []];
  for (const file of loaded as string[]) {
    const [, inPackages] = file.split("/node_modules/");
    if (inPackages === undefined) ours.push(path.relative(CHECKOUT, file));
    else packages.push(inPackages);
  }
  return { packages, ours };
}

const ofPulumi = (file: string) => file.startsWith("@pulumi/");

const commands = {
  // Of 188 modules of packages zod has 95 and yaml 72.
  "npm run config": { code: `require("./commands/config").config(".", "dev")`, packages: 195, ours: 40 },
  "npm run docs": { code: `require("./commands/docs")`, packages: 195, ours: 40 },
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
