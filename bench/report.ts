import type { Side } from "./copies";
import type { Figure, Limit } from "./figures";
import type { Sample } from "./processes";

/** What was measured of a subject on one side, in the order of the runs. */
export type Samples = Partial<Record<Side, Sample[]>>;

/** A figure with what it came to: a line of the table, an item of bench/results.json. */
export interface Result {
  figure: string;
  command: string;
  unit: "s" | "MB";
  now: Measured;
  before?: Measured;
  beside?: Measured & { command: string };
  /** Of the medians, now. */
  ratio?: number;
  limit?: string;
  met?: boolean;
}

interface Measured {
  median: number;
  samples: number[];
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return (low + high) / 2;
}

const rounded = (value: number) => Number(value.toPrecision(4));

function measured(samples: Sample[] | undefined, metric: keyof Sample): Measured | undefined {
  const values = (samples ?? []).flatMap((it) => it[metric] ?? []);
  if (values.length === 0) return undefined;
  return { median: rounded(median(values)), samples: values.map(rounded) };
}

/**
 * What a figure came to, where it was measured at all.
 *
 * @param subjects samples and command of each subject of its group, by name.
 */
export function resultOf(
  { label, of, beside, metric = "seconds", limit }: Figure,
  subjects: Record<string, { command: string; samples: Samples }>,
): Result | undefined {
  const [it, other] = [subjects[of]!, beside === undefined ? undefined : subjects[beside]];
  const now = measured(it.samples.now, metric);
  if (!now) return undefined;
  const before = measured(it.samples.before, metric);
  const compared = other && measured(other.samples.now, metric);
  return {
    figure: label,
    command: it.command,
    unit: metric.endsWith("Megabytes") ? "MB" : "s",
    now,
    ...(before && { before }),
    ...(compared && { beside: { command: other.command, ...compared }, ratio: rounded(now.median / compared.median) }),
    ...(limit && { limit: limitText(limit), met: isMet(limit, now.median, compared?.median ?? NaN) }),
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

const shown = (it: Measured | undefined, unit: string) =>
  it ? `${it.median.toFixed(unit === "s" ? 2 : 0)} ${unit}` : "";

/** A Markdown table of at most 80 columns. */
export function table(results: Result[]): string {
  const header = ["figure", "before", "now", "beside", "ratio", "limit", "met"];
  const rows = results.map(({ figure, unit, before, now, beside, ratio, limit, met }) => [
    figure,
    shown(before, unit),
    shown(now, unit),
    shown(beside, unit),
    ratio?.toFixed(2) ?? "",
    limit ?? "",
    met === undefined ? "" : met ? "yes" : "NO",
  ]);
  const isUsed = (index: number) => rows.some((row) => row[index] !== "");
  const columns = header.map((_, index) => index).filter((index) => index === 0 || isUsed(index));
  const width = (index: number) => Math.max(...[header, ...rows].map((row) => row[index]!.length));
  const line = (cells: string[]) =>
    `|${columns.map((at) => (at === 0 ? cells[at]!.padEnd(width(at)) : cells[at]!.padStart(width(at)))).join("|")}|`;
  const rule = header.map((_, index) => (index === 0 ? "-".repeat(width(index)) : `${"-".repeat(width(index) - 1)}:`));
  return [header, rule, ...rows].map(line).join("\n");
}

/** What was run for each figure, and beside it. */
export function legend(results: Result[]): string {
  const commands = results.flatMap(({ figure, command, beside }) => {
    const [first = "", second] = figure.split(" / ");
    const lines = [`${first}: ${command}`, ...(beside ? [`  beside ${second ?? ""}: ${beside.command}`] : [])];
    return figure.startsWith("-") && !command.startsWith("npm run up") ? [] : lines;
  });
  return [...new Set(commands)].join("\n");
}
