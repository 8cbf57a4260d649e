import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const CHECKOUT = path.join(__dirname, "..", "..");
const CONFIGURATION = [".dependency-cruiser.mjs", "tsconfig.json", "package.json"];

/** What `npm run check` says about the dependencies of a project that consists of these files, each with its text. */
function verdict(files: Record<string, string>): { status: number | null; text: string } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-dependencies-"));
  try {
    for (const file of CONFIGURATION) fs.copyFileSync(path.join(CHECKOUT, file), path.join(directory, file));
    fs.symlinkSync(path.join(CHECKOUT, "node_modules"), path.join(directory, "node_modules"));
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.join(directory, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(directory, file), text);
    }
    const command = path.join(directory, "node_modules", ".bin", "depcruise");
    const { status, stdout } = spawnSync(command, ["."], { cwd: directory, encoding: "utf8" });
    return { status, text: stdout };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

describe("the rules of dependencies", function () {
  this.timeout(60_000);

  /** By what it is: the rule and the module that it is refused by, and its files. */
  const planted: Record<string, [rule: string, file: string, files: Record<string, string>]> = {
    "a circle": [
      "no-circles",
      "a.ts",
      { "a.ts": 'import "./b";', "b.ts": 'import "./c";', "c.ts": 'export { a } from "./a";' },
    ],
    "a circle of types": [
      "no-circles",
      "d.ts",
      {
        "d.ts": 'import type { E } from "./e"; export interface D { e: E }',
        "e.ts": 'import type { D } from "./d"; export interface E { d: D }',
      },
    ],
    "an SDK behind a check": [
      "no-sdk-in-checks",
      "config/check.ts",
      { "config/check.ts": 'import "../kind";', "kind.ts": 'import * as aws from "@pulumi/aws"; export { aws };' },
    ],
    "an SDK's types behind npm run config": [
      "no-sdk-in-checks",
      "commands/config.ts",
      {
        "commands/config.ts": 'import "../text";',
        "text.ts": 'import type * as pulumi from "@pulumi/pulumi"; export type Text = pulumi.Input<string>;',
      },
    ],
    "an SDK behind the gate": [
      "no-sdk-in-checks",
      "changes/gate.ts",
      { "changes/gate.ts": 'import "../sort";', "sort.ts": 'import * as aws from "@pulumi/aws"; export { aws };' },
    ],
    "AWS's SDK in another command than the audit": [
      "aws-sdk-in-audit-alone",
      "commands/kept.ts",
      { "commands/kept.ts": 'import "@aws-sdk/client-efs";' },
    ],
    "the audit behind another command": [
      "aws-sdk-in-audit-alone",
      "commands/drift.ts",
      { "commands/drift.ts": 'import "../audit/z";', "audit/z.ts": "export const z = 1;" },
    ],
    "the local cloud in what is told of changes": [
      "changes-stand-apart",
      "changes/other.ts",
      { "changes/other.ts": 'import type { L } from "../local/l";', "local/l.ts": "export interface L { l: 1 }" },
    ],
  };
  let refused: { status: number | null; text: string };

  before(() => {
    refused = verdict(
      Object.assign({}, ...Object.values(planted).map(([, , files]) => files)) as Record<string, string>,
    );
  });

  for (const [what, [rule, file]] of Object.entries(planted)) {
    it(`refuse ${what}`, () => {
      assert.notEqual(refused.status, 0);
      assert.match(refused.text, new RegExp(`error ${rule}: ${file.replace(".", "\\.")} `));
    });
  }

  it("accept an SDK elsewhere, and modules that two others share", () => {
    const { status, text } = verdict({
      "shared.ts": "export const shared = 1;",
      "components/a.ts": 'import "@pulumi/aws"; import "../shared";',
      "audit/a.ts": 'import "@aws-sdk/client-efs"; import "../shared";',
      "commands/config.ts": 'import "../shared";',
      "changes/gate.ts": 'import "zod"; import "node:fs"; import "./values"; import "../components/retention/durable";',
      "changes/values.ts": 'import "../components/checks/calendar";',
      "components/retention/durable.ts": "export const durable = 1;",
      "components/checks/calendar.ts": "export const calendar = 1;",
    });
    assert.equal(status, 0, text);
  });
});
