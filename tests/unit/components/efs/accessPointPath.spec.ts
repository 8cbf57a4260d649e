import assert from "node:assert/strict";
import { validateAccessPointPath } from "../../../../components/efs/accessPointPath";

describe("validateAccessPointPath", () => {
  for (const path of ["/a", "/assets", "/a/b/c/d", "/with space/and-dash_and.dot", `/${"x".repeat(99)}`]) {
    it(`accepts ${path}`, () => {
      assert.deepEqual(validateAccessPointPath(path), []);
    });
  }

  for (const path of [
    "",
    "/",
    "relative",
    "/a/",
    "//a",
    "/a//b",
    "/a/b/c/d/e",
    "/.a",
    "/a/..",
    "/a*",
    "/a\nb",
    `/${"x".repeat(100)}`,
  ]) {
    it(`refuses ${JSON.stringify(path)}`, () => {
      assert.deepEqual(
        validateAccessPointPath(path).map(({ argument, actual }) => [argument, actual]),
        [["path", path]],
      );
    });
  }
});
