import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { missingKeys, missingKeysHint, withoutPulumisWay } from "../../cli/missingKeys";

describe("a configuration key that is missing", () => {
  const sdk =
    "Missing required configuration variable 'shop:of'\n" +
    "\tplease set a value using the command `pulumi config set --secret shop:of <value>`";
  const yaml = "<stdin>:10:3: missing required configuration variable 'zone'; run `pulumi config` to set";

  it("is found in what each language and the engine say of it", () => {
    assert.deepEqual(missingKeys("shop", sdk), ["of"]);
    assert.deepEqual(missingKeys("shop", yaml), ["zone"]);
    const engine = "Stack 'dev' is missing configuration values 'of', 'aws:region' and 'zone'\nStack 'dev' is there";
    assert.deepEqual(missingKeys("shop", `${sdk}\n${engine}`), ["of", "aws:region", "zone"]);
    assert.deepEqual(missingKeys("shop", "Stack 'dev' is missing configuration value 'of'"), ["of"]);
    assert.deepEqual(missingKeys("shop", "the file 'of' is missing"), []);
  });

  it("isn't set by a command that needs a backend", () => {
    assert.equal(withoutPulumisWay(sdk), "Missing required configuration variable 'shop:of'");
    assert.equal(withoutPulumisWay(yaml), "<stdin>:10:3: missing required configuration variable 'zone'");
    const kept = "To adopt it: pulumi config set volumeId vol-1";
    assert.equal(withoutPulumisWay(kept), kept);
  });

  it("is given by --config or in the project's file, of what the host puts out too", () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "missing-"));
    const folder = (name: string) => path.join(directory, name);
    for (const name of ["shop", "platform"]) {
      fs.mkdirSync(folder(name));
      fs.writeFileSync(path.join(folder(name), "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    }
    const from = process.env.INIT_CWD;
    process.env.INIT_CWD = folder("platform");
    try {
      const host = { checkout: folder("platform"), stack: "qa", cloud: folder("cloud"), isOther: true };
      const shop = { ...host, checkout: folder("shop") };
      assert.equal(missingKeysHint(shop, "all is well"), undefined);
      const lines = [
        "For every command, write into ../shop/Pulumi.qa.yaml:",
        "  config:",
        "    of: VALUE",
        "    zone: VALUE",
        "For one command alone, give it --config KEY=VALUE for each (a list as JSON).",
      ];
      assert.equal(missingKeysHint(shop, `${sdk}\n${yaml}`), lines.join("\n"));
      const ofHost = [
        "What . puts out, as such a file:",
        "  npm run --silent outputs:local -- --project . --stack qa --as-config",
      ];
      assert.equal(missingKeysHint({ ...shop, beside: host }, `${sdk}\n${yaml}`), [...lines, ...ofHost].join("\n"));
    } finally {
      if (from === undefined) delete process.env.INIT_CWD;
      else process.env.INIT_CWD = from;
      fs.rmSync(directory, { recursive: true });
    }
  });
});
