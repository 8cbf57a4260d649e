import { type ChildProcess, fork } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Copy } from "./copies";
import { endCloud } from "./processes";
import type { Answer, Question } from "./session";

/** What a copy has Node.js load first. */
function preloadOf(directory: string): string {
  const preload = path.join(directory, "preload.cjs");
  return fs.existsSync(preload) ? preload : require.resolve("tsx/cjs");
}

/** A process that works on one stack in one local cloud. */
export class Session {
  private readonly child: ChildProcess;

  /** @param directory the copy of the checkout whose code it runs. */
  constructor(directory: string, stack: string, cloud: string) {
    this.child = fork(path.join(__dirname, "session.ts"), [directory, stack, cloud], {
      cwd: directory,
      execArgv: ["--require", preloadOf(directory)],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  }

  /** @throws Error when what was asked for fails, or the session has ended. */
  async ask(question: Question): Promise<Answer> {
    const { child } = this;
    const answered = new Promise<Answer>((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", () => reject(new Error("the session has ended")));
    });
    child.send(question);
    const answer = await answered;
    child.removeAllListeners("exit");
    if (answer.error) throw new Error(`${question.does}: ${answer.error}`);
    return answer;
  }

  end(): void {
    this.child.disconnect();
  }
}

/** One stack of each copy, in a local cloud of its own within it, which is removed in the end. */
export class Stacks {
  private readonly sessions = new Map<Copy, Session>();

  /** @param cloud the name of the cloud's directory. */
  constructor(
    private readonly stack: string,
    private readonly cloud: string,
  ) {}

  async open(copies: Copy[]): Promise<void> {
    for (const copy of copies) {
      const session = new Session(copy.directory, this.stack, this.cloudIn(copy));
      this.sessions.set(copy, session);
      await session.ask({ does: "start" });
    }
  }

  of(copy: Copy): Session {
    return this.sessions.get(copy)!;
  }

  close(): void {
    for (const [copy, session] of this.sessions) {
      session.end();
      endCloud(copy.directory, this.cloud);
    }
    this.sessions.clear();
  }

  private cloudIn({ directory }: Copy): string {
    return path.join(directory, ".local", this.cloud);
  }
}
