import type { Group } from "./group";
import { asCommand } from "./groups/command";
import { config } from "./groups/config";
import { load } from "./groups/load";
import { inEngine } from "./groups/preview";
import { up } from "./groups/up";
import type { Sample } from "./processes";

/** What is measured, by the names that --only takes. */
export const groups: Record<string, Group> = { load, config, preview: inEngine, command: asCommand, up };

/** What a figure must be: at most so many seconds, or so much of what stands beside it. */
export type Limit = { most: number } | { times: number } | { longer: number };

/** One line of the table. */
export interface Figure {
  group: string;
  /** What is measured, and what it is compared with: names of the group's subjects. */
  of: string;
  beside: string;
  /** What of a sample. Default: the seconds that it took. */
  metric?: keyof Sample;
  limit?: Limit;
}

const first = { group: "command", of: "preview", beside: "cdk synth" };
const bare = { ...first, beside: "bare synth" };

/** What is shown, in this order. */
export const figures: Figure[] = [
  { group: "load", of: "program", beside: "SDKs", limit: { times: 1.15 } },
  { group: "load", of: "program", beside: "SDKs by NODEARGS" },
  { group: "config", of: "npm run config", beside: "npm", limit: { most: 0.5 } },
  { group: "preview", of: "prod", beside: "minimal", limit: { times: 2.5 } },
  { group: "preview", of: "prod by policies", beside: "prod", limit: { longer: 2 } },
  { ...first, limit: { times: 1 } },
  { ...first, metric: "processorSeconds" },
  { ...first, metric: "largestMegabytes", limit: { times: 1 } },
  { ...first, metric: "allMegabytes", limit: { times: 1 } },
  bare,
  { ...bare, metric: "processorSeconds" },
  { ...bare, metric: "largestMegabytes" },
  { ...bare, metric: "allMegabytes" },
  { group: "command", of: "pulumi", beside: "pulumi, minimal" },
  { group: "up", of: "up", beside: "preview", limit: { most: 5 } },
  { group: "up", of: "up:local", beside: "up", limit: { most: 5 } },
];
