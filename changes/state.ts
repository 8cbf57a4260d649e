import { z } from "zod";
import type { Change } from "./changes";
import type { DiagramResource } from "./diagram";

/** A state that can't be read: what was expected, what was found, how to get a right one. */
export class StateError extends Error {}

const HOW = "Make it anew: pulumi stack export --file state.json";

const resources = z.array(
  z.object({
    urn: z.string().startsWith("urn:pulumi:"),
    custom: z.boolean().optional(),
    parent: z.string().optional(),
    dependencies: z.array(z.string()).nullish(),
    delete: z.boolean().optional(),
  }),
);

/** A new stack has no resources, and the engine then leaves the list out. */
const deployment = z.object({ resources: resources.nullish() });

/**
 * `UntypedDeployment` is what an export has, `VersionedCheckpoint` what a backend of files keeps: both in
 * sdk/go/common/apitype of github.com/pulumi/pulumi.
 */
const state = z.union([
  z.object({ deployment }).transform((it) => it.deployment),
  z.object({ checkpoint: z.object({ latest: deployment.nullish() }) }).transform((it) => it.checkpoint.latest),
]);

/**
 * Reads a stack's resources: no inputs, no outputs, nothing secret.
 *
 * @param text What `pulumi stack export` prints, or a backend of files keeps.
 * @throws StateError for anything else.
 */
export function readState(text: string): DiagramResource[] {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new StateError(
      `A state in JSON was expected. This is none, or its end is cut off: ${(error as Error).message}\n${HOW}`,
    );
  }
  const { success, data } = state.safeParse(json);
  if (!success)
    throw new StateError(`A state has a deployment with resources, each with its URN; this has not.\n${HOW}`);
  const all = data?.resources ?? [];
  // What a replacement has left has the URN of what took its place.
  const current = new Set(all.filter((it) => !it.delete).map(({ urn }) => urn));
  return all
    .filter((it) => !it.delete || !current.has(it.urn))
    .map(({ urn, custom = false, parent, dependencies }) => ({
      urn,
      custom,
      ...(parent ? { parent } : {}),
      dependencies: dependencies ?? [],
    }));
}

/**
 * A stack's resources as a preview leaves them: a preview may say nothing of those that stay the same, and the engine's events
 * nothing of what depends on what, which is then as it was.
 */
export function withChanges(resources: DiagramResource[], changes: Change[]): DiagramResource[] {
  const byUrn = new Map(resources.map((it) => [it.urn, it]));
  for (const { urn, custom, parent, dependencies, op, leftover } of changes) {
    if (leftover && byUrn.has(urn)) continue;
    const needed = dependencies.length > 0 ? dependencies : (byUrn.get(urn)?.dependencies ?? []);
    byUrn.set(urn, { urn, custom, dependencies: needed, op, ...(parent ? { parent } : {}) });
  }
  return [...byUrn.values()];
}
