import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Operation } from "../../../changes/changes";
import { type DiagramResource, diagramOf, Platform } from "../../../changes/diagram";
import { isTold } from "../../../changes/operations";
import { urnOf } from "../../support/urns";

const STACK = urnOf("pulumi:pulumi:Stack", "shop-dev");
const component = (type: string, name: string, parent = STACK): DiagramResource => ({
  ...{ urn: urnOf(type, name, parent), custom: false, parent, dependencies: [] },
});
const resource = (type: string, name: string, parent: DiagramResource | undefined, ...needs: DiagramResource[]) => ({
  ...{ urn: urnOf(type, name, parent?.urn), custom: true, parent: parent?.urn ?? STACK },
  dependencies: needs.map(({ urn }) => urn),
});
const stack: DiagramResource = { urn: STACK, custom: false, dependencies: [] };

const network = component("shop:index:Network", "shop-dev");
const subnetA = resource("aws:ec2/subnet:Subnet", "a", network);
const subnetB = resource("aws:ec2/subnet:Subnet", "b", network);
const files = component("shop:index:FileSystem", "files");
const fileSystem = resource("aws:efs/fileSystem:FileSystem", "files", files, subnetA, subnetB);
const app = component("shop:index:App", "app");
const deployment = resource("kubernetes:apps/v1:Deployment", "app", app, fileSystem, subnetA);
const parameter = resource("aws:ssm/parameter:Parameter", "app", app);
const service = resource("kubernetes:core/v1:Service", "app", app);
const whole = [stack, network, subnetA, subnetB, files, fileSystem, app, deployment, parameter, service];

/** The rows of a box, each in a line. */
const rows = (resources: DiagramResource[], title: string) =>
  diagramOf(resources)
    .boxes.find((box) => box.title === title)!
    .rows.map(({ type, operation, names, isDurable }) =>
      [operation, type.split(":")[2], names.join(), ...(isDurable ? ["durable"] : [])].join(" "),
    );

describe("a diagram", () => {
  it("has a box for each component, with its resources counted by type, what is durable first", () => {
    const { title, boxes } = diagramOf(whole);
    assert.equal(title, "shop dev");
    assert.deepEqual(
      boxes.map((box) => [box.title, box.name, box.platform]),
      [
        // The title says the app's name.
        ["App", "", Platform.Kubernetes],
        ["FileSystem", "files", Platform.Aws],
        // It is named after the stack.
        ["Network", "", Platform.Aws],
      ],
    );
    assert.deepEqual(rows(whole, "Network"), ["same Subnet a,b"]);
    assert.deepEqual(rows(whole, "App"), ["same Parameter app durable", "same Deployment app", "same Service app"]);
  });

  it("has one arrow for a pair of components, and none that follows from others", () => {
    assert.deepEqual(diagramOf(whole).arrows, [
      [app.urn, files.urn],
      [files.urn, network.urn],
    ]);
  });

  it("keeps the arrows of a circle of components", () => {
    const back = { ...subnetA, dependencies: [service.urn] };
    const { arrows } = diagramOf([stack, network, back, subnetB, files, fileSystem, app, deployment, service]);
    assert.deepEqual(arrows, [
      [app.urn, files.urn],
      [files.urn, network.urn],
      [network.urn, app.urn],
    ]);
  });

  it("tells apart what happens to resources of one type, the gravest first", () => {
    const happening = (op: Operation, name: string) => ({ ...resource("aws:ec2/subnet:Subnet", name, network), op });
    const changing = [
      network,
      ...[happening(Operation.Create, "c"), happening(Operation.Same, "a"), happening(Operation.Delete, "d")],
      ...[happening(Operation.Replace, "e"), happening(Operation.Update, "f"), happening(Operation.Import, "g")],
      // A lookup, and what a refresh finds as it was, are no change.
      ...[happening(Operation.Read, "h"), happening(Operation.Refresh, "i")],
    ];
    assert.deepEqual(rows(changing, "Network"), [
      ...["delete Subnet d", "replace Subnet e", "update Subnet f", "create Subnet c", "import Subnet g"],
      "same Subnet a,h,i",
    ]);
  });

  it("counts a component within a component as its resources, and a durable one as itself", () => {
    const inner = component("shop:index:Key", "key", app.urn);
    const key = resource("aws:kms/key:Key", "key", inner);
    const cluster = component("eks:index:Cluster", "cluster", app.urn);
    const role = resource("aws:iam/role:Role", "role", cluster);
    assert.deepEqual(rows([app, inner, key, cluster, role], "App"), [
      "same Key key durable",
      "same Cluster cluster durable",
    ]);
    // What happens within it is seen.
    const replaced = { ...role, op: Operation.Replace };
    assert.deepEqual(rows([app, cluster, replaced], "App"), ["replace Role role", "same Cluster cluster durable"]);
  });

  it("shows providers where they change only", () => {
    const provider = resource("pulumi:providers:aws", "aws", undefined);
    assert.deepEqual(diagramOf([stack, provider]).boxes, []);
    assert.deepEqual(rows([stack, { ...provider, op: Operation.Replace }], "in no component"), ["replace aws aws"]);
  });

  it("has a box for what is in no component, a resource's own parts too", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "b", undefined);
    const object = resource("aws:s3/object:Object", "o", bucket);
    assert.deepEqual(rows([stack, bucket, object], "in no component"), ["same Bucket b durable", "same Object o"]);
  });

  it("knows a component from URNs where a preview says nothing of it", () => {
    const { boxes } = diagramOf([subnetA]);
    assert.deepEqual(
      boxes.map(({ key, title }) => [key, title]),
      [[network.urn, "Network"]],
    );
    // Of what is further out the name is in no URN.
    const inner = component("shop:index:Key", "key", app.urn);
    const key = resource("aws:kms/key:Key", "key", inner);
    assert.deepEqual(
      diagramOf([key]).boxes.map(({ title, name }) => [title, name]),
      [["App", ""]],
    );
  });

  it("is the same in whatever order resources come", () => {
    const expected = diagramOf(whole);
    fc.assert(
      fc.property(fc.shuffledSubarray(whole, { minLength: whole.length }), (shuffled) => {
        assert.deepEqual(diagramOf(shuffled), expected);
      }),
      { numRuns: 100 },
    );
  });

  it("is drawn of any URNs, parents and needs, circles too: no change is lost", () => {
    const urn = fc.oneof(
      fc.integer({ min: 0, max: 9 }).map((number) => urnOf("aws:ec2/subnet:Subnet", String(number))),
      fc.integer({ min: 0, max: 9 }).map((number) => urnOf("shop:index:Part", String(number))),
      fc.string(),
    );
    const any = fc.record({
      ...{ urn, custom: fc.boolean(), parent: urn, dependencies: fc.array(urn, { maxLength: 3 }) },
      op: fc.constantFrom(...Object.values(Operation)),
    });
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: (it) => it.urn, maxLength: 12 }), (resources) => {
        const { boxes, arrows } = diagramOf(resources);
        const keys = boxes.map(({ key }) => key);
        assert.equal(new Set(keys).size, keys.length);
        for (const arrow of arrows) for (const end of arrow) assert.ok(keys.includes(end));
        const names = boxes.flatMap((box) => box.rows.flatMap((row) => row.names));
        const changed = resources.filter(({ custom, op }) => custom && isTold(op));
        assert.ok(names.length >= changed.length);
      }),
      { numRuns: 300 },
    );
  });
});
