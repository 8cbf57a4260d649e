import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CHECKOUT } from "../localStack";

/** A commit whose stacks must live on under the code as it is now. */
export interface Earlier {
  commit: string;
  /** What the keys began with by which a stack adopts something, where they have another name now. */
  adoptKeys?: string;
  /**
   * What a first `up` with the code of now does to its stacks, beside updates of dynamic resources and of the record of what
   * is kept. Whoever adds a line says why it loses nothing, and in docs/upgrading.md what a person sees of it.
   */
  explained?: RegExp[];
  /** The types of what that `up` adds in AWS. */
  added?: string[];
}

/**
 * The last commit before rooms and names changed, and every release's. A line is all that a release needs here to be
 * tested. docs/upgrading.md tells what a person does on the way from each.
 */
export const COMMITS = {
  beforeRooms: {
    commit: "0861e3387f268e7a8fc333f8111029ed927c47f0",
    adoptKeys: "kept",
    explained: [
      // What a destroy keeps can be asked for at any time.
      /^create aws:ssm\/parameter:Parameter eks-storage-\w+-kept$/,
      // It looks at the drivers' pods, of which those without credentials are restarted; it is nothing in AWS.
      /^create pulumi-nodejs:dynamic:Resource (efs|ebs|s3)-csi-credentials$/,
      // Access entries are made beside it: a component's inputs are only the engine's own record.
      /^update eks:index:Cluster eks-storage-\w+$/,
      // The driver's right to the account's default key; without such a key it holds no right to use any.
      /^create aws:iam\/rolePolicy:RolePolicy ebs-csi-controller-kms$/,
      // More disks a node, as its type takes; what is attached stays so.
      /^update aws:eks\/addon:Addon ebs-csi$/,
    ],
    added: ["iam/rolePolicy", "ssm/parameter"],
  },
} satisfies Record<string, Earlier>;

/**
 * The tags of a clone's releases, `v*`, whose commits are not among the given ones. The one that is being released isn't looked
 * for: no commit can name itself.
 */
export function untestedReleases(commits: string[], clone = CHECKOUT): string[] {
  // A tag with a message of its own is an object that names the commit.
  const format = "%(refname:short) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)";
  const refs = ["for-each-ref", `--format=${format}`, "refs/tags/v*"];
  const lines = execFileSync("git", refs, { cwd: clone, encoding: "utf8" }).split("\n").filter(Boolean);
  const releases = lines.map((line) => line.split(" ") as [string, string]);
  const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: clone, encoding: "utf8" }).trim();
  return releases.filter(([, commit]) => ![...commits, head].includes(commit)).map(([tag]) => tag);
}

/**
 * A commit's program in a directory of its own, within the checkout, whose node_modules it uses: the program and its
 * configuration are old then, the packages and the local cloud are today's.
 *
 * @throws Error when the clone hasn't got the commit.
 */
export function programOf(commit: string, clone = CHECKOUT): string {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: clone, encoding: "utf8" });
  if (git("cat-file", "-e", `${commit}^{commit}`).status !== 0) {
    throw new Error(
      `The commit ${commit}, whose stacks are upgraded here, is not in this clone. Fetch its history: ` +
        "git fetch --unshallow origin, or in GitHub Actions fetch-depth: 0 for actions/checkout.",
    );
  }
  const directory = fs.mkdtempSync(path.join(CHECKOUT, ".local", `program-${commit.slice(0, 7)}-`));
  const archive = execFileSync("git", ["archive", commit], { cwd: clone, maxBuffer: 100 * 1024 * 1024 });
  execFileSync("tar", ["--extract", "--directory", directory], { input: archive });
  return directory;
}
