import * as fs from "node:fs";
import * as path from "node:path";
import { createSpinner } from "nanospinner";
import * as lockfile from "proper-lockfile";
import { COLUMNS } from "../../changes/text";
import { alive } from "../stack/processes";
import type { Local } from "../stack/local";

/** An error for the person at the terminal: what was expected, what was found, how to fix it; shown without a trace. */
export class UserError extends Error {}

type Terminal = Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

/**
 * Whether lines may be redrawn, in colour: both streams go to a terminal that can, no CI, and plain text wasn't asked for
 * (no-color.org). A terminal that says how wide it is: a serial console doesn't, nor a container's at first, and nanospinner
 * would count the lines of a text there without end.
 */
export function interactive(streams: Terminal[] = [process.stdout, process.stderr], env = process.env): boolean {
  const { CI, NO_COLOR, TERM } = env;
  const isWide = streams.every(({ isTTY, columns = 0 }) => isTTY && columns > 0);
  return isWide && !CI && !NO_COLOR && TERM !== "dumb";
}

/** What an interruption does to the work in hand; with nothing here it ends the command at once. */
export const interruption: { stop?: () => void } = {};

/** Signals that are less than so many milliseconds apart are one interruption. */
const AT_ONCE = 1000;

/**
 * What hears signals, and counts a person's interruptions. One Ctrl-C may be two signals: the terminal sends it to every process,
 * and npm passes on what it hears. https://github.com/npm/run-script/blob/main/lib/signal-manager.js
 *
 * @param act called at each interruption, with 1 at the first one.
 */
export function countingInterruptions(act: (count: number) => void): () => void {
  let count = 0;
  let latest = -Infinity;
  return () => {
    if (performance.now() - latest < AT_ONCE) return;
    latest = performance.now();
    act((count += 1));
  };
}

/** "7 s", "2 min 05 s". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Cuts a line that would wrap beside a spinner: a wrapped line can't be redrawn in place. */
export const fit = (line: string, columns = process.stdout.columns || 80): string =>
  line.length <= columns - 3 ? line : `${line.slice(0, columns - 4)}…`;

/** Commands, each with what it is for: behind it where all fit 80 columns so, otherwise above it. */
export function explained(commands: [string, string][]): string {
  const width = Math.max(...commands.map(([command]) => command.length)) + 2;
  const lines = commands.map(([command, why]) => `  ${command.padEnd(width)}# ${why}`);
  const fit = lines.every((line) => line.length <= COLUMNS);
  return (fit ? lines : commands.map(([command, why]) => `  # ${why}\n  ${command}`)).join("\n");
}

/**
 * Runs something that takes a while, and shows that it moves: its title, how long it has taken, and the last detail it
 * noted; one line redrawn on a terminal, a line every 15 s elsewhere. It goes to stderr, and leaves stdout to the result.
 */
export async function progress<T>(title: string, work: (note: (detail: string) => void) => Promise<T>): Promise<T> {
  const started = Date.now();
  let detail = "";
  const spinner = interactive() ? createSpinner(title, { stream: process.stderr }).start() : undefined;
  if (!spinner) console.error(title);
  const show = () => {
    const state = `${title}: ${duration(Date.now() - started)}${detail && `, ${detail}`}`;
    if (spinner) spinner.update(fit(state));
    else console.error(state);
  };
  const timer = setInterval(show, spinner ? 250 : 15_000);
  try {
    const result = await work((text) => (detail = text));
    spinner?.success(`${title}: ${duration(Date.now() - started)}`);
    return result;
  } catch (error) {
    spinner?.error(title);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Whether a lock's holder was killed. One that has just taken it has yet to write who it is. */
function isLeft(lock: string, record: string): boolean {
  const taken = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  const [, holder] = /^process (\d+):/.exec(fs.existsSync(record) ? fs.readFileSync(record, "utf8") : "") ?? [];
  return holder !== undefined && !alive(Number(holder)) && Date.now() - taken > 1000;
}

/**
 * Runs what only one process may do at a time; the lock of a process that was killed is free at once. A process whose
 * lock was taken away, by hand or after a long sleep of the machine, stops as if it were interrupted.
 *
 * @param what What the other process does, for the message that this one waits for it.
 * @param timeoutInSeconds How long to wait.
 * @throws UserError if the other process still holds the lock after that time.
 */
export async function locked<T>(
  lock: string,
  what: string,
  timeoutInSeconds: number,
  work: () => Promise<T>,
): Promise<T> {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  const record = `${lock}.holder`;
  for (let waited = 0; ; waited += 1) {
    let lost = false;
    const onCompromised = () => {
      lost = true;
      console.error(`\n${lock} is gone or another command's: this one stops. Run it again.`);
      (interruption.stop ?? (() => process.exit(1)))();
    };
    // A machine that is busy may keep a command from saying for ten seconds that it still works.
    const options = { lockfilePath: lock, realpath: false, onCompromised, stale: 30_000, update: 5000 };
    const release = await lockfile.lock(lock, options).catch((error) => {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    });
    if (release) {
      fs.writeFileSync(record, `process ${process.pid}: ${process.argv.slice(2).join(" ")}`);
      return work().finally(() => {
        if (lost) return;
        fs.rmSync(record, { force: true });
        return release();
      });
    }
    if (isLeft(lock, record)) {
      fs.rmSync(lock, { recursive: true, force: true });
      continue;
    }
    const holder = fs.existsSync(record) ? ` (${fs.readFileSync(record, "utf8")})` : "";
    if (waited === 0) console.error(`Another command${holder} ${what}: waiting for it to end.`);
    if (waited >= timeoutInSeconds)
      throw new UserError(`Another command${holder} still ${what}. Run this one when it has ended.`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Runs work that changes a stack's cloud, once no other command's does. @throws UserError when that lasts for 15 s. */
export const lockedStack = <T>({ cloud, stack }: Local, work: () => Promise<T>): Promise<T> =>
  locked(`${cloud}.lock`, `works on the local ${stack}`, 15, work);
