import * as assert from "node:assert/strict";
import { outputsJson, outputsTable } from "../../cli/outputs";

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
});
