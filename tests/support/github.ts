import assert from "node:assert/strict";
import type { Gh, Text } from "../../commands/github";

/** A comment or an issue that is there before. */
export type Existing = Pick<Text, "body"> & { login?: string; state?: string; isPullRequest?: boolean };

/**
 * GitHub's REST API, as far as comments and issues go: a list gives at most two a page here, so that the second page counts.
 * https://docs.github.com/rest/issues/comments, https://docs.github.com/rest/issues/issues
 */
export class StandInGithub {
  readonly comments: Text[] = [];
  readonly issues: (Text & { title?: string; state_reason?: string })[] = [];

  constructor({ comments = [], issues = [] }: { comments?: Existing[]; issues?: Existing[] }) {
    const text = (id: number, { body, login = "github-actions[bot]" }: Existing) => ({ id, body, user: { login } });
    comments.forEach((it, index) => this.comments.push(text(100 + index, it)));
    issues.forEach((it, index) => {
      const { state = "open", isPullRequest } = it;
      const number = index + 1;
      const pull_request = isPullRequest ? { url: "…" } : undefined;
      this.issues.push({ ...text(1000 + number, it), number, state, pull_request });
    });
  }

  readonly gh: Gh = async (args, input) => {
    if (args[1] === "--paginate") {
      const [, , slurp, endpoint] = args;
      assert.equal(slurp, "--slurp");
      const [, creator] = /^repos\/o\/r\/issues\?state=all&creator=([^&]+)&per_page=100$/.exec(endpoint!) ?? [];
      const found =
        creator === undefined
          ? (assert.equal(endpoint, "repos/o/r/issues/7/comments?per_page=100"), this.comments)
          : this.issues.filter(({ user }) => user?.login === decodeURIComponent(creator)).reverse();
      const pages = Array.from({ length: Math.ceil(found.length / 2) }, (_, page) =>
        found.slice(page * 2, page * 2 + 2),
      );
      return JSON.stringify(pages);
    }
    const [api, method, verb, endpoint, ...rest] = args;
    assert.deepEqual([api, method, rest], ["api", "--method", ["--input", "-", "--silent"]]);
    this.write(`${verb} ${endpoint}`, JSON.parse(input!) as Record<string, string>);
    return "";
  };

  private write(request: string, fields: Record<string, string>): void {
    const one = <T extends Text>(texts: T[], wanted: (text: T) => boolean) => {
      const found = texts.find(wanted);
      assert.ok(found, request);
      Object.assign(found, fields);
    };
    const [, id] = /^PATCH repos\/o\/r\/issues\/comments\/(\d+)$/.exec(request) ?? [];
    const [, number] = /^PATCH repos\/o\/r\/issues\/(\d+)$/.exec(request) ?? [];
    const user = { login: "github-actions[bot]" };
    if (id) one(this.comments, (it) => it.id === Number(id));
    else if (number) one(this.issues, (it) => it.number === Number(number));
    else if (/^POST repos\/o\/r\/issues\/\d+\/comments$/.test(request))
      this.comments.push({ id: 100 + this.comments.length, user, body: fields.body! });
    else {
      assert.equal(request, "POST repos/o/r/issues");
      const at = this.issues.length + 1;
      this.issues.push({ id: 1000 + at, number: at, state: "open", user, body: null, ...fields });
    }
  }
}
