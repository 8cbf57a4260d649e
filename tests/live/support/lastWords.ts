import * as fs from "node:fs";
import * as path from "node:path";
import { ENDED } from "./nodeFiles";

/** How much of a log is told, in lines. */
const LINES = 25;

/** What a program of Go's that crashes prints after the reason: what all its goroutines were at. */
const GOROUTINES = /\n+(?=goroutine \d+ )/;

/** Why a node has ended, and the last lines of what it was that ended: its directory goes with it. */
export function lastWords(directory: string): string {
  const read = (name: string) => {
    const file = path.join(directory, name);
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : "";
  };
  const tail = (log: string) => {
    const lines = read(log).split(GOROUTINES, 1)[0]!.split("\n").slice(-LINES);
    return `The last lines of ${log}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  };
  const ended = read(ENDED);
  if (ended === "") return `The node has ended. ${tail("node.log")}`;
  const [name, status] = ended.split(" ");
  return `${name} has ended, ${how(Number(status))}, and with it the node. ${tail(`${name}.log`)}`;
}

/** A shell adds 128 to a signal's number. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_08_02 */
const how = (status: number): string =>
  status > 128 ? `killed by signal ${status - 128}` : `with the exit code ${status}`;
