import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { SECRET, SIGNATURE } from "../../plugins/properties";
import { statesDirectory } from "../../stack/directory";
import { maskedOutputs, regionOf } from "../../stack/outputs";
import { localCloud } from "../support/localCloud";

describe("the outputs in a stack's state", () => {
  const { directory: cloud } = localCloud();
  const local = { checkout: path.join(__dirname, "..", "..", ".."), stack: "dev", cloud };
  const states = statesDirectory(cloud, "eks-storage");
  const secret = { [SIGNATURE]: SECRET, ciphertext: "v1:hush" };

  it("are none before the first up", () => {
    assert.deepEqual(maskedOutputs(local), {});
    fs.mkdirSync(states, { recursive: true });
    fs.writeFileSync(path.join(states, "dev.json"), JSON.stringify({ version: 3, checkpoint: { latest: {} } }));
    assert.deepEqual(maskedOutputs(local), {});
    assert.equal(regionOf(local), undefined);
  });

  it("are read without their secrets, in lists and objects too", () => {
    const outputs = { clusterName: "c", kubeconfig: secret, mixed: { zones: ["a", secret], size: 2 } };
    const resources = [
      { type: "pulumi:providers:aws", inputs: { region: "eu-west-1" } },
      { type: "pulumi:providers:aws", inputs: { region: "eu-central-1" } },
      { type: "aws:ec2/vpc:Vpc", outputs: { id: "vpc-11111111" } },
      { type: "pulumi:pulumi:Stack", outputs },
    ];
    fs.writeFileSync(
      path.join(states, "dev.json"),
      JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }),
    );
    assert.deepEqual(maskedOutputs(local), {
      clusterName: { value: "c", secret: false },
      kubeconfig: { value: "[secret]", secret: true },
      mixed: { value: { zones: ["a", "[secret]"], size: 2 }, secret: false },
    });
    assert.equal(regionOf(local), "eu-west-1");
  });
});
