import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { asGiven, valuesOf } from "../../../../components/retention/transformed";

const { specialSigKey, specialOutputValueSig, specialSecretSig, deserializeProperties, serializeProperties } =
  pulumi.runtime;
const output = (more: object) => ({ [specialSigKey]: specialOutputValueSig, ...more });
const KEY = "urn:pulumi:test::shop::aws:kms/key:Key::shop";

/** Properties as the engine sends them to a transform. */
const sent = {
  encrypted: true,
  kmsKeyId: output({ value: "arn:key", dependencies: [KEY] }),
  fileSystemId: output({ dependencies: [KEY] }),
  value: output({ value: "password", secret: true, dependencies: [KEY] }),
  plainSecret: { [specialSigKey]: specialSecretSig, value: "password" },
  tags: { Name: "shop", of: output({ value: "fs", dependencies: [KEY] }) },
  rules: [{ id: output({ value: { nested: ["a"] }, dependencies: [KEY] }) }, 3],
};

describe("the properties of a transform", () => {
  const given = () => {
    void pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "shop",
      "test",
      true,
    );
    return deserializeProperties(Struct.fromJavaScript(sent)) as object;
  };

  it("go back as they came: dependencies, secrets and what isn't known yet", async () => {
    const back = (await serializeProperties("props", await asGiven(given()))) as unknown;
    assert.deepEqual(back, sent);
  });

  it("lose their dependencies in the SDK's hands, which is why", async () => {
    const back = await serializeProperties("props", given());
    assert.equal(back["kmsKeyId"], "arn:key");
  });

  it("have values, or none yet", async () => {
    const { encrypted, kmsKeyId, fileSystemId } = await valuesOf(given());
    assert.deepEqual([encrypted, kmsKeyId, pulumi.isUnknown(fileSystemId)], [true, "arn:key", true]);
  });
});
