import assert from "node:assert/strict";
import { assertComplete, KINDS, PackageProject, TYPESCRIPT } from "../support/packageProject";
import { tarball } from "../support/packed";

describe("the package with the lowest versions of the SDKs that it takes", function () {
  this.timeout("5m");
  const project = new PackageProject(KINDS.lowest);
  before(() => project.install(tarball()));
  after(() => project.remove());

  it("leaves them as they are, each once", () => project.assertCopies());

  it("is clean by the configuration of Pulumi's templates", () =>
    assert.deepEqual(project.typeCheck("index.ts"), { version: TYPESCRIPT, said: [] }));

  it("runs, with CsiDriver, StaticVolume and DeletionProtection in it", () => assertComplete(project.mocked()));
});
