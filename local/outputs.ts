import type { OutputMap } from "@pulumi/pulumi/automation";

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A stack's outputs as a table: name, then value, a record as one line an entry; secrets hidden. */
export function outputsTable(outputs: OutputMap): string {
  const names = Object.keys(outputs).sort();
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines = names.flatMap((name) => {
    const { value, secret } = outputs[name]!;
    const shown = secret ? ["[secret]"] : isRecord(value) ? record(value) : [text(value)];
    return (shown.length > 0 ? shown : ["(none)"]).map(
      (line, index) => `  ${(index ? "" : name).padEnd(width)}  ${line}`,
    );
  });
  return lines.join("\n");
}

function record(value: Record<string, unknown>): string[] {
  const width = Math.max(0, ...Object.keys(value).map((key) => key.length));
  return Object.entries(value).map(([key, entry]) => `${key.padEnd(width)}  ${text(entry)}`);
}

/** A stack's outputs for programs: name -> value, secrets hidden. */
export const outputsJson = (outputs: OutputMap): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, output.secret ? "[secret]" : output.value]),
    ),
    null,
    2,
  );
