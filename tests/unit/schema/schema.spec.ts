import assert from "node:assert/strict";
import * as fs from "node:fs";
import { assertCompatible } from "../../../schema/compatibility";
import { releasedSchema } from "../../../schema/released";
import { SCHEMA_FILE } from "../../../schema/file";
import { componentsSchema, type Described, schemaText } from "../../../schema/schema";
import { typeTokens } from "../../../components/typeTokens";

const text = fs.readFileSync(SCHEMA_FILE, "utf8");
const schema = JSON.parse(text) as ReturnType<typeof componentsSchema>;

/** Everything of the schema that a reader of another language's SDK is shown, by where it stands. */
function described(): [place: string, it: Described][] {
  const places = (place: string, properties: Record<string, Described> = {}) =>
    Object.entries(properties).map(([name, it]): [string, Described] => [`${place}.${name}`, it]);
  return [
    ...Object.entries(schema.resources).flatMap(([token, it]): [string, Described][] => [
      [token, it],
      ...places(token, it.inputProperties),
      ...places(`${token}, outputs`, it.properties),
    ]),
    ...Object.entries(schema.types).flatMap(([token, it]): [string, Described][] => [
      [token, it],
      ...places(token, it.properties),
    ]),
  ];
}

describe("the components' schema", () => {
  it("is current, and compatible with the last release's: npm run schema writes it", function () {
    this.timeout("2m");
    const now = componentsSchema();
    assert.equal(text, schemaText(now));
    const released = releasedSchema();
    if (released) assertCompatible(released, now);
  });

  it("has every component, by the type tokens of every stack's state", () => {
    assert.deepEqual(Object.keys(schema.resources).sort(), Object.values(typeTokens).sort());
  });

  it("describes every component, argument, output and type, in whole texts", () => {
    const wrong = described().filter(([, { description }]) => !description || /\[object|\{@|\n\S*\*/.test(description));
    assert.deepEqual(
      wrong.map(([place]) => place),
      [],
    );
    assert.match(schema.resources[typeTokens.DynamicVolume]!.description!, /as with a `StaticVolume`:/);
  });

  it("names no type as SDKs would again: Args is theirs", () => {
    const types = Object.keys(schema.types);
    assert.ok(types.includes("eks-storage:index:EfsVolume"));
    assert.deepEqual(
      types.filter((type) => type.endsWith("Args")),
      [],
    );
  });

  it("refers to nothing that it hasn't", () => {
    const references = [...text.matchAll(/"\$ref": "#\/types\/([^"]+)"/g)].map(([, type]) => type!);
    assert.ok(references.length > 30);
    assert.deepEqual(
      references.filter((type) => !schema.types[type]),
      [],
    );
  });

  it("hides kubeconfigs, given and made, and nothing else", () => {
    const secret = described().filter(([, it]) => it.secret);
    assert.deepEqual(secret.map(([place]) => place).sort(), [
      "eks-storage:index:Cluster, outputs.kubeconfig",
      "eks-storage:index:CsiDriver.kubeconfig",
      "eks-storage:index:DeletionProtection.kubeconfig",
      "eks-storage:index:ExistingCluster, outputs.kubeconfig",
    ]);
  });
});
