import type { Outcome } from "../../../verify/result";

/** The ids of the checks by how they ended, in the order in which the command has printed them. */
export function outcomes(output: string): { passed: string[]; failed: string[]; notRun: string[] } {
  const ids = (outcome: Outcome) =>
    [...output.matchAll(new RegExp(`^${outcome} +(\\w+[.]\\w+)`, "gm"))].map(([, id]) => id!);
  return { passed: ids("passed"), failed: ids("failed"), notRun: ids("not run") };
}
