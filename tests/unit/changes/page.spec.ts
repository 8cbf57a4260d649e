import assert from "node:assert/strict";
import * as fc from "fast-check";
import { marked, type Token, type Tokens } from "marked";
import { type Change, Operation, partsOf, type PropertyChange } from "../../../changes/changes";
import { failedPage, limits, type PolicyFinding, type PreviewPage, previewPage } from "../../../changes/page";
import { readPreview } from "../../../changes/preview";
import { notKnown, printable } from "../../../changes/values";
import { ExitCode, judge, type Verdict } from "../../../changes/verdict";
import { urnOf } from "../../support/urns";

const WHOLE = "https://example.com/runs/1";

const change = (op: Operation, type: string, name: string, more: Partial<Change> = {}): Change => {
  const urn = urnOf(type, name);
  return {
    urn,
    type,
    name,
    op,
    provider: type.split(":")[0]!,
    custom: true,
    properties: [],
    dependencies: [],
    ...more,
  };
};
const property = (
  path: string,
  old: PropertyChange["old"],
  after: PropertyChange["new"],
  causesReplacement = false,
) => ({
  ...{ path, kind: "update" as const, causesReplacement },
  ...(old === undefined ? {} : { old }),
  ...(after === undefined ? {} : { new: after }),
});
const page = (changes: Change[], more: Partial<PreviewPage> = {}): string =>
  previewPage({ stack: "dev", changes, policies: [], notices: [], notKnown: [], whole: WHOLE, ...more });

const role = change(Operation.Create, "aws:iam/role:Role", "new");
const roles = (count: number) =>
  Array.from({ length: count }, (_, index) => change(Operation.Create, "aws:iam/role:Role", `r${index}`));
const lines = (text: string) => text.trimEnd().split("\n");

describe("a preview's page", () => {
  it("begins with the stack's mark, its name, what happens in one line, and where all of it is", () => {
    const fileSystem = change(Operation.Replace, "aws:efs/fileSystem:FileSystem", "files");
    const creates = ["a", "b", "c"].map((name) => change(Operation.Create, "aws:iam/role:Role", name));
    assert.deepEqual(lines(page([fileSystem, ...creates], { picture: `${WHOLE}/picture.svg` })).slice(0, 4), [
      "<!-- eks-storage preview dev -->",
      "## Preview of `dev`",
      "",
      `**3 to create, 1 to replace, 1 durable.** [Picture](${WHOLE}/picture.svg) · [The whole preview](${WHOLE})`,
    ]);
    assert.equal(lines(page([]))[3], `**Nothing changes.** [The whole preview](${WHOLE})`);
  });

  it("tells what is durable first, the gravest before the rest, with what is lost; then the others by what happens", () => {
    const disk = "aws:ebs/volume:Volume";
    const kept = { inputs: {}, outputs: {}, type: disk, protect: false, retainOnDelete: true };
    const changes = [
      change(Operation.Delete, "aws:iam/role:Role", "old"),
      change(Operation.Update, "aws:iam/role:Role", "same", { properties: [property("description", "a", undefined)] }),
      change(Operation.Replace, "aws:ec2/subnet:Subnet", "net", {
        properties: [property("cidrBlock", "10.0.0.0/24", "10.0.1.0/24", true), property("tags", {}, { a: "b" })],
      }),
      role,
      change(Operation.Import, "aws:iam/role:Role", "theirs"),
      change(Operation.Update, disk, "grown", { properties: [property("size", 10, 20)] }),
      change(Operation.Delete, disk, "gone", { old: { ...kept, retainOnDelete: false } }),
      change(Operation.Replace, disk, "kept", { old: kept }),
      // What stays as it is, is looked up, or groups others.
      change(Operation.Same, disk, "same"),
      change(Operation.Read, disk, "theirs"),
      change(Operation.Create, "shop:index:App", "app", { custom: false }),
    ];
    assert.deepEqual(lines(page(changes)).slice(4), [
      "",
      "### Durable: 3",
      "",
      "| what | resource | because of | lost with it |",
      "| --- | --- | --- | --- |",
      "| `-` to delete | `aws:ebs/volume:Volume` `gone` |  | All that is on it. |",
      "| `+-` to replace | `aws:ebs/volume:Volume` `kept` | no property is named | Nothing: it stays where it is, and the stack forgets it. |",
      "| `~` to update | `aws:ebs/volume:Volume` `grown` | `size`: `10` → `20` |  |",
      ...["", "### To create: 1", "", "| resource |", "| --- |", "| `aws:iam/role:Role` `new` |"],
      ...["", "### To import: 1", "", "| resource |", "| --- |", "| `aws:iam/role:Role` `theirs` |"],
      ...["", "### To update: 1", "", "| resource | properties |", "| --- | --- |"],
      "| `aws:iam/role:Role` `same` | `description`: `a` → `none` |",
      ...["", "### To replace: 1", "", "| resource | because of |", "| --- | --- |"],
      "| `aws:ec2/subnet:Subnet` `net` | `cidrBlock`: `10.0.0.0/24` → `10.0.1.0/24` |",
      ...["", "### To delete: 1", "", "| resource |", "| --- |", "| `aws:iam/role:Role` `old` |"],
    ]);
  });

  it("is the same in whatever order the engine came to the resources", () => {
    const changes = ["a", "b", "c"].flatMap((name) => [
      change(Operation.Create, "aws:iam/role:Role", name),
      change(Operation.Delete, "aws:ebs/volume:Volume", name),
    ]);
    const policies = ["a", "b"].map((policy) => ({ policy, level: "advisory", message: "m" }));
    assert.equal(page(changes, { policies }), page([...changes].reverse(), { policies: [...policies].reverse() }));
  });

  it("has the policies' findings with their mends, what stops the deployment first", () => {
    const policies: PolicyFinding[] = [
      { policy: "tags", level: "advisory", message: "Every resource has tags.\n" },
      { policy: "role", level: "mandatory", urn: role.urn, message: "No role for all.\nFix:\n  - Name ```one```." },
    ];
    const text = page([role], { policies });
    assert.match(text, /\*\*1 to create\.\*\* The policies refuse it: 1 mandatory finding\. \[/);
    assert.deepEqual(lines(text).slice(-15), [
      ...["### Policies: 2", "", "**`role`** (`mandatory`): `aws:iam/role:Role` `new`", ""],
      ...["````text", "No role for all.", "Fix:", "  - Name ```one```.", "````"],
      ...["", "**`tags`** (`advisory`)", "", "```text", "Every resource has tags.", "```"],
    ]);
    const long = page([], { policies: [{ policy: "p", level: "advisory", message: "m".repeat(5000) }] });
    assert.match(long, /m{3000}…\n```/);
  });

  it("has what the program says besides, after what is durable, as text and nothing else", () => {
    const disk = change(Operation.Create, "aws:ebs/volume:Volume", "d");
    const text = page([role, disk], { notices: ["The claim's disk is gone.\n- <b>restore</b> it"] });
    const [durable, notices, others] = ["### Durable", "### Notices: 1", "### To create"].map((it) => text.indexOf(it));
    assert.ok(0 < durable! && durable! < notices! && notices! < others!, text);
    assert.match(text, /### Notices: 1\n\n```text\nThe claim's disk is gone\.\n- <b>restore<\/b> it\n```\n/);
    const folded = page(roles(60), { notices: ["The claim's disk is gone."] });
    assert.match(folded, /<details open><summary>Notices: 1</);
  });

  it("says what can't be known yet: what it is told, and which values of what is there already are open", () => {
    const fileSystem = change(Operation.Update, "aws:iam/role:Role", "files", {
      properties: [property("a", "x", notKnown), property("b", "x", { c: [notKnown] }), property("d", "x", "y")],
    });
    const text = page([fileSystem], { notKnown: ["The cluster's API can't be reached."] });
    assert.deepEqual(lines(text).slice(-4), [
      ...["### Not known yet: 2", "", "- `The cluster's API can't be reached.`"],
      "- `aws:iam/role:Role` `files`: what `a`, `b` will be",
    ]);
  });

  it("has the gate's report, where it doesn't simply pass, before all else", () => {
    const type = "aws:ebs/volume:Volume";
    const state = { type, custom: true, id: "vol-1", inputs: {}, outputs: {} };
    const preview = (op: string) =>
      JSON.stringify({
        steps: [{ op, urn: urnOf(type, "d"), oldState: state, ...(op === "delete" ? {} : { newState: state }) }],
        changeSummary: { [op]: 1 },
      });
    const judged = (text: string): Verdict => judge(text, () => ({ name: "gate.dev.yaml" }));
    const refused = page(readPreview(preview("delete")).changes, { gate: judged(preview("delete")) });
    assert.match(refused, /\*\*1 to delete, 1 durable\.\*\* \*\*The gate refuses it\.\*\* /);
    assert.match(
      refused,
      /\n### Gate: 1 finding\n\n\*\*`aws:ebs\/volume:Volume` `d` would be deleted\*\*\n\n- its id: `vol-1`\n/,
    );
    assert.ok(refused.indexOf("### Gate") < refused.indexOf("### Durable"));
    const passed = page([], { gate: judged(preview("same")) });
    assert.match(passed, /\*\*Nothing changes\.\*\* The gate lets it pass\. /);
    assert.doesNotMatch(passed, /###/);
    const blind = page([], { gate: { ...judged("{"), exitCode: ExitCode.NotJudged } });
    assert.match(blind, /\*\*The gate can't judge it\.\*\* /);
    assert.match(blind, /\n### Gate\n\n {4}A preview in JSON was expected\./);
  });

  it("has no secret in it", () => {
    const type = "kubernetes:core/v1:Secret";
    const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const state = (value: string) => ({
      ...{ type, custom: true, outputs: {} },
      inputs: { data: { password: value }, other: { ...signature, plaintext: value } },
    });
    const step = { op: "update", urn: urnOf(type, "s"), oldState: state("hunter1"), newState: state("hunter2") };
    const detailedDiff = {
      "data.password": { kind: "update", inputDiff: true },
      other: { kind: "update", inputDiff: true },
    };
    const text = JSON.stringify({ steps: [{ ...step, detailedDiff }], changeSummary: { update: 1 } });
    const result = page(readPreview(text).changes);
    assert.match(result, /`data\.password`: `\[secret\]` → `\[secret\]`<br>`other`: `\[secret\]` → `\[secret\]`/);
    assert.doesNotMatch(result, /hunter/);
  });

  it("tells of a resource with many properties, or long ones, at a length that can be read", () => {
    const many = Array.from({ length: 20 }, (_, index) => property(`p${index}`, "x".repeat(1000), notKnown));
    const text = page([change(Operation.Update, "aws:iam/role:Role", "n".repeat(1000), { properties: many })]);
    assert.match(text, /`p7`: `x{59}…` → `not known yet`<br>and 12 more \|/);
    assert.match(text, /, `p7`, 12 more will be/);
    assert.ok(text.length < 2500, String(text.length));
  });
});

describe("a long page", () => {
  it("is folded above 60 lines, except what is durable", () => {
    const disk = change(Operation.Delete, "aws:ebs/volume:Volume", "d");
    const short = page([disk, ...roles(45)]);
    assert.equal(lines(short).length, 60);
    assert.doesNotMatch(short, /<details/);
    const long = page([disk, ...roles(46)]);
    assert.match(long, /\n<details open><summary>Durable: 1<\/summary>\n\n\| what/);
    assert.match(long, /\n<details><summary>To create: 46<\/summary>\n\n\| resource \|\n(.*\n)+\n<\/details>\n$/);
    assert.doesNotMatch(long, /^#{3}/m);
  });

  it("is cut between two rows of its longest section, and says what it leaves out and where it is", () => {
    const gone = change(Operation.Delete, "aws:iam/role:Role", "gone");
    const text = page([...roles(5000), gone]);
    assert.ok(text.length <= limits.longest && text.length > limits.longest - 200, String(text.length));
    const note =
      /\n\*\*Cut here\.\*\* Not shown: (\d+) of 5000 in "To create: 5000"\. \[The whole preview\]\(\S+\) has it\.\n$/;
    const [, left] = note.exec(text)!;
    assert.equal(text.match(/^\| `aws/gm)!.length, 5001 - Number(left));
    assert.match(text, /\| `aws:iam\/role:Role` `gone` \|\n\n<\/details>\n\n\*\*Cut/);
  });

  it("leaves out whole sections rather than what is durable", () => {
    const disks = Array.from({ length: 5000 }, (_, index) =>
      change(Operation.Create, "aws:ebs/volume:Volume", `d${index}`),
    );
    const text = page([...disks, ...roles(1000)]);
    assert.match(text, /<details open><summary>Durable: 5000<\/summary>/);
    assert.match(text, /Not shown: \d+ of 5000 in "Durable: 5000", 1000 of 1000 in "To create: 1000"\./);
    assert.doesNotMatch(text, /<summary>To create/);
  });
});

/** Every token of a page, those within others too. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(text), (token) => void tokens.push(token));
  return tokens;
}

/** Fails where a page isn't what GitHub shows whole: tables of even rows, foldings that end. */
function assertWhole(text: string): void {
  assert.ok(text.length < 64_000, String(text.length));
  const tokens = tokensOf(text);
  const html = tokens.filter(({ type }) => type === "html").map(({ raw }) => raw);
  let depth = 0;
  for (const [tag] of html.join("\n").matchAll(/<\/?details/g)) {
    depth += tag === "<details" ? 1 : -1;
    assert.ok(depth === 0 || depth === 1, "one folding in another, or an end without a beginning");
  }
  assert.equal(depth, 0, "a folding without an end");
  for (const { raw } of tokens.filter(({ type }) => type === "table")) {
    const [columns, ...others] = lines(raw.trim()).map((line) => line.split("|").length);
    assert.ok(
      others.every((count) => count === columns),
      raw,
    );
  }
  const known = /^(<!-- eks-storage preview [^ ]* -->|<\/?details( open)?>|<\/?summary>|<\/?code>|<br>)$/;
  const foreign = html.flatMap((raw) => raw.match(/<[^>]*>/g) ?? []).filter((tag) => !known.test(tag));
  assert.deepEqual(foreign, [], "HTML that isn't the page's own");
  const links = tokens
    .filter(({ type }) => ["link", "image"].includes(type))
    .map((token) => (token as Tokens.Link).href);
  assert.ok(
    links.every((href) => href === WHOLE),
    links.join(" "),
  );
  // Text outside of code is where somebody could be mentioned.
  const spoken = tokens.filter((it) => it.type === "text" && !("tokens" in it && it.tokens)).map(({ raw }) => raw);
  assert.ok(!spoken.some((it) => it.includes("@")), "a mention");
}

/** The texts that a reader sees in code, as they came in. */
function codeOf(text: string): string[] {
  const html = marked.parse(text, { async: false });
  const decode = (it: string) =>
    it
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
  return [...html.matchAll(/<code>([^]*?)<\/code>/g)].map(([, inner]) => decode(inner!));
}

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."|`\\\n\r\t<>@#*_[]()!-~&;\"' ",
        "```",
        "<!--",
        "-->",
        "</details>",
        "@org/team",
        "\u202e",
        "https://x.y",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe("whatever a preview is about", () => {
  it("stands on its page as it is, in code: no table, HTML, link or mention comes of it", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (name, path, value, stack) => {
        const changes = [
          change(Operation.Create, "aws:iam/role:Role", name),
          change(Operation.Update, "aws:ebs/volume:Volume", name, { properties: [property(path, value, notKnown)] }),
        ];
        const urn = changes[0]!.urn;
        const policies = [{ policy: name, level: "mandatory", ...(partsOf(urn) ? { urn } : {}), message: value }];
        const text = page(changes, { stack, policies, notices: [value, name], notKnown: [value] });
        assertWhole(text);
        const seen = codeOf(text);
        // Spaces at both ends alone are a reader's loss.
        const trimmed = seen.map((it) => it.trim());
        for (const it of [name, path, value, stack])
          assert.ok(
            trimmed.includes(printable(it).trim()) || it.trim() === "",
            `${JSON.stringify(it)} in ${JSON.stringify(seen)}`,
          );
      }),
      { numRuns: 300 },
    );
  });

  it("is cut so that tables and foldings are whole", () => {
    const one = fc.record({
      op: fc.constantFrom(...Object.values(Operation)),
      type: fc.constantFrom("aws:ebs/volume:Volume", "aws:iam/role:Role", "kubernetes:apps/v1:Deployment"),
      name: fc.oneof(
        hostile,
        fc.integer({ min: 1, max: 400 }).map((length) => "n".repeat(length)),
      ),
      value: hostile,
      repeat: fc.integer({ min: 1, max: 400 }),
    });
    const policy = fc.record({
      policy: hostile,
      level: hostile,
      message: fc.integer({ max: 4000, min: 0 }).map((length) => "m`\n".repeat(length)),
    });
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 5 }),
        fc.array(policy, { maxLength: 3 }),
        fc.array(hostile),
        (some, policies, unknowns) => {
          const changes = some.flatMap(({ op, type, name, value, repeat }) =>
            Array.from({ length: repeat }, (_, index) =>
              change(op, type, `${name}${index}`, { properties: [property("p", value, value, true)] }),
            ),
          );
          const text = page(changes, { policies, notKnown: unknowns });
          assertWhole(text);
          const shown = text.match(/^\| (?!what|resource|---)/gm)?.length ?? 0;
          const isCut = text.includes("**Cut here.**");
          const all = changes.filter(({ op }) => /create|update|replace|delete|import/.test(op)).length;
          assert.ok(isCut ? shown <= all : shown === all, `${shown} of ${all}`);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("the page of a preview that failed", () => {
  const failed = { stack: "dev", errors: ["accountId must be your own"], policies: [], notices: ["The disk is gone."] };

  it("says why, and nothing of what would change", () => {
    assert.deepEqual(lines(failedPage(failed)), [
      ...["<!-- eks-storage preview dev -->", "## Preview of `dev`", ""],
      "**The preview failed: what would change isn't known.**",
      ...["", "### Why", "", "```text", "accountId must be your own", "```"],
      ...["", "### Notices: 1", "", "```text", "The disk is gone.", "```"],
    ]);
  });

  it("links the run where there is one, and no file that wasn't written", () =>
    assert.match(
      failedPage({ ...failed, run: WHOLE }),
      /isn't known\.\*\* \[The run\]\(https:\/\/example\.com\/runs\/1\)\n/,
    ));
});
