import type { Copy } from "./copies";
import { measure, type Sample } from "./processes";

/** One thing that is measured, again and again. */
export interface Subject {
  /** What is measured, as a person would do it. */
  command: string;
  /** Whether it is the same before and now: it is measured once for both. */
  isShared?: boolean;
  run(copy: Copy): Promise<Sample>;
}

/** Things that are measured in turn. */
export interface Group {
  /**
   * Gives each copy what the subjects need.
   *
   * @returns why some subjects can't be measured here, by their names.
   */
  prepare?(copies: Copy[]): Promise<Record<string, string>>;
  /** By their names in figures.ts. */
  subjects: Record<string, Subject>;
  end?(): void;
}

/** Runs a command in a directory; what it prints is beside the copy. */
export const runIn = (copy: Copy, command: string[], directory = copy.directory, env = process.env): Promise<Sample> =>
  measure(command, `${copy.directory}.log`, directory, env);

/** A command of the checkout. */
export const command = (text: string): Subject => ({
  command: text,
  run: (copy) => runIn(copy, text.split(" ")),
});
