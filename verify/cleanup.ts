import { ClusterError } from "./cluster";
import { NotRun } from "./result";

interface Made {
  what: string;
  /** A command that removes it, for a person. */
  command: string;
  remove: () => Promise<void>;
}

/** What couldn't be removed. */
export interface Left {
  what: string;
  why: string;
  command: string;
  /** Whether nobody could be asked, or would answer who asks. */
  isUnknown: boolean;
}

/** What a run makes, and how each of it goes again. */
export class Cleanup {
  private readonly made: Made[] = [];

  get isEmpty(): boolean {
    return this.made.length === 0;
  }

  /** Registers something before it is made: an interruption may come while it is. */
  add(made: Made): void {
    this.made.push(made);
  }

  /** Removes everything, the latest first. What fails keeps nothing else from being removed. */
  async run(): Promise<{ removed: string[]; left: Left[] }> {
    const [removed, left]: [string[], Left[]] = [[], []];
    for (const { what, command, remove } of this.made.splice(0).reverse()) {
      try {
        await remove();
        removed.push(what);
      } catch (error) {
        const isUnreachable = error instanceof ClusterError && error.problem === "unreachable";
        const isUnknown = isUnreachable || error instanceof NotRun;
        left.push({ what, why: (error as Error).message, command, isUnknown });
      }
    }
    return { removed, left };
  }
}
