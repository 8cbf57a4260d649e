import assert from "node:assert/strict";
import { assertComplete, lowest, PackageProject, SDKS, TYPESCRIPT } from "../support/packageProject";
import { tarball } from "../support/packed";

describe("the package with the lowest versions of the SDKs that it takes", function () {
  this.timeout("5m");
  const project = new PackageProject({ dependencies: lowest, devDependencies: { typescript: TYPESCRIPT } });
  before(() => project.npm("install", tarball()));
  after(() => project.remove());

  it("leaves them as they are, each once", () =>
    assert.deepEqual(
      project.copies(),
      SDKS.map((sdk) => `${sdk} ${lowest[sdk]}`),
    ));

  it("is clean by the configuration of Pulumi's templates", () =>
    assert.deepEqual(project.typeCheck("index.ts"), { version: TYPESCRIPT, said: [] }));

  it("runs, with CsiDriver, StaticVolume and DeletionProtection in it", () => assertComplete(project.mocked()));
});
