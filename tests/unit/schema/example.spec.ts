import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { typeTokens } from "../../../components/typeTokens";
import { readExample } from "../../../schema/example";
import { inPython } from "../../../schema/examplePython";
import { inTypescript } from "../../../schema/exampleTypescript";
import { readSchema } from "../../../schema/file";
import { registered } from "../../support/queries";

const EXAMPLES = path.join(__dirname, "..", "..", "..", "docs", "components", "examples");
const schema = readSchema();

/** An example of one resource, which has these lines below its properties. */
const bucket = (...lines: string[]) =>
  ["# A bucket.", "resources:", "  images:", "    type: eks-storage:Bucket", "    properties:"]
    .concat(
      ["bucketName: shop", ...lines].map((line) => `      ${line}`),
      "",
    )
    .join("\n");

describe("an example in YAML", () => {
  const mistakes: Record<string, [text: string, said: RegExp]> = {
    "an argument that the component doesn't have": [
      bucket("retention: delete", "versioned: true"),
      /images\.versioned: the schema has bucketName, retention,/,
    ],
    "a value that its set doesn't have": [
      bucket("retention: keep"),
      /images\.retention: keep is none of delete, retain, release/,
    ],
    "a component that there isn't": [
      bucket().replace("Bucket", "Buckets"),
      /images: there is no component eks-storage:Buckets/,
    ],
    "a resource that there isn't": [bucket("kmsKeyArn: ${key.keyArn}"), /images\.kmsKeyArn: there is no key/],
    "an output that the component doesn't have": [
      `${bucket("kmsKeyArn: ${key.nonsense}")}  key:\n    type: eks-storage:EncryptionKey\n    properties: {}\n`,
      /images\.kmsKeyArn: key has the outputs .*\bkeyArn\b/,
    ],
    "a key of an output that has none": [
      `${bucket('kmsKeyArn: ${key.keyArn["a"]}')}  key:\n    type: eks-storage:EncryptionKey\n    properties: {}\n`,
      /images\.kmsKeyArn: key\.keyArn has no keys/,
    ],
    "an output of the configuration": [
      `${bucket("kmsKeyArn: ${key.keyArn}")}config:\n  key:\n    type: string\n`,
      /images\.kmsKeyArn: there is no key/,
    ],
    "a text with a reference in it": [
      bucket("kmsKeyArn: arn:${key}"),
      /arn:\$\{key\} is a text with a reference in it/,
    ],
    "no reference where one must be": [
      `${bucket()}    options:\n      dependsOn:\n        - key\n`,
      /images: key is no reference/,
    ],
    "no first line": [bucket().replace("# A bucket.\n", ""), /the first line: a comment of at most 82 characters/],
  };
  for (const [what, [text, said]] of Object.entries(mistakes)) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readExample(text, schema), said);
    });
  }

  it("is refused with all its mistakes in one message", () => {
    const text = bucket("retention: keep", "versioned: true", "kmsKeyArn: ${key.keyArn}");
    assert.throws(
      () => readExample(text, schema),
      ({ message }: Error) => message.trim().split("\n").length === 3,
    );
  });

  it("gets a name in a program only where something refers to it", () => {
    const alone = readExample(bucket("retention: delete"), schema);
    assert.match(inTypescript(alone), /^new storage\.Bucket\("images", /m);
    assert.match(
      inPython(alone),
      /^storage\.Bucket\("images", bucket_name="shop", retention=storage\.Retention\.DELETE\)$/m,
    );
    const text = `${bucket("retention: delete")}  other:\n    type: eks-storage:Bucket\n    properties:\n      bucketName: b\n    options:\n      dependsOn:\n        - \${images}\n`;
    const together = readExample(text, schema);
    assert.match(inTypescript(together), /^const images = new .*\nnew .*\{ dependsOn: \[images\] \}\);$/m);
    assert.match(inPython(together), /^images = storage\.Bucket\($/m);
    assert.match(inPython(together), /^storage\.Bucket\(\n {4}"other",$/m);
  });
});

describe("an example in TypeScript", () => {
  /** What the examples take from their stacks' configuration. */
  const config = {
    // It is served, and has nothing.
    "eks-storage:existingClusterName": "shop",
    "eks-storage:accountId": "111101013333",
    "eks-storage:officeCidr": "198.18.113.0/24",
    "eks-storage:keyArn": "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "eks-storage:topicArn": "arn:aws:sns:eu-west-1:111101013333:storage",
  };
  const adoptable = { "aws:eks/getCluster:getCluster": { vpcConfig: { vpcId: "vpc-0123456789abcdef0" } } };

  for (const [name, type] of Object.entries(typeTokens)) {
    it(`of ${name} is accepted, and registers one`, async () => {
      const file = path.join(EXAMPLES, `${name}.ts`);
      delete require.cache[file];
      assert.ok(fs.existsSync(file));
      const registrations = await registered(() => void require(file), { preview: true, config, adoptable });
      assert.ok(registrations.some((it) => it.type === type));
    });
  }
});
