import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DYNAMIC, ownState } from "./ownState";
import { type Kept, keptLines, type RetentionRecord, settingsOf, stillKept } from "./retentionRecord";
import { asGiven } from "./transformed";

/**
 * What an earlier stack of the same name kept, and this one doesn't adopt: asked for where the stack has no record of its own
 * yet, since its own takes that one's place. The preview says what it is.
 *
 * @param name of the SSM parameter with the record.
 * @param adopted what the configuration adopts, by key.
 */
export async function earlierRecord(
  name: string,
  adopted: Record<string, string>,
  parent: pulumi.Resource,
): Promise<Kept[]> {
  const state = await ownState();
  if (state.some(({ type, outputs }) => type === "aws:ssm/parameter:Parameter" && outputs["name"] === name)) return [];
  const text = await recordOf(name, parent);
  if (text === undefined) return [];
  const record = JSON.parse(text) as RetentionRecord;
  const { earlier = [], retention, claim } = record;
  const all = retention === "delete" ? [] : Object.entries(settingsOf(record));
  const kept = stillKept([...earlier, ...all], adopted, [claim.zoneKey]);
  if (kept.length > 0)
    await pulumi.log.warn(
      `An earlier stack of this name kept what this one doesn't adopt:\n${keptLines(kept).join("\n")}\n` +
        "To adopt it: pulumi config set KEY VALUE, before the first pulumi up. Otherwise it stays where it is, and " +
        "npm run kept names it.",
    );
  return kept;
}

/** An option of the parameter: it outlives the stack for as long as it names what was kept earlier. */
export function staysWhileItNames(found: Promise<Kept[]>): pulumi.ResourceTransform {
  const state = ownState();
  return async ({ props, opts }) => {
    const before = (await state).find(({ type, outputs }) => type === DYNAMIC && Array.isArray(outputs["earlier"]));
    const earlier = [...(await found), ...((before?.outputs["earlier"] ?? []) as Kept[])];
    if (earlier.length === 0) return undefined;
    return { props: await asGiven(props), opts: { ...opts, retainOnDelete: true } };
  };
}

/** By the path, since to ask for a parameter that isn't there is an error. */
async function recordOf(name: string, parent: pulumi.Resource): Promise<string | undefined> {
  const path = name.slice(0, name.lastIndexOf("/")) || "/";
  const { names, values } = await aws.ssm.getParametersByPath({ path, withDecryption: false }, { parent });
  return values[names.indexOf(name)];
}
