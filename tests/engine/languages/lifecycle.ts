import assert from "node:assert/strict";
import { askedBy, askedIn } from "../../support/installedExamples";
import { changes } from "../localStack";
import type { LanguageStack } from "./languageStack";

/**
 * What a stack does in each language alike: the example's program, from its first deployment to its end.
 *
 * @param whileDeployed More tests, before its end.
 */
export function livesAsAStack(stack: () => LanguageStack, whileDeployed = () => {}): void {
  it("is configured as its head and the page say", () => {
    const given = stack().config.map((pair) => pair.split("=")[0]);
    assert.deepEqual(askedBy(stack().example), given.sort());
    assert.deepEqual(askedIn("docs/languages.md"), given);
  });

  it("deploys drivers, classes and a volume that is bound, on what an owner has", async () => {
    const steps = await stack().up(...stack().config);
    stack().assertOwnersAsBefore();
    const components = Object.keys(steps).filter((key) => key.startsWith("eks-storage:"));
    assert.deepEqual(components.sort(), [
      "eks-storage:index:CsiDriver ebs",
      "eks-storage:index:CsiDriver efs",
      "eks-storage:index:EbsStorageClass disks",
      "eks-storage:index:EfsStorageClass directories",
      "eks-storage:index:ExistingCluster cluster",
      "eks-storage:index:ExistingFileSystem files",
      "eks-storage:index:FileSystemClients clients",
      "eks-storage:index:StaticVolume images",
    ]);
    const claimName = stack().kubectl("get", "pvc", "--output", "json").items[0].metadata.name as string;
    assert.match(claimName, /^images-[0-9a-f]+$/);
    stack().kubectl("wait", "pvc", claimName, "--for=jsonpath={.status.phase}=Bound", "--timeout=30s");
    const classes = stack().kubectl("get", "storageclass", "--output", "json").items;
    assert.deepEqual(classes.map(({ metadata }: any) => metadata.name).sort(), ["disks", "shared"]);
  });

  it("stays as it is when nothing changed", async () => {
    assert.deepEqual(changes(await stack().up(...stack().config)), {});
  });

  it("changes what changed, and nothing else", async () => {
    const steps = changes(await stack().up(...stack().config, "drainTimeoutInMinutes=20"));
    // The engine gives all of the configuration to what runs dynamic resources.
    delete steps["pulumi:providers:pulumi-nodejs default"];
    assert.deepEqual(steps, { "pulumi-nodejs:dynamic:Resource efs-drain": "update" });
  });

  it("is told whole what is wrong with an argument, before anything is done", async () => {
    const before = stack().stateFile();
    await assert.rejects(stack().up(...stack().config, "uid=4294967296"));
    assert.match(stack().messages, /has an argument that can't work:\n.*identity\.uid.*4294967295.*4294967296/s);
    assert.equal(resourcesIn(stack().stateFile()), resourcesIn(before));
  });

  it("is told what is wrong with what exists, once AWS has been asked", async () => {
    await assert.rejects(stack().preview(...stack().config, "clusterName=nobodys"));
    assert.match(
      stack().messages,
      /clusterName of ExistingCluster "cluster" must be a cluster that the account has in .*'nobodys'/,
    );
    assert.doesNotMatch(stack().messages, /\n\s+at .*\.[jt]s:\d+/);
  });

  whileDeployed();

  it("goes, and leaves what there was", async () => {
    await stack().leaves([...stack().config, "drainTimeoutInMinutes=20"]);
  });
}

const resourcesIn = (state: string) =>
  (JSON.parse(state) as { checkpoint: { latest: { resources: unknown[] } } }).checkpoint.latest.resources.length;
