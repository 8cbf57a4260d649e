import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Finding, FindingKind, findingsOf } from "../../../changes/gate";
import { type Overridden, type Override, override, OverridesError, readOverrides } from "../../../changes/overrides";
import { readPreview } from "../../../changes/preview";
import { digest, state, step } from "../../support/previews";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const files = state(FILE_SYSTEM, "my files");
const key = state("aws:kms/key:Key", "key", { protect: true });

const findings: Finding[] = findingsOf(
  readPreview(JSON.stringify(digest([step("delete", files), step("replace", key, { ...key, protect: false })])))
    .changes,
);

/** An entry of the file; what is `undefined` is left out. */
const entry = (more: Record<string, string | undefined> = {}): string => {
  const all = {
    resource: `${FILE_SYSTEM} my files`,
    finding: "deleted",
    reason: "moved",
    until: "2026-12-31",
    ...more,
  };
  const lines = Object.entries<string | undefined>(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `  - ${lines.join("\n    ")}\n`;
};
const held = (...entries: string[]): Overridden =>
  override(findings, readOverrides(`overrides:\n${entries.join("")}`, "f"));
const told = ({ refused, allowed }: Overridden) => [
  refused.map(({ kind, name }) => `${kind} ${name}`),
  allowed.map(({ finding: { kind, name } }) => `${kind} ${name}`),
];
const refusal = (content: string): string => {
  try {
    override(findings, readOverrides(content, "gate.dev.yaml"));
  } catch (error) {
    assert.ok(error instanceof OverridesError, String(error));
    return error.message;
  }
  return assert.fail("it was read");
};

describe("an override", () => {
  const [deleted, others] = ["deleted my files", ["replaced key", "unprotected key"]];

  it("lets one kind of finding of one resource through, named by type and name, or by its URN", () => {
    for (const resource of [`${FILE_SYSTEM} my files`, `"${files.urn}"`]) {
      const result = held(entry({ resource }));
      assert.deepEqual(told(result), [others, [deleted]]);
      assert.equal(result.allowed[0]!.override.reason, "moved");
      assert.deepEqual(result.warnings, []);
    }
    const onKey = held(entry({ resource: "aws:kms/key:Key key", finding: "unprotected" }));
    assert.deepEqual(told(onKey), [[deleted, "replaced key"], ["unprotected key"]]);
  });

  it("counts on its last day, and not on the next", () => {
    assert.deepEqual(told(held(entry({ until: "2026-11-29" }))), [others, [deleted]]);
    const past = held(entry({ until: "2026-11-28" }));
    assert.deepEqual(told(past), [[deleted, ...others], []]);
    assert.deepEqual(past.warnings, [`The override of ${FILE_SYSTEM} my files (deleted) ended on 2026-11-28.`]);
    const renewed = held(entry({ until: "2026-11-28" }), entry({ until: "2026-11-30" }));
    assert.deepEqual(told(renewed), [others, [deleted]]);
  });

  it("that matches nothing is told, with what happens to its resource instead", () => {
    const { refused, warnings } = held(
      entry({ resource: "aws:kms/key:Key other" }),
      entry({ resource: "aws:kms/key:Key key" }),
    );
    assert.equal(refused.length, 3);
    assert.deepEqual(warnings, [
      "The override of aws:kms/key:Key other (deleted) matches nothing: remove it.",
      "The override of aws:kms/key:Key key (deleted) matches nothing: remove it. What happens to it is: replaced, unprotected.",
    ]);
  });

  it("may be for at most 90 days", () => {
    assert.deepEqual(told(held(entry({ until: "2027-02-27" }))), [others, [deleted]]);
    assert.match(refusal(`overrides:\n${entry({ until: "2027-02-28" })}`), /until: must be at most 90 days ahead/);
  });

  it("is refused without a reason, a day or a resource, all mistakes in one message", () => {
    const content = [
      entry({ reason: undefined }),
      entry({ reason: '" "' }),
      entry({ until: undefined }),
      entry({ until: "soon" }),
      entry({ until: "2026-02-31" }),
      entry({ resource: "files" }),
      entry({ finding: "all" }),
      entry({ extra: "x" }),
    ].join("");
    const lines = refusal(`overrides:\n${content}`).split("\n");
    assert.equal(
      lines[0],
      "gate.dev.yaml must have overrides, each with resource, finding, reason and until. It has mistakes:",
    );
    assert.deepEqual(lines.slice(1, -1), [
      "  overrides.0.reason: is missing, or no text",
      "  overrides.1.reason: is empty",
      "  overrides.2.until: is missing, or no text",
      "  overrides.3.until: must be a day such as 2026-12-31",
      "  overrides.4.until: must be a day such as 2026-12-31",
      "  overrides.5.resource: must be a URN, or a type and a name with a space between",
      "  overrides.6.finding: must be one of deleted, forgotten, replaced, unprotected, unretained, weakened",
      '  overrides.7: Unrecognized key: "extra"',
    ]);
    assert.equal(lines.at(-1), "docs/gate.md has an example.");
  });

  it("is refused where a type and a name mean several resources", () => {
    const parents = ["a:b:C", "d:e:F"].map((parent) => ({
      ...files,
      urn: files.urn.replace("aws:", `${parent}$aws:`),
    }));
    const both = findingsOf(readPreview(JSON.stringify(digest(parents.map((it) => step("delete", it))))).changes);
    const overrides = readOverrides(`overrides:\n${entry()}`, "f");
    assert.throws(
      () => override(both, overrides),
      new OverridesError(
        `${FILE_SYSTEM} my files means several resources. Name one by its URN:\n` +
          parents.map(({ urn }) => `  ${urn}`).join("\n"),
      ),
    );
    const [one] = override(both, [{ ...overrides[0]!, resource: parents[0]!.urn }]).refused;
    assert.equal(one!.urn, parents[1]!.urn);
  });
});

describe("a file of overrides", () => {
  it("looks like the example on its page", () => {
    const page = fs.readFileSync(path.join(__dirname, "../../../docs/gate.md"), "utf8");
    const [, example] = /```yaml\n([^]*?)```/.exec(page)!;
    const [{ resource, finding }] = readOverrides(example!, "docs/gate.md") as [Override];
    assert.deepEqual([resource, finding], ["aws:efs/accessPoint:AccessPoint eks-storage-dev-assets", "replaced"]);
    for (const kind of Object.values(FindingKind)) assert.ok(page.includes(`| \`${kind}\``), kind);
  });

  it("may be empty", () => {
    for (const content of ["", "# nothing\n", "overrides: []\n"]) assert.deepEqual(readOverrides(content, "f"), []);
  });

  it("must be YAML, and have overrides", () => {
    assert.match(refusal("overrides: [\n"), /^gate\.dev\.yaml must be YAML: .+ line \d/);
    assert.match(refusal("- a\n"), /\n {2}all of it: Invalid input: expected object/);
    assert.match(
      refusal("override: []\n"),
      /\n {2}overrides: Invalid input.*\n {2}all of it: Unrecognized key: "override"/,
    );
  });
});
