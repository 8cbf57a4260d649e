import assert from "node:assert/strict";
import { assertComplete, KINDS, PackageProject } from "../support/packageProject";
import { tarball } from "../support/packed";

describe("the package in an empty npm project, without a TypeScript of its own", function () {
  this.timeout("5m");
  const project = new PackageProject(KINDS.npm);
  before(() => project.install(tarball()));
  after(() => project.remove());

  it("brings each SDK, once", () => project.assertCopies());

  it("has types that the SDK's own TypeScript 3.8 understands; not all of the SDKs' are", () => {
    const ours = (line: string) => line.startsWith("index.ts") || line.includes("/node_modules/eks-storage/");
    const { version, said } = project.typeCheck("index.ts");
    assert.match(version, /^3\.8\./);
    assert.deepEqual(said.filter(ours), []);
  });

  it("runs, with CsiDriver, StaticVolume and DeletionProtection in it", () => assertComplete(project.mocked()));
});
