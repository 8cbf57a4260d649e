import assert from "node:assert/strict";
import * as fc from "fast-check";
import { leaks } from "../support/secretSearch";

const SECRET = 'correct "horse" battery+staple\n';
const found = (text: string, secret = SECRET) => leaks({ password: secret }, { state: text });
const base64 = (before: string) => Buffer.from(`${before}${SECRET}, and more`).toString("base64");

describe("the search for secrets", () => {
  const planted: Record<string, string> = {
    plain: `password: ${SECRET}`,
    "JSON-escaped": JSON.stringify({ password: SECRET }),
    "JSON-escaped twice": JSON.stringify(JSON.stringify({ password: SECRET })),
    "URL-encoded": `mysql://root:${encodeURIComponent(SECRET)}@catalog-mysql`,
    "URL-encoded as a form": new URLSearchParams({ password: SECRET }).toString(),
    hex: Buffer.from(`root:${SECRET}`).toString("hex"),
    HEX: Buffer.from(`root:${SECRET}`).toString("hex").toUpperCase(),
    "base64 at offset 0": base64(""),
    "base64 at offset 1": base64("a"),
    "base64 at offset 2": base64("ab"),
    "base64url at offset 0": base64("abc").replaceAll("+", "-").replaceAll("/", "_"),
  };
  for (const [encoding, text] of Object.entries(planted)) {
    it(`finds what is ${encoding}`, () => {
      assert.ok(found(text).includes(`password, ${encoding}, in state`), found(text).join("\n"));
    });
  }

  it("finds any secret within anything that is encoded as a whole", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    // A stack's secrets are such texts: generated passwords, keys in PEM, tokens.
    const ascii = fc.string({ unit: "grapheme-ascii", minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(text, ascii, text, (before, secret, after) => {
        const whole = Buffer.from(before + secret + after);
        for (const encoding of ["base64", "base64url", "hex"] as const) {
          assert.notDeepEqual(found(whole.toString(encoding), secret), [], encoding);
        }
        assert.notDeepEqual(found(JSON.stringify(before + secret + after), secret), []);
        assert.notDeepEqual(found(encodeURIComponent(before + secret + after), secret), []);
      }),
    );
  });

  it("finds one line of a private key", () => {
    const lines = ["A", "B", "C"].map((letter) => letter.repeat(64));
    const key = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----"].join("\n");
    assert.deepEqual(found(`error near ${lines[1]}`, key).slice(0, 1), ["password, plain, in state"]);
  });

  it("finds nothing where nothing is, and takes no secret that is found anywhere", () => {
    assert.deepEqual(found("nothing"), []);
    assert.throws(() => found("nothing", "short"), /password is too short to be searched for/);
  });
});
