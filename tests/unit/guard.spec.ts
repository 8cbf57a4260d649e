import assert from "node:assert/strict";
import { configurationCases } from "../support/configurations";
import { outsideGuard, type ResourceState } from "../support/guard";
import { program } from "../support/program";

const urn = (name: string, type = "t") => `urn:pulumi:dev::p::${type}::${name}`;
const GUARD = "eks-storage:index:DeletionProtection";
const guard: ResourceState = { urn: urn("guard", GUARD), type: GUARD, custom: false };

describe("the guard against a destroy", function () {
  this.timeout(60_000);

  for (const { name, stack, changes } of configurationCases) {
    it(`has every resource of ours behind it: ${name}`, async () => {
      assert.deepEqual(outsideGuard(await program(stack, { changes })), []);
    });
  }

  it("doesn't have behind it what it doesn't depend on, though it depends on its parent", () => {
    const component = { urn: urn("component"), type: "t", custom: false };
    const child = { urn: urn("child"), type: "t", custom: true, parent: component.urn };
    assert.deepEqual(outsideGuard([component, child, { ...guard, dependencies: [component.urn] }]), [child.urn]);
  });

  it("has behind it providers, parents, and what properties come from, of all that it depends on", () => {
    const [provider, parent, origin, other] = ["provider", "parent", "origin", "other"].map((name) => ({
      urn: urn(name),
      type: "t",
      custom: true,
    }));
    const child = {
      urn: urn("child"),
      type: "t",
      custom: true,
      provider: `${provider!.urn}::an-id`,
      parent: parent!.urn,
      propertyDependencies: { it: [origin!.urn], that: null },
    };
    const resources = [provider!, parent!, origin!, other!, child, { ...guard, dependencies: [child.urn] }];
    assert.deepEqual(outsideGuard(resources), [other!.urn]);
  });

  it("needn't care for components without children, and for providers that the engine makes itself", () => {
    const provider = { type: "pulumi:providers:eks", custom: true };
    const component = { urn: urn("component"), type: "t", custom: false };
    const [ours, theirs] = ["mine", "default_4_3_0"].map((name) => urn(name, provider.type));
    assert.deepEqual(outsideGuard([component, { ...provider, urn: theirs! }, guard]), []);
    assert.deepEqual(outsideGuard([{ ...provider, urn: ours! }, guard]), [ours]);
  });
});
