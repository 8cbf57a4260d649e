import * as fs from "node:fs";
import * as path from "node:path";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { readProject } from "../../config/files";
import { isObject, isSecret } from "../plugins/properties";
import { statesDirectory } from "./directory";
import type { Local } from "./local";

interface StateResource {
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface Checkpoint {
  checkpoint: { latest?: { resources?: StateResource[] } };
}

/** What a state's secrets are shown as. */
export const SHOWN = "[secret]";

const masked = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  if (isSecret(value)) return SHOWN;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, masked(field)]));
};

/** What a stack's state has; nothing before the first `up`. An engine isn't asked: it would take a second. */
function resourcesOf({ checkout, stack, cloud }: Local): StateResource[] {
  const file = path.join(statesDirectory(cloud, readProject(checkout).project), `${stack}.json`);
  if (!fs.existsSync(file)) return [];
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as Checkpoint;
  return checkpoint.latest?.resources ?? [];
}

/** A stack's outputs as they are in its state, without their secrets. */
export function maskedOutputs(local: Local): OutputMap {
  const root = resourcesOf(local).find(({ type }) => type === "pulumi:pulumi:Stack");
  const entries = Object.entries(root?.outputs ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, { value: masked(value), secret: isSecret(value) }]));
}

/** The region of a stack's provider of AWS: that of the first, which it has its resources from. */
export const regionOf = (local: Local): string | undefined =>
  resourcesOf(local).find(({ type }) => type === "pulumi:providers:aws")?.inputs?.["region"] as string | undefined;
