import {
  DescribeKeyCommand,
  type KMSClient,
  paginateListAliases,
  paginateListKeys,
  paginateListResourceTags,
} from "@aws-sdk/client-kms";
import { type Belonging, day, detailOf } from "./belonging";
import type { Look } from "./look";
import { isTagged, type Tags } from "./scope";

/** Keys of the account, by their tags. https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html */
export async function keys(client: KMSClient, region: string, look: Look, belonging: Belonging): Promise<void> {
  const aliases = await look.all(
    { what: "keys' aliases", right: "kms:ListAliases", region },
    paginateListAliases({ client, pageSize: 100 }, {}),
    (page) => page.Aliases,
  );
  const isOfAws = new Set(
    aliases.filter(({ AliasName }) => AliasName?.startsWith("alias/aws/")).map((it) => it.TargetKeyId),
  );
  const all = await look.all(
    { what: "keys", right: "kms:ListKeys", region },
    paginateListKeys({ client, pageSize: 1000 }, {}),
    (page) => page.Keys,
  );
  const ids = all.map(({ KeyId = "" }) => KeyId).filter((id) => !isOfAws.has(id));
  const answers = await look.each(
    { what: "keys' tags", right: "kms:ListResourceTags", region },
    ids,
    async (id) => {
      const tags: Tags = {};
      for await (const page of paginateListResourceTags({ client, pageSize: 50 }, { KeyId: id })) {
        for (const { TagKey = "", TagValue = "" } of page.Tags ?? []) tags[TagKey] = TagValue;
      }
      return tags;
    },
    ["NotFoundException"],
  );
  for (const [id, tags = {}] of answers) {
    // Where tags don't tell, the description may.
    if (!isTagged(belonging.scope, tags) && !belonging.byTags(id, tags)) continue;
    const answer = await look.one({ what: `key ${id}`, right: "kms:DescribeKey", region }, () =>
      client.send(new DescribeKeyCommand({ KeyId: id })),
    );
    const { KeyState, DeletionDate, Description } = answer?.KeyMetadata ?? {};
    const whose = belonging.byTags(id, tags, Description);
    if (!whose) continue;
    const isGoing = KeyState === "PendingDeletion";
    const state = isGoing ? `AWS deletes it on ${day(DeletionDate) ?? "its day"}` : KeyState;
    belonging.add({ kind: "key", id, region, ...whose, detail: detailOf(Description, state), isGoing });
  }
}
