import type { Sample } from "./processes";

/** What a figure must be: by itself, or beside what it is compared with. */
export type Limit = { most: number } | { times: number } | { longer: number };

/** One line of the table. */
export interface Figure {
  label: string;
  group: string;
  /** What is measured, and what it is compared with: names of the group's subjects. */
  of: string;
  beside?: string;
  /** What of a sample. Default: the seconds that it took. */
  metric?: keyof Sample;
  limit?: Limit;
}

const LARGEST = "largestMegabytes";
const ALL = "allMegabytes";
const PROCESSOR = "processorSeconds";
const asCommand = { group: "command", of: "previewLocal", beside: "cdk" };
const unchecked = { ...asCommand, beside: "cdkUnchecked" };

/** What is shown, in this order. */
export const figures: Figure[] = [
  { label: "load: program / SDKs", group: "load", of: "program", beside: "bareSdks", limit: { times: 1.15 } },
  { label: "load: program / SDKs, NODEARGS", group: "load", of: "program", beside: "sdks" },
  { label: "config / npm alone", group: "config", of: "config", beside: "npm", limit: { most: 0.5 } },
  { label: "preview: prod / minimal", group: "preview", of: "prod", beside: "minimal", limit: { times: 2.5 } },
  { label: "preview: with policies / prod", group: "preview", of: "checked", beside: "prod", limit: { longer: 2 } },
  { label: "command: preview / cdk synth", ...asCommand, limit: { times: 1 } },
  { label: "- processor time", ...asCommand, metric: PROCESSOR },
  { label: "- its largest process", ...asCommand, metric: LARGEST, limit: { times: 1 } },
  { label: "- all its processes", ...asCommand, metric: ALL },
  { label: "command: preview / unchecked", ...unchecked },
  { label: "- processor time", ...unchecked, metric: PROCESSOR },
  { label: "- its largest process", ...unchecked, metric: LARGEST },
  { label: "- all its processes", ...unchecked, metric: ALL },
  { label: "command: pulumi prod / minimal", group: "command", of: "pulumi", beside: "pulumiMinimal" },
  { label: "up without changes", group: "up", of: "up", limit: { most: 5 } },
  { label: "- npm run up:local", group: "up", of: "upLocal", limit: { most: 5 } },
];
