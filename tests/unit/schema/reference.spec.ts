import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { lexer, walkTokens } from "marked";
import { parse } from "yaml";
import { referenceDocuments } from "../../../commands/docs";
import { type Property, readSchema } from "../../../schema/file";
import { pinsNamed } from "../../support/pinsNamed";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const REFERENCE = path.join(CHECKOUT, "docs", "components");

const schema = readSchema();

/** What a program gives: arguments, and what is in them. */
function given(): [place: string, property: Property, isRequired: boolean][] {
  const of = (token: string, properties: Record<string, Property> = {}, required: string[] = []) =>
    Object.entries(properties).map(([name, property]): ReturnType<typeof given>[number] => [
      `${token}.${name}`,
      property,
      required.includes(name),
    ]);
  return [
    ...Object.entries(schema.resources).flatMap(([token, it]) => of(token, it.inputProperties, it.requiredInputs)),
    ...Object.entries(schema.types).flatMap(([token, it]) => of(token, it.properties, it.required)),
  ];
}

const placesOf = (isWrong: (...it: ReturnType<typeof given>[number]) => boolean) =>
  given().flatMap((it) => (isWrong(...it) ? [`${it[0]}: ${it[1].description}`] : []));

describe("the reference of the components", () => {
  it("is current: npm run docs writes it", async () => {
    const documents = await referenceDocuments();
    const found = fs
      .readdirSync(REFERENCE, { recursive: true, encoding: "utf8" })
      .filter((file) => fs.statSync(path.join(REFERENCE, file)).isFile() && !file.endsWith(".yaml"))
      .map((file) => path.join("docs", "components", file));
    assert.deepEqual(found.sort(), Object.keys(documents).sort());
    for (const [file, text] of Object.entries(documents))
      assert.equal(fs.readFileSync(path.join(CHECKOUT, file), "utf8"), text, `${file} is stale: npm run docs`);
  });

  it("says of every component when to use it", () => {
    const without = Object.entries(schema.resources).filter(
      ([, { description }]) => !/^Use (it|one) /m.test(description),
    );
    assert.deepEqual(
      without.map(([token]) => token),
      [],
      "a paragraph of its docstring begins with Use it",
    );
  });

  it("says the default of everything that is optional, and of nothing else, as the last of what it says", () => {
    assert.deepEqual(
      placesOf(
        (_, { description = "" }, isRequired) => /\bDefault: (`[^`]*`|[^.`])+\.$/.test(description) === isRequired,
      ),
      [],
    );
  });

  it("says of what is plain that it is, for SDKs, and of nothing else", () => {
    assert.deepEqual(
      placesOf((_, { description = "", plain }) =>
        plain ? !/\bplain\b/i.test(description) : / Plain\./.test(description),
      ),
      [],
    );
  });

  it("leads to places that there are", () => {
    const pages = fs.readdirSync(REFERENCE).filter((file) => file.endsWith(".md"));
    const anchors = new Map<string, string[]>();
    const anchorsOf = (file: string) => {
      const known = anchors.get(file);
      if (known) return known;
      const found = [...fs.readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, "")
          .replaceAll(" ", "-"),
      );
      anchors.set(file, found);
      return found;
    };
    const broken: string[] = [];
    let count = 0;
    for (const page of pages) {
      void walkTokens(lexer(fs.readFileSync(path.join(REFERENCE, page), "utf8")), (token) => {
        if (token.type !== "link") return;
        // A link that was made within a URL is a part of it.
        if (/^https?:.*[[\]]/.test(token.href as string)) broken.push(`${page}: ${token.href as string}`);
        if (/^https?:/.test(token.href as string)) return;
        count += 1;
        const [file, anchor] = (token.href as string).split("#") as [string, string?];
        const target = file ? path.join(REFERENCE, file) : path.join(REFERENCE, page);
        const isThere = fs.existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
        if (!isThere) broken.push(`${page}: ${token.href as string}`);
      });
    }
    assert.ok(count > 100, String(count));
    assert.deepEqual(broken, []);
  });

  it("names the versions that are pinned", () => {
    const examples = path.join(REFERENCE, "examples");
    const named = fs
      .readdirSync(examples)
      // The version of ContainerInsights' add-on has no default.
      .filter((file) => file.endsWith(".yaml") && file !== "ContainerInsights.yaml")
      .flatMap((file) => pinsNamed(fs.readFileSync(path.join(examples, file), "utf8")));
    assert.ok(named.length > 20, String(named.length));
    assert.deepEqual(
      named.filter(({ version, pinned }) => version !== pinned),
      [],
    );
  });

  it("says where a project in YAML has the plugin, as the page of languages and the example do", () => {
    const ofPage = (page: string) =>
      lexer(fs.readFileSync(path.join(CHECKOUT, page), "utf8")).flatMap((token) =>
        token.type === "code" && token.lang === "yaml" ? [parse(token.text as string) as { plugins?: object }] : [],
      );
    const { plugins } = parse(fs.readFileSync(path.join(CHECKOUT, "examples/yaml/Pulumi.yaml"), "utf8")) as {
      plugins: object;
    };
    assert.deepEqual(ofPage("docs/languages.md"), [{ plugins }]);
    assert.deepEqual(ofPage("docs/components/README.md"), [{ name: "shop", runtime: "yaml", plugins }]);
  });

  it("says once what is plain, and what a value must be", () => {
    const pages = fs.readdirSync(REFERENCE).filter((file) => file.endsWith(".md") && file !== "README.md");
    const items = pages.flatMap(
      (file) => fs.readFileSync(path.join(REFERENCE, file), "utf8").match(/^- \*\*.*$/gm) ?? [],
    );
    const twice = [
      /(?:optional|required), plain\b.*(?:Plain (?:but|keys|names)|given is plain|are plain)/,
      /(?:such as|eksbuild).*ust be .*such as/,
      /…`.*…\./,
    ];
    assert.deepEqual(
      items.filter((it) => twice.some((form) => form.test(it))),
      [],
    );
    const efs = items.find((it) => it.startsWith("- **`efs`**: [`EfsVolume`]"));
    assert.match(efs!, /, optional, plain but for what its type takes as inputs\. A directory/);
  });
});
