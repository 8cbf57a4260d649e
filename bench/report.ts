import type { Side } from "./copies";
import type { Figure, Limit } from "./figures";
import type { Sample } from "./processes";

/** What was measured of a subject, in the order of the runs. */
export interface Measured {
  command: string;
  samples: Partial<Record<Side, Sample[]>>;
}

/** Numbers of one kind, and the middle of them. */
interface Numbers {
  median: number;
  samples: number[];
  /** How many resources it came to. */
  resources?: number;
}

/** What a figure came to: a line of the table, an item of bench/results.json. */
export interface Result {
  figure: string;
  metric: keyof Sample;
  command: string;
  before?: Numbers;
  now: Numbers;
  beside?: Numbers & { command: string };
  /** Of the medians, now. */
  ratio?: number;
  limit?: string;
  met?: boolean;
}

const figureName = ({ group, of, beside }: Pick<Figure, "group" | "of" | "beside">) => `${group}: ${of} / ${beside}`;

/** The figures that weren't measured, or without what they are compared with: such results say nothing to who reads them later. */
export function lacking(figures: Figure[], results: Result[]): string[] {
  const whole = new Set(results.filter(({ beside }) => beside).map(({ figure, metric }) => `${figure} ${metric}`));
  const names = figures.filter((it) => !whole.has(`${figureName(it)} ${it.metric ?? "seconds"}`)).map(figureName);
  return [...new Set(names)];
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const rounded = (value: number) => Number(value.toPrecision(4));

function numbers(samples: Sample[] | undefined, metric: keyof Sample): Numbers | undefined {
  const values = (samples ?? []).flatMap((it) => it[metric] ?? []);
  if (values.length === 0) return undefined;
  const resources = samples![0]!.resources;
  return { median: rounded(median(values)), samples: values.map(rounded), ...(resources && { resources }) };
}

/**
 * What a figure came to, where it was measured at all.
 *
 * @param subjects those of its group, by name.
 */
export function resultOf(
  { group, of, beside, metric = "seconds", limit }: Figure,
  subjects: Record<string, Measured>,
): Result | undefined {
  const [it, other] = [subjects[of]!, subjects[beside]!];
  const now = numbers(it.samples.now, metric);
  if (!now) return undefined;
  const before = numbers(it.samples.before, metric);
  const compared = numbers(other.samples.now, metric);
  const needsComparison = limit && !("most" in limit);
  return {
    figure: figureName({ group, of, beside }),
    metric,
    command: it.command,
    ...(before && { before }),
    now,
    ...(compared && { beside: { command: other.command, ...compared }, ratio: rounded(now.median / compared.median) }),
    ...(limit && { limit: limitText(limit) }),
    ...(limit && (compared || !needsComparison) && { met: isMet(limit, now.median, compared?.median ?? NaN) }),
  };
}

function limitText(limit: Limit): string {
  if ("most" in limit) return `${limit.most} s`;
  return "times" in limit ? `x ${limit.times}` : `+ ${limit.longer} s`;
}

function isMet(limit: Limit, now: number, beside: number): boolean {
  if ("most" in limit) return now <= limit.most;
  return "times" in limit ? now <= limit.times * beside : now - beside <= limit.longer;
}

const METRICS: Partial<Record<keyof Sample, string>> = {
  processorSeconds: "- its processor time",
  largestMegabytes: "- its largest process",
  allMegabytes: "- all its processes",
};

const shown = (it: Numbers | undefined, metric: keyof Sample) =>
  it ? (metric.endsWith("Megabytes") ? `${it.median.toFixed(0)} MB` : `${it.median.toFixed(2)} s`) : "";

/** A Markdown table of at most 80 columns. */
export function table(results: Result[]): string {
  const header = ["figure", "before", "now", "beside", "ratio", "limit", "met"];
  const rows = results.map(({ figure, metric, before, now, beside, ratio, limit, met }) => [
    METRICS[metric] ?? figure,
    shown(before, metric),
    shown(now, metric),
    shown(beside, metric),
    ratio?.toFixed(2) ?? "",
    limit ?? "",
    met === undefined ? "" : met ? "yes" : "NO",
  ]);
  const widths = header.map((title, index) => Math.max(...rows.map((row) => row[index]!.length), title.length));
  const line = (cells: string[]) =>
    `|${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!))).join("|")}|`;
  const rule = widths.map((width, index) => (index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [header, rule, ...rows].map(line).join("\n");
}

/** What was run, by the names in the table. */
export const legend = (subjects: Record<string, Measured>): string =>
  Object.entries(subjects)
    .map(([name, { command }]) => `${name}: ${command}`)
    .join("\n");
