import { printable, printableLines } from "../changes/values";
import { Cleanup } from "./cleanup";
import { ClusterError, type Right, rightInWords } from "./cluster";
import type { Context } from "./context";
import { Interrupted, NotRun, Outcome, Refuted, type Result, type Seen } from "./result";

/** Several checks about one thing. */
export interface Step {
  name: string;
  /** What each check expects, by its name, in their order. */
  checks: (context: Context) => Record<string, string>;
  /** Why it isn't run in this context. */
  unless?: (context: Context) => string | undefined;
  /** A command that shows more, where the cluster's own answer is all that is known. */
  look: (context: Context) => string;
  /** What it needs to be allowed to. Asked before it begins, so that it can end what it has begun. */
  needs: (context: Context) => Right[];
  run: (it: StepRun) => Promise<void>;
}

/** Shows what happens. */
export interface Listener {
  begins: (id: string, expected: string) => void;
  ended: (result: Result) => void;
}

/** The check that everything that a step has made is gone again. */
const REMOVED = "removed";

/** Why checks aren't run once the cluster has gone. */
export const AWAY = "the cluster couldn't be asked any more";

/** Without what redraws a terminal or begins a line of a log: pods, events and AWS say what they like. */
function shownSafely(result: Result): Result {
  const saw = inOneLine(result.saw);
  return result.look === undefined ? { ...result, saw } : { ...result, saw, look: printableLines(result.look) };
}

const inOneLine = (text: string): string => printable(text.replace(/\s+/g, " ").trim());

/** A later check can't be run: an earlier one has said why. */
class Prevented extends Error {}

/** One step, as it is run. */
export class StepRun {
  readonly cleanup = new Cleanup();
  readonly results: Result[] = [];
  private readonly expected: Record<string, string>;
  /** While it removes what it has made, an interruption changes nothing any more. */
  private isEnding = false;

  constructor(
    readonly context: Context,
    private readonly step: Step,
    private readonly signal: AbortSignal,
    private readonly listener: Listener,
  ) {
    this.expected = step.checks(context);
  }

  /** Runs it to its end, and removes what it has made. @throws Interrupted, or ClusterError where the cluster is gone. */
  async run(): Promise<void> {
    let why: NotRun | undefined;
    let end: Error | undefined;
    try {
      const reason = this.step.unless?.(this.context);
      if (reason !== undefined) throw new NotRun(reason);
      await this.allowed();
      await this.step.run(this);
    } catch (error) {
      if (error instanceof NotRun) why = error;
      else if (error instanceof Prevented) why = new NotRun(error.message);
      else {
        end = error as Error;
        why = new NotRun(this.reasonOf(end), true);
      }
    }
    await this.remove();
    this.skipOthers(why ?? new NotRun("there was nothing to check"));
    if (end !== undefined) throw end;
  }

  /** Why the other checks aren't run. What the cluster said is told once. */
  private reasonOf(error: Error): string {
    if (error instanceof Interrupted) return error.message;
    if (!(error instanceof ClusterError)) return "the run has ended before";
    return this.results.some(({ saw }) => saw === inOneLine(error.message)) ? AWAY : error.message;
  }

  /** Says of all checks that they weren't run. */
  skipOthers({ reason, isBlocked }: NotRun): void {
    for (const name of Object.keys(this.expected)) {
      if (this.results.some(({ id }) => id === this.idOf(name))) continue;
      if (name === REMOVED) continue;
      this.record(name, { outcome: Outcome.NotRun, saw: reason, milliseconds: 0, ...(isBlocked && { isBlocked }) });
    }
  }

  /** Runs one check. What it found is `undefined` unless it passed. */
  async check<T>(name: string, work: () => Promise<Seen<T>>): Promise<T | undefined> {
    this.stopIfInterrupted();
    this.listener.begins(this.idOf(name), this.expectedOf(name));
    const began = Date.now();
    const record = (found: Omit<Result, "id" | "expected" | "milliseconds">) =>
      this.record(name, { ...found, milliseconds: Date.now() - began });
    try {
      const { saw, value } = await work();
      record({ outcome: Outcome.Passed, saw });
      return value;
    } catch (error) {
      if (error instanceof Refuted) record({ outcome: Outcome.Failed, saw: error.saw, look: error.look });
      else if (error instanceof NotRun) {
        record({ outcome: Outcome.NotRun, saw: error.reason, ...(error.isBlocked && { isBlocked: true }) });
      } else if (error instanceof Interrupted) {
        record({ outcome: Outcome.NotRun, saw: "interrupted", isBlocked: true });
        throw error;
      } else if (error instanceof ClusterError) {
        const { problem, message } = error;
        if (problem === "answer") record({ outcome: Outcome.Failed, saw: message, look: this.step.look(this.context) });
        else record({ outcome: Outcome.NotRun, saw: message, isBlocked: true });
        if (problem === "unreachable" || problem === "signIn") throw error;
      } else throw error;
      return undefined;
    }
  }

  /** Runs a check that later ones need: where it doesn't pass, they aren't run. */
  async must<T>(name: string, work: () => Promise<Seen<T>>): Promise<T> {
    let found: { value: T } | undefined;
    await this.check(name, async () => {
      const seen = await work();
      found = seen;
      return seen;
    });
    if (!found) throw new Prevented(`it needs ${this.idOf(name)}`);
    return found.value;
  }

  /**
   * Looks until there is something to see, or so many seconds have passed: then it is `undefined`.
   *
   * @throws Interrupted
   */
  async until<T>(seconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      this.stopIfInterrupted();
      const seen = await look();
      if (seen !== undefined || Date.now() >= end) return seen;
      await this.pause(this.context.interval);
    }
  }

  private stopIfInterrupted(): void {
    if (this.signal.aborted && !this.isEnding) throw new Interrupted();
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      if (!this.isEnding) this.signal.addEventListener("abort", done, { once: true });
    });
  }

  /** @throws NotRun if a right is missing. */
  private async allowed(): Promise<void> {
    this.stopIfInterrupted();
    const missing: Right[] = [];
    for (const right of this.step.needs(this.context)) {
      if (!(await this.context.cluster.may(right))) missing.push(right);
    }
    if (missing.length > 0) {
      throw new NotRun(`whoever runs this may not ${missing.map(rightInWords).join(", ")}: give that right`, true);
    }
  }

  /** Removes what the step has made, and records how that went: only where anything was made. */
  private async remove(): Promise<void> {
    if (this.cleanup.isEmpty) return;
    this.isEnding = true;
    this.listener.begins(this.idOf(REMOVED), this.expectedOf(REMOVED));
    const began = Date.now();
    const { removed, left } = await this.cleanup.run();
    const found = { milliseconds: Date.now() - began };
    if (left.length === 0) {
      this.record(REMOVED, { ...found, outcome: Outcome.Passed, saw: `removed ${removed.join(", ")}` });
      return;
    }
    const saw = `it may still be there: ${left.map(({ what, why }) => `${what} (${why})`).join(", ")}`;
    const isUnknown = left.every((it) => it.isUnknown);
    const look = left.map(({ command }) => command).join("\n");
    if (isUnknown) this.record(REMOVED, { ...found, outcome: Outcome.NotRun, saw, look, isBlocked: true });
    else this.record(REMOVED, { ...found, outcome: Outcome.Failed, saw, look });
  }

  private idOf(name: string): string {
    return `${this.step.name}.${name}`;
  }

  private expectedOf(name: string): string {
    const expected = this.expected[name];
    if (expected === undefined) throw new Error(`${this.idOf(name)} isn't among the checks of its step`);
    return expected;
  }

  private record(name: string, found: Omit<Result, "id" | "expected">): void {
    const result = shownSafely({ id: this.idOf(name), expected: this.expectedOf(name), ...found });
    this.results.push(result);
    this.listener.ended(result);
  }
}
