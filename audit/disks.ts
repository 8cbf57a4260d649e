import { type EC2Client, paginateDescribeSnapshots, paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { type Belonging, day, detailOf, tagsOf } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";

const CLAIM = "kubernetes.io/created-for/pvc/";

/** EBS disks, those of nodes among them. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
export async function volumes(client: EC2Client, region: string, look: Look, belonging: Belonging): Promise<void> {
  const all = await look.all(
    { what: "volumes", right: "ec2:DescribeVolumes", region },
    paginateDescribeVolumes({ client, pageSize: 500 }, {}),
    (page) => page.Volumes,
  );
  for (const { VolumeId: id = "", Tags, State, Size, VolumeType, Attachments = [] } of all) {
    const tags = tagsOf(Tags);
    const whose = belonging.byTags(id, tags);
    if (!whose) continue;
    const claim = tags[`${CLAIM}name`] && `claim ${tags[`${CLAIM}namespace`] ?? ""}/${tags[`${CLAIM}name`]!}`;
    const on = Attachments[0]?.InstanceId;
    const detail = detailOf(`${Size ?? 0} GiB ${VolumeType ?? ""}`, claim, State, on && `on ${on}`);
    belonging.add({ kind: "volume", id, region, ...whose, detail, isGoing: State === "deleting" });
  }
}

/**
 * Snapshots of the account: the driver's, and those that somebody made of the stack's disks. What AWS Backup made is shown as
 * recovery points.
 */
export async function snapshots(client: EC2Client, region: string, look: Look, belonging: Belonging): Promise<void> {
  const all = await look.all(
    { what: "snapshots", right: "ec2:DescribeSnapshots", region },
    paginateDescribeSnapshots({ client, pageSize: 1000 }, { OwnerIds: ["self"] }),
    (page) => page.Snapshots,
  );
  for (const { SnapshotId: id = "", VolumeId, Tags, State, VolumeSize, StartTime, Description } of all) {
    if (belonging.idsOf("recovery point", region).some((arn) => arn.endsWith(`:snapshot/${id}`))) continue;
    const ofOurs = belonging.isOurs(VolumeId)
      ? { owner: Owner.Other, because: `of ${VolumeId}, without a tag of the stack` }
      : undefined;
    const whose = belonging.byTags(id, tagsOf(Tags)) ?? ofOurs;
    if (!whose) continue;
    const made = day(StartTime);
    const detail = detailOf(`of ${VolumeSize ?? 0} GiB`, made && `made ${made}`, State, Description);
    belonging.add({ kind: "snapshot", id, region, ...whose, detail });
  }
}
