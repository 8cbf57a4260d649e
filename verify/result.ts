/** How a check ended. */
export const Outcome = { Passed: "passed", Failed: "failed", NotRun: "not run" } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** What was found by one check. */
export interface Result {
  /** `STEP.CHECK`, such as `assets.shared`: these names don't change. */
  id: string;
  outcome: Outcome;
  expected: string;
  /** What was seen; where the check wasn't run, why not. */
  saw: string;
  milliseconds: number;
  /** A command that shows more. */
  look?: string;
  /** Whether it should have been run and couldn't be: then nobody may take the run for a success. */
  isBlocked?: true;
}

/** What a check that has passed has seen, and what later ones need of it. */
export interface Seen<T = void> {
  saw: string;
  value: T;
}

/** What was expected isn't so. */
export class Refuted extends Error {
  /**
   * @param saw what is so instead.
   * @param look a command that shows more.
   */
  constructor(
    readonly saw: string,
    readonly look: string,
  ) {
    super(saw);
  }
}

/** A check can't be run, or isn't to be. */
export class NotRun extends Error {
  /** @param isBlocked whether it was asked for. */
  constructor(
    readonly reason: string,
    readonly isBlocked = false,
  ) {
    super(reason);
  }
}

/** A person has interrupted the run. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/** How a command ends. */
export const ExitCode = { Passed: 0, Failed: 1, NotRun: 2 } as const;

/** A check that failed decides; then one that should have been run, and couldn't be. */
export function exitCodeOf(results: Result[]): number {
  if (results.some(({ outcome }) => outcome === Outcome.Failed)) return ExitCode.Failed;
  const isProof = results.some(({ outcome }) => outcome === Outcome.Passed);
  return isProof && !results.some(({ isBlocked }) => isBlocked) ? ExitCode.Passed : ExitCode.NotRun;
}
