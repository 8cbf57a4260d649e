import assert from "node:assert/strict";
import { Operation } from "../../../changes/changes";
import { type DiagramResource, diagramOf } from "../../../changes/diagram";
import { summaryOf, svgOf } from "../../../changes/diagramSvg";
import { urnOf } from "../../support/urns";

const network: DiagramResource = { urn: urnOf("shop:index:Network", "main"), custom: false, dependencies: [] };
const part = (type: string, name: string, op: Operation = Operation.Same): DiagramResource => ({
  ...{ urn: urnOf(type, name, network.urn), custom: true, parent: network.urn, dependencies: [], op },
});
const files: DiagramResource = { urn: urnOf("shop:index:FileSystem", "files"), custom: false, dependencies: [] };
const fileSystem: DiagramResource = {
  ...{ urn: urnOf("aws:efs/fileSystem:FileSystem", "files", files.urn), custom: true, parent: files.urn },
  dependencies: [part("aws:ec2/subnet:Subnet", "a").urn],
};
const subnets = ["a", "b"].map((name) => part("aws:ec2/subnet:Subnet", name));
const pod = {
  ...part("kubernetes:core/v1:Pod", "main-p"),
  parent: undefined,
  urn: urnOf("kubernetes:core/v1:Pod", "p"),
};

const drawn = (resources: DiagramResource[], unseen = 0) => svgOf(diagramOf(resources, unseen));
const unescaped = (text: string) =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
const contents = (svg: string, element: string) =>
  [...svg.matchAll(new RegExp(`<${element}\\b[^>]*>([^<]*)</${element}>`, "g"))].map(([, text]) => unescaped(text!));

describe("the picture", () => {
  it("has texts that are texts, AWS beside Kubernetes, and a title and a description for who can't see it", async () => {
    const svg = await drawn([network, ...subnets, files, fileSystem, pod]);
    assert.deepEqual(contents(svg, "text"), [
      ...["shop dev: 4 resources, 2 components", "◆ durable", "A → B: A needs B, and what B needs"],
      ...["AWS", "Kubernetes"],
      ...["FileSystem files", "◆ efs.FileSystem"],
      ...["Network main", "2 ec2.Subnet", "in no component", "Pod"],
    ]);
    assert.match(svg, /^<svg role="img" aria-labelledby="diagram-title diagram-description" /);
    assert.match(svg, /<title id="diagram-title">shop dev<\/title>/);
    assert.match(svg, /<desc id="diagram-description">shop dev: 4 resources, 2 components\. An arrow leads/);
  });

  it("names what is behind a row, and the ends of an arrow, to a pointer", async () => {
    const svg = await drawn([network, ...subnets, files, fileSystem]);
    const titles = contents(svg, "title");
    assert.ok(titles.includes("aws:ec2/subnet:Subnet: a, b"), titles.join("\n"));
    assert.ok(titles.includes(`FileSystem files->Network main`), titles.join("\n"));
    assert.doesNotMatch(svg, /xlink:title|<a\b/);
  });

  it("packs its boxes where nothing is known to need anything, in place of one long row", async () => {
    const alone = "abcdefghijklmnop".split("").map((name) => ({ ...network, urn: urnOf("shop:index:Network", name) }));
    const svg = await drawn(alone);
    const [, width, height] = /width="(\d+)pt" height="(\d+)pt"/.exec(svg)!;
    assert.ok(Number(width) < 4 * Number(height), `${width} x ${height}`);
  });

  it("tells each kind of change by a mark and a word, not by its colour alone", async () => {
    const kinds = { a: "Delete", b: "Replace", c: "Update", d: "Create", e: "Import" } as const;
    const parts = Object.entries(kinds).map(([name, op]) => part("aws:ec2/subnet:Subnet", name, Operation[op]));
    const svg = await drawn([network, ...parts]);
    const texts = contents(svg, "text");
    for (const legend of ["- to delete", "+- to replace", "~ to update", "+ to create", "= to import"])
      assert.ok(texts.includes(legend), legend);
    for (const [index, mark] of ["-", "+-", "~", "+", "="].entries()) {
      const row = texts.indexOf(`${mark} ec2.Subnet`);
      assert.equal(texts[row + 1], Object.keys(kinds)[index], `${mark} is told with its name`);
    }
    assert.ok(contents(svg, "title").includes("aws:ec2/subnet:Subnet, to delete: a"));
    assert.equal(
      new Set([...svg.matchAll(/fill="(#[0-9a-f]{6})" stroke="none"/g)].map(([, colour]) => colour)).size,
      7,
    );
  });

  it("stands on white, in a light page and in a dark one", async () => {
    const svg = await drawn([network]);
    const [, points] = /<polygon fill="#ffffff" stroke="none" points="([^"]+)"/.exec(svg)!;
    const [, width, height] = /width="(\d+)pt" height="(\d+)pt"/.exec(svg)!;
    const corners = points!.split(" ").map((corner) => corner.split(",").map(Number));
    const extent = (axis: number) =>
      Math.max(...corners.map((it) => it[axis]!)) - Math.min(...corners.map((it) => it[axis]!));
    assert.ok(extent(0) >= Number(width) - 1 && extent(1) >= Number(height) - 1);
  });

  it("folds what a box has too much of, but nothing that changes", async () => {
    const kinds = Array.from({ length: 20 }, (_, index) => `aws:x${index}/a:A`);
    const same = await drawn([network, ...kinds.map((type) => part(type, "n"))]);
    assert.ok(contents(same, "text").includes("and 4 more"));
    const created = await drawn([network, ...kinds.map((type) => part(type, "n", Operation.Create))]);
    assert.equal(contents(created, "text").filter((text) => text.startsWith("+ x")).length, 20);
    assert.ok(!contents(created, "text").some((text) => /more$/.test(text)));
    const many = await drawn([network, ...Array.from({ length: 40 }, (_, index) => part("aws:a/a:A", `n${index}`))]);
    assert.ok(contents(many, "title").some((title) => title.endsWith(", and 10 more")));
  });

  it("shows names of any characters as they are, or cut, and never as markup", async () => {
    const name = `<script>alert("&amp;")</script>\\N\\G \u0000\ud800 👍]]>--><!--`;
    const long = "n".repeat(500);
    const svg = await drawn([
      network,
      part("aws:a/a:A", name, Operation.Update),
      part(`aws:b/${long}:${long}`, long, Operation.Create),
    ]);
    assert.doesNotMatch(svg, /<script|<!--(?! )|\p{Cs}/u);
    assert.doesNotMatch(svg, /\u0000/);
    const title = contents(svg, "title").find((it) => it.startsWith("aws:a/a:A"))!;
    assert.equal(title, `aws:a/a:A, to update: ${name.replace(/\u0000|\ud800/g, "\ufffd")}`.normalize());
    for (const text of contents(svg, "text").slice(1)) assert.ok([...text].length < 60, text);
  });

  it("is the same, byte for byte, whatever the order and however often", async () => {
    const resources = [network, ...subnets, files, fileSystem, pod];
    assert.equal(await drawn(resources), await drawn([...resources].reverse()));
  });

  it("says so where there is nothing, and where a preview leaves out what stays the same", async () => {
    assert.ok(contents(await drawn([]), "text").includes("No resources: 0 resources, 0 components"));
    const changed = part("aws:a/a:A", "a", Operation.Update);
    assert.equal(
      summaryOf(diagramOf([network, changed], 7)),
      "1 resource, 1 component: 1 to update; 7 that stay the same aren't shown",
    );
  });
});
