import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { lexer } from "marked";
import { parse } from "yaml";
import { askedBy, EXAMPLES_IN_TYPESCRIPT } from "../support/installedExamples";
import { pinsNamed } from "../support/pinsNamed";

const EXAMPLES = path.join(__dirname, "..", "..", "examples");
const read = (...parts: string[]) => fs.readFileSync(path.join(EXAMPLES, ...parts), "utf8");
const programs = {
  ...Object.fromEntries(EXAMPLES_IN_TYPESCRIPT.map((name) => [name, read(name, "index.ts")])),
  python: read("python", "__main__.py"),
  yaml: read("yaml", "Pulumi.yaml"),
};

describe("the examples", () => {
  for (const [name, text] of Object.entries(programs)) {
    it(`of ${name} have the versions that the program pins`, () => {
      const named = pinsNamed(text);
      assert.equal(named.length, text.match(/-eksbuild\.|public\.ecr\.aws/g)?.length);
      assert.deepEqual(
        named.filter(({ version, pinned }) => version !== pinned),
        [],
      );
    });
  }

  it("say in their head to set what they can't do without, unless the project has it", () => {
    for (const name of [...EXAMPLES_IN_TYPESCRIPT, "policies"]) {
      const required = [...read(name, "index.ts").matchAll(/\.require(?:Secret)?\("(\w+)"\)/g)].map(([, key]) => key!);
      const { config = {} } = parse(read(name, "Pulumi.yaml")) as { config?: object };
      const given = [...askedBy(name), ...Object.keys(config)].map((key) => key.replace("aws:", ""));
      assert.notDeepEqual(required, []);
      assert.deepEqual(
        required.filter((key) => !given.includes(key)),
        [],
        name,
      );
    }
  });

  it("of policies says how it is checked, and has its image from where all others come from", () => {
    const text = read("policies", "index.ts");
    const flags = "--policy-pack node_modules/eks-storage-policies --policy-pack-config policies.json";
    for (const verb of ["preview", "up"]) assert.ok(text.includes(` *     pulumi ${verb} ${flags}\n`), verb);
    const images = [...text.matchAll(/\bimage: "([^"]*)"/g)].map(([, image]) => image!);
    assert.ok(images.length > 0 && images.every((it) => it.startsWith("public.ecr.aws/")), images.join());
  });

  it("are in the tables of README.md and docs/components.md, each of them", () => {
    for (const [page, above] of Object.entries({ "README.md": "", "docs/components.md": "../" })) {
      const text = read("..", page);
      for (const name of fs.readdirSync(EXAMPLES))
        assert.ok(text.includes(`[${name}](${above}examples/${name}/`), name);
    }
  });

  it("make the namespace that a volume's claim is in, unless it is default", () => {
    const reference = path.join(EXAMPLES, "..", "docs", "components", "examples");
    const pages = fs.readdirSync(reference).filter((file) => file.endsWith(".ts"));
    const texts = [
      ...pages.map((file) => read("..", "docs", "components", "examples", file)),
      read("..", "components", "README.md"),
    ];
    const named = texts.flatMap((text) =>
      [...text.matchAll(/new storage\.(?:Static|Dynamic)Volume\([^]*?namespace: "([^"]+)"/g)].map(
        ([, name]) => [text, name!] as const,
      ),
    );
    assert.ok(named.some(([, name]) => name !== "default"));
    for (const [text, name] of named.filter(([, name]) => name !== "default"))
      assert.match(
        text,
        new RegExp(`new kubernetes\\.core\\.v1\\.Namespace\\("[^"]+", { metadata: { name: "${name}" } }`),
      );
  });

  it("have the files of a new project as docs/components.md gives them", () => {
    const blocks = lexer(read("..", "docs", "components.md")).flatMap((token) =>
      token.type === "code" && token.lang ? [parse(token.text as string) as unknown] : [],
    );
    const { runtime } = parse(read("access-point", "Pulumi.yaml")) as { runtime: string };
    const manifest = JSON.parse(read("access-point", "package.json")) as object;
    const compiled = JSON.parse(read("access-point", "tsconfig.json")) as object;
    assert.deepEqual(blocks, [{ name: "shop", runtime }, { ...manifest, name: "shop" }, compiled]);
  });

  it("in TypeScript are compiled alike, and ask for the same packages", () => {
    const dependencies = (name: string) => {
      const { dependencies, devDependencies } = JSON.parse(read(name, "package.json")) as Record<string, unknown>;
      return [dependencies, devDependencies, read(name, "tsconfig.json")];
    };
    for (const name of EXAMPLES_IN_TYPESCRIPT) assert.deepEqual(dependencies(name), dependencies("access-point"), name);
  });
});
