import { GetBucketTaggingCommand, paginateListBuckets, type S3Client } from "@aws-sdk/client-s3";
import { type Belonging, day, detailOf, tagsOf } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";

/**
 * Buckets: by name wherever they are, by tags in the region. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export async function buckets(client: S3Client, region: string, look: Look, belonging: Belonging): Promise<void> {
  const all = await look.all(
    { what: "buckets", right: "s3:ListAllMyBuckets", region },
    paginateListBuckets({ client, pageSize: 1000 }, {}),
    (page) => page.Buckets,
  );
  const nameOf = ({ Name = "" }: { Name?: string | undefined }) => Name;
  const isNamed = (name: string) => belonging.kept.has(name) || belonging.scope.bucketNames.includes(name);
  const others = all.filter((it) => !isNamed(nameOf(it)) && (it.BucketRegion ?? region) === region);
  const answers = await look.each(
    { what: "buckets' tags", right: "s3:GetBucketTagging", region },
    others,
    ({ Name }) => client.send(new GetBucketTaggingCommand({ Bucket: Name })),
    // The second is of a bucket that was deleted meanwhile.
    ["NoSuchTagSet", "NoSuchBucket"],
  );
  const tags = new Map(answers.map(([it, answer]) => [nameOf(it), tagsOf(answer?.TagSet)]));
  for (const { Name: id = "", BucketRegion = region, CreationDate } of all) {
    const byName = isNamed(id) ? { owner: Owner.Stack, because: "its name" } : undefined;
    const whose = belonging.byTags(id, tags.get(id) ?? {}) ?? byName;
    const made = day(CreationDate);
    const detail = detailOf(made && `made ${made}`);
    if (whose) belonging.add({ kind: "bucket", id, region: BucketRegion, ...whose, detail });
  }
}
