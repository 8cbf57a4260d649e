import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** What a tool module's go.mod says: the one place where the versions of the tools are written. */
export interface ToolModule {
  directory: string;
  /** The oldest Go that builds it, such as 1.26.0. */
  go: string;
  /** Import paths of the tools' packages. */
  tools: string[];
  /** Version by module, with its v. */
  versions: Record<string, string>;
  /** Of go.mod and go.sum: whatever is built from others is another tool. */
  hash: string;
}

export function parseGoMod(text: string): Pick<ToolModule, "go" | "tools" | "versions"> {
  const go = /^go (\S+)$/m.exec(text)?.[1] ?? "";
  const block = /^tool \(\n([^)]*)\)/m.exec(text)?.[1] ?? "";
  const single = [...text.matchAll(/^tool ([^\s(]+)$/gm)].map((match) => match[1]!);
  const required = [...text.matchAll(/^(?:require )?\t?([^\s/]+\.[^\s]+) (v\S+)(?: \/\/.*)?$/gm)];
  return {
    go,
    tools: [...single, ...block.split("\n").map((line) => line.trim())].filter(Boolean),
    versions: Object.fromEntries(required.map((match) => [match[1]!, match[2]!])),
  };
}

export function readToolModule(directory: string): ToolModule {
  const [mod, sum] = ["go.mod", "go.sum"].map((file) => fs.readFileSync(path.join(directory, file), "utf8"));
  const hash = createHash("sha256").update(`${mod}${sum}`).digest("hex").slice(0, 12);
  return { directory, hash, ...parseGoMod(mod!) };
}

/** major.minor.patch of whatever a tool prints about itself; undefined if there is none. */
export function parseVersion(text: string): [number, number, number] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Whether the first version is the second one or newer. */
export function atLeast(version: string, minimum: string): boolean {
  const [have, want] = [parseVersion(version), parseVersion(minimum)];
  if (!have || !want) return false;
  const difference = have.map((part, index) => part - want[index]!).find((part) => part !== 0);
  return (difference ?? 0) >= 0;
}
