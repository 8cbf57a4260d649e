import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { z } from "zod";

/** Runs GitHub's CLI: what it prints. `input` goes to its standard input. */
export type Gh = (args: string[], input?: string) => Promise<string>;

/** Why GitHub can't be asked, or what its CLI said. */
export class GithubError extends Error {}

/** The real one, which signs in with GH_TOKEN: https://cli.github.com/manual/gh_api */
export const gh: Gh = (args, input = "") =>
  new Promise((resolve, reject) => {
    const options = { timeout: 60_000, maxBuffer: 100 * 1024 * 1024 };
    const child = execFile("gh", args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === "ENOENT")
        reject(new GithubError("there is no command gh: install GitHub's CLI (https://cli.github.com)"));
      else reject(new GithubError(stderr.trim() || error.message));
    });
    // A gh that ends without reading says on its own why.
    child.stdin?.on("error", () => {}).end(input);
  });

/** Who writes with a workflow's own token. */
export const BOT = "github-actions[bot]";

/** A comment or an issue, as far as it is read here. */
const textSchema = z.object({
  id: z.number(),
  number: z.number().optional(),
  state: z.string().optional(),
  body: z.string().nullable(),
  user: z.object({ login: z.string() }).nullable(),
  pull_request: z.unknown().optional(),
});
export type Text = z.infer<typeof textSchema>;

const firstLine = (body: string) => body.split(/\r?\n/, 1)[0]!.trim();

/** A body that begins with the mark, once. */
export const marked = (mark: string, body: string) => (firstLine(body) === mark ? body : `${mark}\n${body}`);

/** The newest text with the mark that a workflow wrote. Anybody else may have copied the mark. */
export function findMarked(texts: Text[], mark: string): Text | undefined {
  return texts.filter(({ body, user }) => user?.login === BOT && firstLine(body ?? "") === mark).at(-1);
}

/** All pages of a list, in GitHub's order. */
export async function list(run: Gh, endpoint: string): Promise<Text[]> {
  const pages = await run(["api", "--paginate", "--slurp", endpoint]);
  return z.array(z.array(textSchema)).parse(JSON.parse(pages)).flat();
}

/** Creates or changes something. */
export async function write(
  run: Gh,
  method: "POST" | "PATCH",
  endpoint: string,
  fields: Record<string, string>,
): Promise<void> {
  await run(["api", "--method", method, endpoint, "--input", "-", "--silent"], JSON.stringify(fields));
}

/** Where a workflow runs, from the variables that GitHub sets: https://docs.github.com/actions/reference/variables-reference */
export interface Run {
  /** OWNER/NAME */
  repository: string;
  /** The run's page. */
  url: string;
}

/** @throws GithubError naming the variables that aren't set. */
export function runOf(env: NodeJS.ProcessEnv): Run {
  const names = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"];
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0)
    throw new GithubError(`${missing.join(", ")} must be set, as in a workflow of GitHub, and isn't.`);
  const [server, repository, id] = names.map((name) => env[name]!);
  return { repository: repository!, url: `${server}/${repository}/actions/runs/${id}` };
}

/** A page that an earlier job made; `undefined` where it made none. */
export const readPage = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);

/** Runs a command to its end: an error of GitHub's is said without a trace, with exit code 2. */
export async function ending(work: () => Promise<string>): Promise<void> {
  try {
    console.log(await work());
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 2;
  }
}
