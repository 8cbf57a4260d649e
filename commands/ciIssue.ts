import { Command } from "commander";
import {
  BOT,
  ending,
  findMarked,
  gh,
  type Gh,
  GithubError,
  list,
  marked,
  readPage,
  type Run,
  runOf,
  write,
} from "./github";
import { markOf } from "../changes/mark";

/**
 * Keeps a stack's one issue about drift: opens it, edits it while the stack drifts, closes it when nothing does any more,
 * and opens the same one again.
 *
 * @param page Empty where nothing drifted.
 * @returns what was done, for the log.
 * @throws GithubError
 */
export async function issue(run: Gh, { repository, url }: Run, stack: string, page: string): Promise<string> {
  const mark = markOf("drift", stack);
  const issues = `repos/${repository}/issues`;
  const written = await list(run, `${issues}?state=all&creator=${encodeURIComponent(BOT)}&per_page=100`);
  // GitHub lists pull requests as issues, and the newest first.
  const found = findMarked(written.filter((it) => it.pull_request === undefined).reverse(), mark);
  const one = found && `${issues}/${found.number}`;
  const isOpen = found?.state === "open";
  if (page.trim() === "") {
    if (!one || !isOpen) return `${stack} hasn't drifted.`;
    await write(run, "POST", `${one}/comments`, { body: `Nothing is drifted any more: [the run](${url}).` });
    await write(run, "PATCH", one, { state: "closed", state_reason: "completed" });
    return `${stack} hasn't drifted any more: its issue is closed.`;
  }
  const fields = { title: `${stack} has drifted`, body: marked(mark, page) };
  if (!one) await write(run, "POST", issues, fields);
  else await write(run, "PATCH", one, { ...fields, state: "open" });
  return `${stack} has drifted: its issue is ${!one ? "opened" : isOpen ? "edited" : "opened again"}.`;
}

if (require.main === module) {
  void new Command("npm run ci:issue --")
    .description("Opens, edits or closes a stack's one issue about drift. Needs GitHub's CLI and GH_TOKEN.")
    .requiredOption("--stack <name>", "the stack that was compared")
    .requiredOption("--page <file>", "what drifted; an empty file where nothing did")
    .action(({ stack, page }: { stack: string; page: string }) =>
      ending(async () => {
        const text = readPage(page);
        if (text === undefined)
          throw new GithubError(
            `${page} must be there, empty where nothing drifted, and isn't: run npm run drift first.`,
          );
        return issue(gh, runOf(process.env), stack, text);
      }),
    )
    .parseAsync();
}
