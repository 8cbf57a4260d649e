import { Command } from "commander";
import { ending, findMarked, gh, type Gh, list, marked, readPage, type Run, runOf, write } from "./github";
import { markOf } from "../changes/mark";

/**
 * Writes a preview's page into the stack's one comment of a pull request, and makes it where there is none. Without a page
 * the comment says that the preview couldn't run: an earlier page would pass for this push's.
 *
 * @returns what was done, for the log.
 * @throws GithubError
 */
export async function comment(
  run: Gh,
  { repository, url }: Run,
  stack: string,
  pullRequest: string,
  page: string | undefined,
): Promise<string> {
  const mark = markOf("preview", stack);
  const body = marked(mark, page ?? `**${stack}**: the preview could not run. [The run](${url}) says why.`);
  const comments = `repos/${repository}/issues/${pullRequest}/comments`;
  const earlier = findMarked(await list(run, `${comments}?per_page=100`), mark);
  if (earlier) await write(run, "PATCH", `repos/${repository}/issues/comments/${earlier.id}`, { body });
  else await write(run, "POST", comments, { body });
  return `The comment about ${stack} is ${earlier ? "edited" : "written"}.`;
}

if (require.main === module) {
  void new Command("npm run ci:comment --")
    .description(
      "Writes a preview's page into the stack's one comment of a pull request. Needs GitHub's CLI and GH_TOKEN.",
    )
    .requiredOption("--stack <name>", "the stack that was previewed")
    .requiredOption("--pull-request <number>", "the pull request")
    .requiredOption("--page <file>", "the page; without such a file the comment says that the preview could not run")
    .action(({ stack, pullRequest, page }: { stack: string; pullRequest: string; page: string }) =>
      ending(() => comment(gh, runOf(process.env), stack, pullRequest, readPage(page))),
    )
    .parseAsync();
}
