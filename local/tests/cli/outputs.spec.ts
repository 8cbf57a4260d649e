import * as assert from "node:assert/strict";
import { outputsConfig, outputsJson, outputsTable } from "../../cli/outputs";

describe("a stack's outputs", () => {
  it("are printed, and no secret", () => {
    const outputs = {
      kubeconfig: { value: "hush", secret: true },
      clusterName: { value: "c", secret: false },
      pvcNames: { value: { assets: "a-1", db: "d" }, secret: false },
      zones: { value: ["x", "y"], secret: false },
    };
    assert.equal(
      outputsTable(outputs),
      [
        "  clusterName  c",
        "  kubeconfig   [secret]",
        "  pvcNames",
        "    assets  a-1",
        "    db      d",
        '  zones        ["x","y"]',
      ].join("\n"),
    );
    assert.deepEqual(JSON.parse(outputsJson(outputs)), {
      clusterName: "c",
      kubeconfig: "[secret]",
      pvcNames: { assets: "a-1", db: "d" },
      zones: ["x", "y"],
    });
  });

  it("are the configuration of another program: lists as lists, texts as texts, secrets named and left out", () => {
    const open = { accountId: "111101013333", zones: ["x", "y"], size: 3 };
    const outputs = Object.fromEntries(Object.entries(open).map(([name, value]) => [name, { value, secret: false }]));
    assert.equal(
      outputsConfig(outputs, "eu-west-1"),
      'config:\n  aws:region: eu-west-1\n  accountId: "111101013333"\n  size: 3\n  zones:\n    - x\n    - y\n',
    );
    const secrets = {
      kubeconfig: { value: "[secret]", secret: true },
      database: { value: { user: "shop", password: "[secret]" }, secret: false },
    };
    assert.equal(
      outputsConfig({ ...secrets, size: { value: 3, secret: false } }),
      "# Left out, since there are secrets in it: database, kubeconfig\nconfig:\n  size: 3\n",
    );
  });
});
