import { createSpinner } from "nanospinner";
import { fit, interactive } from "../local/cli/terminal";
import { detailsAsText, outcomeAsText, time } from "./report";
import { Outcome, type Result } from "./result";
import type { Listener } from "./step";

/** How often something that takes long says so where no line can be redrawn, in milliseconds. */
const STILL = 15_000;

const COLOURS: Record<Outcome, string> = { passed: "\u001b[32m", failed: "\u001b[31m", "not run": "\u001b[33m" };
const PLAIN = "\u001b[39m";

/** Shows each check as it goes: below what is done, what is being looked at. */
export class Display implements Listener {
  private readonly isLive = interactive();
  private readonly spinner = this.isLive ? createSpinner("", { stream: process.stderr }) : undefined;
  private readonly timer = setInterval(() => this.show(), this.isLive ? 250 : STILL);
  private current: { id: string; since: number } | undefined;
  /** What is yet to be said of checks that weren't run: once, below all that have it in common. */
  private reason: string | undefined;

  /** @param write where its lines go: not to the output of a command that prints something else there. */
  constructor(private readonly write: (line: string) => void) {}

  readonly begins = (id: string): void => {
    this.giveReason();
    this.current = { id, since: Date.now() };
    if (this.isLive) this.show();
  };

  readonly ended = (result: Result): void => {
    this.current = undefined;
    this.spinner?.clear();
    const { outcome } = result;
    const details = detailsAsText(result);
    if (details !== this.reason) this.giveReason();
    const text = outcomeAsText(result);
    this.write(this.isLive ? COLOURS[outcome] + outcome + PLAIN + text.slice(outcome.length) : text);
    if (outcome === Outcome.NotRun) this.reason = details;
    else this.write(details);
  };

  private giveReason(): void {
    if (this.reason !== undefined) this.write(this.reason);
    this.reason = undefined;
  }

  /** Says something beside the checks. */
  say(line: string): void {
    this.spinner?.clear();
    console.error(line);
  }

  end(): void {
    clearInterval(this.timer);
    this.spinner?.clear().stop();
    this.giveReason();
  }

  private show(): void {
    if (!this.current) return;
    const text = `${this.current.id}: ${time(Date.now() - this.current.since)}`;
    if (this.spinner) this.spinner.update(fit(text)).spin();
    else this.write(`        ${text} so far`);
  }
}
