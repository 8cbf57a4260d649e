import type { Rule } from "../rule";
import { fileSystem } from "./fileSystem";

/** Every rule of the pack, by family. */
export const families: Record<string, Rule[]> = {
  "File system": fileSystem,
};

export const rules: Rule[] = Object.values(families).flat();
