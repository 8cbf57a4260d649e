import { EFSClient, paginateDescribeAccessPoints, paginateDescribeFileSystems } from "@aws-sdk/client-efs";
import { type Belonging, detailOf, size, tagsOf } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";

/** File systems, the copy's among them, and their access points. https://docs.aws.amazon.com/efs/latest/ug/api-reference.html */
export async function fileSystems(client: EFSClient, region: string, look: Look, belonging: Belonging): Promise<void> {
  const all = await look.all(
    { what: "file systems", right: "elasticfilesystem:DescribeFileSystems", region },
    paginateDescribeFileSystems({ client }, {}),
    (page) => page.FileSystems,
  );
  for (const { FileSystemId: id = "", Tags, LifeCycleState, Name, SizeInBytes } of all) {
    const whose = belonging.byTags(id, tagsOf(Tags));
    if (!whose) continue;
    const detail = detailOf(Name, size(SizeInBytes?.Value), LifeCycleState);
    belonging.add({ kind: "file system", id, region, ...whose, detail, isGoing: LifeCycleState === "deleting" });
  }
  const accessPoints = await look.all(
    { what: "access points", right: "elasticfilesystem:DescribeAccessPoints", region },
    paginateDescribeAccessPoints({ client }, {}),
    (page) => page.AccessPoints,
  );
  for (const { AccessPointId: id = "", FileSystemId, Tags, LifeCycleState, RootDirectory } of accessPoints) {
    const tags = tagsOf(Tags);
    const isOfOurs = belonging.isOurs(FileSystemId);
    const isDrivers = tags["efs.csi.aws.com/cluster"] !== undefined;
    const onOurs = {
      owner: isDrivers ? Owner.Driver : Owner.Other,
      because: `of ${FileSystemId ?? ""}${isDrivers ? ", tag efs.csi.aws.com/cluster" : ""}`,
    };
    const whose = belonging.byTags(id, tags) ?? (isOfOurs ? onOurs : undefined);
    if (!whose) continue;
    const detail = detailOf(`of ${FileSystemId ?? ""}`, RootDirectory?.Path, LifeCycleState);
    belonging.add({ kind: "access point", id, region, ...whose, detail, isGoing: LifeCycleState === "deleting" });
  }
}
