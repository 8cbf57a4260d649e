import { nodeArguments, programImports, sdkImports } from "../../tests/support/programStart";
import { type Group, runIn, type Subject } from "../group";

const node = (what: string, args: (directory: string) => string[]): Subject => ({
  command: what,
  run: (copy) => runIn(copy, [process.execPath, ...args(copy.directory)]),
});

/** Loading the program, beside the SDKs that it can't do without. */
export const load: Group = {
  subjects: {
    program: node("node NODEARGS --eval: requires what index.ts imports", (directory) => [
      ...nodeArguments(directory),
      "--eval",
      programImports(directory),
    ]),
    SDKs: node("node --eval: requires what components/ imports of the four", (directory) => [
      "--eval",
      sdkImports(directory),
    ]),
    "SDKs by NODEARGS": node("node NODEARGS --eval: the same, started as Pulumi.yaml says", (directory) => [
      ...nodeArguments(directory),
      "--eval",
      sdkImports(directory),
    ]),
  },
};
