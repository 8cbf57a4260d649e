import assert from "node:assert/strict";
import * as fc from "fast-check";
import { code } from "../../../changes/markdown";
import { wrapped } from "../../../changes/text";
import { cleaned, DepthError, notKnown, printable, secret, shown, stepsOf, valueAt } from "../../../changes/values";
import { UNKNOWN } from "../../support/previews";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

describe("a value of the engine's", () => {
  it("is masked where it is a secret, however the engine writes it, and wherever it is", () => {
    const written = [
      "[secret]",
      { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "hunter2" },
      { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' },
      { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", secret: true, value: "hunter2" },
    ];
    for (const it of written) {
      const value = cleaned({ list: [{ it }] });
      assert.deepEqual(value, { list: [{ it: secret }] });
      assert.equal(shown(value), '{"list":[{"it":"[secret]"}]}');
    }
  });

  it("is not known yet where the engine says so, of each type and within a text", () => {
    const all = [
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      "030794c1-ac77-496b-92df-f27374a8bd58",
      "e48ece36-62e2-4504-bad9-02848725956a",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ];
    assert.deepEqual(
      cleaned(all),
      all.map(() => notKnown),
    );
    assert.equal(cleaned(`arn:aws:s3:::${UNKNOWN}/*`), "arn:aws:s3:::not known yet/*");
    assert.equal(cleaned({ [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" }), notKnown);
    assert.equal(cleaned({ [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 1 }), 1);
    assert.equal(JSON.stringify({ value: notKnown }), '{"value":"not known yet"}');
  });

  it("is found by its path, as the engine writes paths", () => {
    const value = cleaned({ spec: { ports: [{ port: 80 }] }, tags: { "a.b": "x", 'q"': "y" }, later: UNKNOWN });
    assert.equal(valueAt(value, "spec.ports[0].port"), 80);
    assert.equal(valueAt(value, 'tags["a.b"]'), "x");
    assert.equal(valueAt(value, 'tags["q\\""]'), "y");
    assert.equal(valueAt(value, "later.anything"), notKnown);
    for (const path of ["spec.constructor", "spec.ports.length.x", "none.at.all", "tags[", "__proto__.x"]) {
      assert.equal(valueAt(value, path), undefined, path);
    }
    assert.deepEqual(stepsOf('a.b[0]["c.d"].e-f'), ["a", "b", "0", "c.d", "e-f"]);
  });

  it("may not be deeper than anybody means it", () => {
    const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`) as unknown;
    assert.throws(() => cleaned(deep), new DepthError());
    assert.match(new DepthError().message, /deeper than 100 levels/);
  });

  it("doesn't change the objects that it is read into", () => {
    const value = cleaned(JSON.parse('{"__proto__":{"protect":true}}'));
    assert.equal((value as { protect?: boolean }).protect, undefined);
    assert.equal(shown(value), '{"__proto__":{"protect":true}}');
  });

  it("is shown in one line that can't redraw a terminal, and is cut", () => {
    assert.equal(shown("a\nb\u001b[2J\u202e"), "a\\u000ab\\u001b[2J\\u202e");
    assert.equal(shown("x".repeat(300)), `${"x".repeat(199)}…`);
    assert.deepEqual([shown(undefined), shown(""), shown(0), shown(null)], ["none", '""', "0", "null"]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(printable(text), /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }),
    );
  });
});

describe("a text", () => {
  it("is broken at 80 columns, a long word within, and nothing of it is lost", () => {
    assert.equal(wrapped("one two", "   ", "1. "), "1. one two");
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 200, unit: fc.constantFrom("a", "é", "b") })),
        (words) => {
          const lines = wrapped(words.join(" "), "    ").split("\n");
          assert.ok(lines.every((line) => line.length <= 80 && line.startsWith("    ")));
          assert.equal(lines.join("").replaceAll(" ", ""), words.join(""));
        },
      ),
    );
  });

  it("is itself in Markdown, whatever marks are in it", () => {
    assert.equal(code("plain"), "`plain`");
    assert.equal(code("a`b``c"), "```a`b``c```");
    assert.equal(code("`"), "`` ` ``");
    assert.equal(code(""), "(empty)");
    assert.equal(code("@somebody <b>\n# x"), "`@somebody <b>\\u000a# x`");
  });
});
