import * as fs from "node:fs";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { readRecords } from "../aws/records";
import { progress, UserError } from "../cli/terminal";
import { controlPlaneApi, type Fields } from "../kubernetes/client";
import { hasControlPlane } from "./controlPlane";
import { readControlPlane, statesDirectory } from "./directory";
import type { Local } from "./local";
import { ownDirectory } from "./guests";
import { ended, runs } from "./processes";

/** The engines that work on a cloud's state, by the locks that they hold. */
export const runningEngines = (cloud: string): number[] =>
  engineLocks(cloud)
    .map(({ pid }) => pid)
    .filter((pid) => runs(pid, "pulumi"));

/** Each lock with its holder; an engine that was killed while it wrote the lock is process 0. */
function engineLocks(cloud: string): { file: string; pid: number }[] {
  const locks = path.join(cloud, "state", ".pulumi", "locks");
  const entries = fs.existsSync(locks) ? fs.readdirSync(locks, { recursive: true, encoding: "utf8" }) : [];
  const files = entries.filter((entry) => entry.endsWith(".json")).map((entry) => path.join(locks, entry));
  return files.map((file) => ({ file, pid: Number(/"pid": ?(\d+)/.exec(fs.readFileSync(file, "utf8"))?.[1] ?? 0) }));
}

/**
 * Frees a state whose engine was killed; one that still works is waited for a little, and never disturbed.
 *
 * @throws UserError when it works on.
 */
export async function releaseEngineLock(cloud: string): Promise<void> {
  const working = runningEngines(cloud);
  if (!(await ended(working))) {
    throw new UserError(
      `An engine still works on this stack (process ${working.join(", ")}). Run this command when it has ended.`,
    );
  }
  for (const { file } of engineLocks(cloud)) fs.rmSync(file);
}

interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Fields;
  outputs?: Fields;
  delete?: boolean;
}

interface State {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

/**
 * Adopts what an engine that was killed, or lost a plugin, had created without recording it, so that nothing is created
 * twice or left behind. The state is edited as a person would: with engine 3.251 `refresh --import-pending-creates` says
 * that it does this, and drops the operations.
 */
export async function adoptUnrecorded(stack: Stack, local: Local): Promise<void> {
  const { cloud } = local;
  const { name: project } = await stack.workspace.projectSettings();
  const file = path.join(statesDirectory(cloud, project), `${stack.name}.json`);
  // What is in the state by now, but not yet with all its outputs: this too may be interrupted.
  const record = path.join(ownDirectory(local), "adopted.json");
  const before = fs.existsSync(record) ? (JSON.parse(fs.readFileSync(record, "utf8")) as string[]) : [];
  // The engine takes a second to export a state: it is asked only when there is a reason.
  const isInterrupted = fs.existsSync(file) && fs.readFileSync(file, "utf8").includes('"pending_operations"');
  if (!isInterrupted && before.length === 0) return;
  await progress("Adopting what an interrupted run created (usually under 10 s)", async () => {
    const exported = await stack.exportStack();
    const state = exported.deployment as State;
    const [resources, operations] = [(state.resources ??= []), state.pending_operations ?? []];
    const known = new Set(resources.map(({ id }) => id));
    for (const { type, resource } of operations) {
      const id = type === "creating" ? await createdId(resource, cloud, known) : undefined;
      if (!id) continue;
      // It was to replace this one, which is then still to be deleted.
      for (const old of resources.filter(({ urn }) => urn === resource.urn)) old.delete = true;
      resources.push({ ...resource, id, outputs: resource.inputs });
    }
    delete state.pending_operations;
    const urns = new Set(resources.map(({ urn }) => urn));
    const target = [...before, ...operations.map(({ resource }) => resource.urn)].filter((urn) => urns.has(urn));
    fs.writeFileSync(record, JSON.stringify(target));
    await stack.importStack(exported);
    if (target.length > 0) await stack.refresh({ target });
    fs.rmSync(record);
  });
}

/** The id of the resource that an interrupted creation left, if any. */
async function createdId({ urn, type, inputs }: StateResource, cloud: string, known: Set<string | undefined>) {
  if (type.startsWith("aws:")) {
    return readRecords(cloud).find((record) => record.urn === urn && !known.has(record.id))?.id;
  }
  if (!type.startsWith("kubernetes:") || !hasControlPlane(cloud)) return undefined;
  const { apiVersion, kind, metadata } = inputs as { apiVersion: string; kind: string; metadata: Fields };
  const api = controlPlaneApi(readControlPlane(cloud));
  const live = await api.find({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name });
  if (!live) return undefined;
  return live.metadata.namespace ? `${live.metadata.namespace}/${live.metadata.name}` : live.metadata.name;
}
