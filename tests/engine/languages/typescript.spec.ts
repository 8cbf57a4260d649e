import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensure } from "../../../local/tools/ensure";
import { nodejsHostTools } from "../../../local/tools/languageTools";
import { inOrder } from "../../support/inOrder";
import { pack } from "../../support/packed";
import { pinned } from "../../support/packageProject";
import { LanguageStack } from "./languageStack";
import { livesAsAStack } from "./lifecycle";

describe("a program in TypeScript", function () {
  this.timeout("5m");
  inOrder(this);
  const stack = new LanguageStack("typescript");
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-package-"));

  before(async function () {
    // A first build of the host is not the tests' time, nor is the installation.
    this.timeout("20m");
    await ensure(nodejsHostTools());
    await stack.prepare();
    fs.rmSync(path.join(stack.project, "node_modules"), { recursive: true });
    // The SDKs that the local cloud's plugins are for.
    const file = path.join(stack.project, "package.json");
    const manifest = JSON.parse(fs.readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
    fs.writeFileSync(file, JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ...pinned } }));
    const args = ["install", pack(packed), "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
    execFileSync("npm", args, { cwd: stack.project, stdio: ["ignore", "ignore", "inherit"] });
  });
  after(async () => {
    await stack.stop();
    fs.rmSync(packed, { recursive: true, force: true });
  });

  livesAsAStack(() => stack);
});
