import * as pulumi from "@pulumi/pulumi";
import { gibOf } from "./diskChecks";
import type { Adopter } from "../retention/adopter";
import { ownState } from "../retention/ownState";

/**
 * What is said of a disk that is to grow; undefined where it doesn't. Only EC2 knows how often it has changed the disk, and
 * the provider can't ask.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html (until 2026-01: once in six hours)
 *
 * @param storage what is asked for; undefined where it isn't known yet.
 */
export function growthOf(what: string, before: string, storage: string | undefined): string | undefined {
  if (!(gibOf(storage) > gibOf(before))) return undefined;
  return (
    `${what} grows from ${before} to ${storage}. EBS changes a disk at most four times in 24 hours, and only when its last ` +
    "change is complete, which can take hours. Before that it refuses (VolumeModificationRateExceeded, " +
    "IncorrectModificationState), and the driver goes on asking: the claim's events tell, pulumi up doesn't."
  );
}

/** Says so at a preview of the database's disk. @param name The claim's name as a resource. */
export async function sayDiskGrows(adopter: Adopter, name: string, storage: string | undefined): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  const claim = (await ownState()).find(
    (it) => it.parentType === adopter.type && it.name === name && it.type.endsWith(":PersistentVolumeClaim"),
  );
  const spec = claim?.outputs["spec"] as { resources?: { requests?: { storage?: string } } } | undefined;
  const before = spec?.resources?.requests?.storage;
  const said = before && growthOf("The database's disk", before, storage);
  if (said) await pulumi.log.info(said, adopter.component);
}
