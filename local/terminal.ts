import { createSpinner } from "nanospinner";

/** An error for the person at the terminal: what was expected, what was found, how to mend it; shown without a stack. */
export class UserError extends Error {}

/** Whether lines may be redrawn and coloured: a terminal, no CI, and nobody asked for plain text (no-color.org). */
export const interactive = (): boolean => Boolean(process.stdout.isTTY) && !process.env.CI && !process.env.NO_COLOR;

/** "7 s", "2 min 05 s": short enough for a line that moves. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** Cuts a line so that it never wraps: a wrapped line can't be redrawn in place. */
export const fit = (line: string, columns = process.stdout.columns || 80): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;

/** How often a log without a terminal hears that something long still moves, in milliseconds. */
const PLAIN_INTERVAL = 15_000;

/**
 * Runs something that takes a while, and shows that it moves: its title, the time it has taken, and the last detail it
 * noted; one line redrawn on a terminal, a line now and then elsewhere.
 */
export async function progress<T>(title: string, work: (note: (detail: string) => void) => Promise<T>): Promise<T> {
  const started = Date.now();
  let detail = "";
  const state = () => `${title} (${duration(Date.now() - started)})${detail && `: ${detail}`}`;
  const spinner = interactive() ? createSpinner(title, { stream: process.stdout }).start() : undefined;
  if (!spinner) console.log(title);
  // Two columns belong to the spinner itself.
  const show = () =>
    spinner ? spinner.update(fit(state(), (process.stdout.columns || 80) - 2)) : console.log(state());
  const timer = setInterval(show, spinner ? 250 : PLAIN_INTERVAL);
  try {
    const result = await work((text) => (detail = text));
    const end = `${title} (${duration(Date.now() - started)})`;
    if (spinner) spinner.success(end);
    else if (Date.now() - started > 1000) console.log(`${end}: done`);
    return result;
  } catch (error) {
    spinner?.error(`${title} (${duration(Date.now() - started)})`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
