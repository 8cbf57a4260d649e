import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { noticeIn } from "./clusterCheck";
import { hasOwnClaim } from "./ownClaims";
import { type OwnResource, ownState } from "./ownState";
import { orEnd } from "./refusals";
import { type Kept, keptBy, keptLines, type RetentionRecord, stillKept } from "./retentionRecord";
import { asGiven } from "./transformed";

/**
 * What an earlier stack of the same name kept, and this one neither has nor adopts: asked for where the stack has no record of
 * its own yet, since its own takes that one's place. The preview says what it is.
 *
 * @param name of the SSM parameter with the record.
 * @param adopted what the configuration adopts, by key.
 * @throws pulumi.RunError, at a preview already, for a parameter that holds something else; and at an `up` that may not read
 *   it, which would replace it unread.
 */
export async function earlierRecord(
  name: string,
  adopted: Record<string, string>,
  parent: pulumi.Resource,
): Promise<Kept[]> {
  const state = await ownState();
  if (state.some(({ type, outputs }) => type === "aws:ssm/parameter:Parameter" && outputs["name"] === name)) return [];
  let kept: Kept[] = [];
  await orEnd(
    recordOf(name, parent).then((record) => {
      if (record)
        kept = stillKept([...(record.earlier ?? []), ...keptBy(record)], adopted).filter(isForeign(state, record));
    }),
  );
  if (kept.length > 0)
    await pulumi.log.warn(
      `An earlier stack of this name kept what this one doesn't adopt:\n${keptLines(kept).join("\n")}\n` +
        "To adopt it: pulumi config set KEY VALUE, before the first pulumi up. Otherwise it stays where it is, and " +
        `the record goes on naming it: aws ssm get-parameter --name ${name}\n` +
        "A vault, a bucket or a parameter has a fixed name: adopt it, or delete it.",
    );
  return kept;
}

/** Whether something isn't the stack's own: of a destroy that stopped half-way the state has the rest. */
function isForeign(state: OwnResource[], { claim }: RetentionRecord): (kept: Kept) => boolean {
  const own = new Set(state.flatMap(({ outputs }) => [outputs["id"], outputs["name"], outputs["keyId"]]));
  const hasClaim = claim !== undefined && hasOwnClaim(state, claim);
  return ([key, value]) => !own.has(value) && !(hasClaim && key === claim.volumeKey);
}

/** An option of the parameter: it outlives the stack for as long as it names what was kept. */
export function staysWhileItNames(found: Promise<Kept[]>): pulumi.ResourceTransform {
  const state = ownState();
  return async ({ props, opts }) => {
    const notice = noticeIn(await state);
    const left = notice?.retention === "delete" ? keptBy(notice) : [];
    const named = [...(await found), ...(notice?.earlier ?? []), ...left];
    if (named.length === 0) return undefined;
    return { props: await asGiven(props), opts: { ...opts, retainOnDelete: true } };
  };
}

/** By the path, since to ask for a parameter that isn't there is an error. */
async function recordOf(name: string, parent: pulumi.Resource): Promise<RetentionRecord | undefined> {
  const path = name.slice(0, name.lastIndexOf("/")) || "/";
  let text: string | undefined;
  try {
    const found: Partial<aws.ssm.GetParametersByPathResult> = await aws.ssm.getParametersByPath(
      { path, withDecryption: false },
      { parent },
    );
    // A program's own mocks may answer with nothing.
    const { names = [], values = [] } = found;
    text = values[names.indexOf(name)];
  } catch (error) {
    const what = `Whether an earlier stack of this name kept something can't be told: ${(error as Error).message}`;
    if (!pulumi.runtime.isDryRun()) throw new pulumi.RunError(`${what}\nIt needs the right ssm:GetParametersByPath.`);
    await pulumi.log.warn(what);
  }
  if (text === undefined) return undefined;
  const record = recordIn(text);
  if (record) return record;
  throw new pulumi.RunError(
    `The SSM parameter ${name} must hold the record of a stack of this name; it holds something else.\n` +
      `pulumi up would replace it: move it, or give the stack another name (aws ssm get-parameter --name ${name}).`,
  );
}

function recordIn(text: string): RetentionRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<RetentionRecord> | null;
    const isRecord = Boolean(record?.retention && record.configuration && (!record.claim || record.claim.volumeKey));
    return isRecord ? (record as RetentionRecord) : undefined;
  } catch {
    return undefined;
  }
}
