import { ClusterError } from "./cluster";
import type { Context } from "./context";
import { Interrupted, NotRun, type Result } from "./result";
import { AWAY, type Listener, type Step, StepRun } from "./step";
import { accessModes } from "./steps/accessModes";
import { assets } from "./steps/assets";
import { bucket } from "./steps/bucket";
import { catalog } from "./steps/catalog";
import { claims } from "./steps/claims";
import { drivers, mountTargets } from "./steps/drivers";

/** In the order in which a later one needs what an earlier one checks. */
const STEPS: Step[] = [claims, drivers, mountTargets, assets, bucket, catalog, accessModes];

/**
 * Runs every step. What the first one that finds the cluster gone, or is interrupted, leaves over isn't run.
 *
 * @param signal ends the run: what it has made is removed.
 */
export async function runSteps(context: Context, signal: AbortSignal, listener: Listener): Promise<Result[]> {
  const results: Result[] = [];
  let ended: NotRun | undefined;
  for (const step of STEPS) {
    const run = new StepRun(context, step, signal, listener);
    if (ended) run.skipOthers(ended);
    else {
      try {
        await run.run();
      } catch (error) {
        if (error instanceof Interrupted) ended = new NotRun("interrupted", true);
        else if (error instanceof ClusterError) ended = new NotRun(AWAY, true);
        else throw error;
      }
    }
    results.push(...run.results);
  }
  return results;
}
