import assert from "node:assert/strict";
import { Belonging } from "../../../audit/belonging";
import { Owner } from "../../../audit/findings";
import { type Scope, scopeOf, type Tags } from "../../../audit/scope";
import { readProject } from "../../../config/files";
import { configurationCases } from "../../support/configurations";
import { configurationOf, program } from "../../support/program";
import { all, one } from "../../support/queries";
import type { Registration } from "../../support/registrations";

/** An organisation's tags, which all its teams give. */
const TAGS = { Project: "shop", Environment: "prod" };
const CHECKOUT = process.cwd();

/** What the program makes that the audit knows by tags. */
const KINDS = ["Vpc", "Eip", "NatGateway", "SecurityGroup", "FileSystem", "AccessPoint", "Key"];

function scopeIn(stack: string, changes: Record<string, unknown>): Scope {
  const values = configurationOf(stack, changes);
  return scopeOf({ ...readProject(CHECKOUT), stack, values, given: [], environments: [] });
}

/** A key's description, which AWS gives beside its tags. */
interface Made {
  id: string;
  tags: Tags;
  description?: string;
}

/** What is made of the registrations, with its tags. */
function madeOf(registrations: Registration[]): Made[] {
  const ofKinds = KINDS.flatMap((kind) => all(registrations, kind)).filter(({ type }) => type.startsWith("aws:"));
  const resources = ofKinds.map(({ name, type, inputs }) => ({
    id: `${type} ${name}`,
    tags: { ...TAGS, ...(inputs.tags as Tags) },
    ...(type.endsWith(":Key") && { description: inputs.description as string }),
  }));
  const nodes = all(registrations, "LaunchTemplate").flatMap(({ inputs }) =>
    (inputs.tagSpecifications as { resourceType: string; tags: Tags }[]).map(({ resourceType: id, tags }) => ({
      id,
      tags,
    })),
  );
  const ofClass = one(registrations, "StorageClass", "ebs").inputs.parameters.tagSpecification_1 as string;
  const [tag = "", value = ""] = ofClass.split("=");
  return [...resources, ...nodes, { id: "disk", tags: { ...TAGS, CSIVolumeName: "pvc-1", [tag]: value } }];
}

describe("an audit of a stack whose tags others have, too", function () {
  this.timeout(60_000);
  const tags = { tags: TAGS };
  const scope = scopeIn("prod", tags);
  const whose = (of: Scope, given: Tags, description?: string) =>
    new Belonging(of, new Map()).byTags("id", { ...TAGS, ...given }, description);

  for (const name of ["everythingOnEfs", "existingCluster", "existingFileSystemWithoutMountTargets"]) {
    it(`knows by a name whatever the program makes: ${name}`, async () => {
      const { stack, changes } = configurationCases.find((it) => it.name === name)!;
      const given = { ...changes, ...tags };
      const own = scopeIn(stack, given);
      assert.ok(own.sharesTags);
      const made = madeOf(await program(stack, { changes: given }));
      const belonging = new Belonging(own, new Map());
      const unknown = made.filter((it) => !belonging.byTags(it.id, it.tags, it.description));
      assert.deepEqual([unknown, belonging.remarks()], [[], []]);
      assert.ok(made.length >= 4, String(made.length));
    });
  }

  it("doesn't take another team's things for the stack's", () => {
    for (const name of [
      "",
      "shop-images",
      "eks-storage-prod-2",
      "eks-storage-prod-2-assets",
      "eks-storage-production",
      "my-eks-storage-prod",
    ]) {
      assert.equal(whose(scope, { Name: name }), undefined, name);
    }
    assert.equal(whose(scope, { CSIVolumeName: "pvc-1", "eks-storage:backup": "eks-storage-dev" }), undefined);
    assert.equal(whose(scope, {}, "Kubernetes secrets of eks-storage-prod-2"), undefined);
    assert.equal(whose(scope, { "kubernetes.io/cluster/shop": "owned", CSIVolumeName: "pvc-1" }), undefined);
    assert.equal(whose(scope, { Environment: "dev", Name: "eks-storage-prod" }), undefined, "another value");
  });

  it("says by which tags and which name it told", () => {
    assert.deepEqual(whose(scope, { Name: "eks-storage-prod-nat-eu-west-1a" }), {
      owner: Owner.Stack,
      because: "tags Project, Environment, Name",
    });
    assert.deepEqual(whose(scope, {}, "Kubernetes secrets of eks-storage-prod"), {
      owner: Owner.Stack,
      because: "tags Project, Environment, description",
    });
    const adopted = { ...scope, bucketNames: ["images"] };
    assert.equal(whose(adopted, { Name: "images" })?.owner, Owner.Stack);
  });

  it("knows by its cluster what a driver made in one of somebody else's", () => {
    const existing = { ...scopeIn("prod", { ...tags, existingClusterName: "shop" }) };
    const disk = { CSIVolumeName: "pvc-1", "kubernetes.io/cluster/shop": "owned" };
    assert.deepEqual(whose(existing, disk), { owner: Owner.Driver, because: "tag CSIVolumeName" });
    assert.equal(whose(existing, { ...disk, Environment: "dev" }), undefined, "without the stack's tags");
    assert.equal(whose(existing, { CSIVolumeName: "pvc-1", KubernetesCluster: "other" }), undefined);
  });

  it("counts what it passes over, and names some", () => {
    const belonging = new Belonging(scope, new Map());
    for (let count = 1; count <= 12; count++) belonging.byTags(`vol-${count}`, TAGS);
    // It is in the way for another reason.
    belonging.byTags("eni-1", TAGS);
    const more = { owner: Owner.Other, because: "in vpc-1", detail: "", region: "eu-west-1" };
    belonging.add({ kind: "network interface", id: "eni-1", ...more });
    assert.deepEqual(belonging.remarks(), [
      "Passed over: 12 resources with the tags Project, Environment and no name of eks-storage-prod's. Others may have these " +
        "tags, since Pulumi.prod.yaml sets project or environment: vol-1, vol-2, vol-3, vol-4, vol-5, vol-6, vol-7, vol-8, " +
        "vol-9, vol-10, and 2 more.",
    ]);
  });

  it("goes by tags alone where they are the program's", () => {
    const own = { ...scope, tags: { project: "shop", environment: "prod" }, sharesTags: false };
    assert.equal(new Belonging(own, new Map()).byTags("id", own.tags)?.owner, Owner.Stack);
  });
});
