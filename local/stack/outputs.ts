import * as fs from "node:fs";
import * as path from "node:path";
import type { OutputMap } from "@pulumi/pulumi/automation";
import { readProject } from "../../config/files";
import { isObject, isSecret } from "../plugins/properties";
import { statesDirectory } from "./directory";
import type { Local } from "./local";

interface Checkpoint {
  checkpoint: { latest?: { resources?: { type: string; outputs?: Record<string, unknown> }[] } };
}

const SHOWN = "[secret]";

const masked = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  if (isSecret(value)) return SHOWN;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, masked(field)]));
};

/** A stack's outputs as they are in its state, without their secrets: an engine isn't needed, and would take a second. */
export function maskedOutputs({ checkout, stack, cloud }: Local): OutputMap {
  const file = path.join(statesDirectory(cloud, readProject(checkout).project), `${stack}.json`);
  if (!fs.existsSync(file)) return {};
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as Checkpoint;
  const root = checkpoint.latest?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const entries = Object.entries(root?.outputs ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, { value: masked(value), secret: isSecret(value) }]));
}
