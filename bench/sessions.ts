import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import type { Copy } from "./copies";
import type { Answer, Question } from "./session";

/** One stack of a copy, which a process of its own works on. */
export class Session {
  readonly cloud: string;
  private readonly child: ChildProcess;

  /** @param cloud the directory of its local cloud, within the copy. */
  constructor({ directory }: Copy, stack: string, cloud: string) {
    this.cloud = path.join(directory, ".local", cloud);
    this.child = fork(path.join(__dirname, "session.ts"), [directory, stack, this.cloud], {
      cwd: directory,
      execArgv: ["--require", require.resolve("tsx/cjs")],
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
