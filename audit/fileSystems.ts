import { EFSClient, paginateDescribeAccessPoints, paginateDescribeFileSystems } from "@aws-sdk/client-efs";
import { type Belonging, detailOf, size, tagsOf } from "./belonging";
import { Owner, type Whose } from "./findings";
import type { Look } from "./look";
import type { Tags } from "./scope";

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
    const whose =
      onKept(belonging, FileSystemId) ?? belonging.byTags(id, tags) ?? onOurs(belonging, FileSystemId, tags);
    if (!whose) continue;
    const detail = detailOf(`of ${FileSystemId ?? ""}`, RootDirectory?.Path, LifeCycleState);
    belonging.add({ kind: "access point", id, region, ...whose, detail, isGoing: LifeCycleState === "deleting" });
  }
}

/** Volumes that were kept with a file system name its access points. */
const onKept = ({ kept }: Belonging, fileSystem = ""): Whose | undefined =>
  kept.has(fileSystem) ? { owner: Owner.Kept, because: `of ${fileSystem}, which is kept` } : undefined;

/** The driver's, or anybody's, on a file system of the stack's. */
function onOurs(belonging: Belonging, fileSystem: string | undefined, tags: Tags): Whose | undefined {
  const tag = "efs.csi.aws.com/cluster";
  if (!belonging.isOurs(fileSystem)) return undefined;
  return tag in tags
    ? { owner: Owner.Driver, because: `of ${fileSystem}, tag ${tag}` }
    : { owner: Owner.Other, because: `of ${fileSystem}, without a tag of the stack` };
}
