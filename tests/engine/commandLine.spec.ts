import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { readRecords } from "../../local/aws/records";
import { CHECKOUT, expires } from "./localStack";
import { ONLY_UNCHANGED, SignedIn } from "./signedIn";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

/**
 * As README has the commands: the runtime, its options and the engine's own processes are those of Pulumi.yaml.
 */
describe("pulumi, as a person types it", function () {
  this.timeout("5m");
  inOrder(this);
  const person = new SignedIn();
  const { cloud, directory } = person.checkout;
  const readme = commandsOf("README.md", "Deploy it on AWS");
  /** README's command that begins so, without `pulumi`. */
  const ofReadme = (beginning: string) => {
    const line = readme.find((it) => it.startsWith(`pulumi ${beginning}`))!;
    return line.split(" ").slice(1);
  };

  before(async function () {
    this.timeout("15m");
    await person.start();
  });
  after(() => person.stop());

  it("refuses the examples in the file as it is shipped, all in one message, and says how to find one's own values", () => {
    person.pulumi(...ofReadme("stack init"));
    const { status, stdout } = person.run("preview");
    assert.notEqual(status, 0, stdout);
    assert.match(
      stdout,
      /accountId must be your own.*\n.*aws sts get-caller-identity .*\n.*apiAccessCidrs must be your own.*\n.*checkip/,
    );
  });

  it("previews dev, and makes what it previewed", () => {
    person.setOwnValues();
    assert.match(person.checkout.types(readme[0]!), new RegExp(`^\\* accountId +${person.account}$`, "m"));
    const created = (text: string) => /^ *\+ (\d+) (?:to create|created)$/m.exec(text)?.[1];
    const previewed = created(person.pulumi(...ofReadme("preview")));
    const said = person.confirmed(...ofReadme("up"), "--skip-preview");
    assert.ok(Number(previewed) > 100, previewed);
    // The eks plugin makes more of them once the cluster's name is known.
    assert.ok(Number(created(said)) >= Number(previewed), said);
    assert.match(person.pulumi(...ofReadme("stack output")), /"catalog": ?"data-catalog-mysql-0"/);
  });

  it("changes nothing by a second up", () => {
    assert.match(person.confirmed("up"), ONLY_UNCHANGED);
  });

  it("destroys it, and leaves nothing", () => {
    person.confirmed("destroy");
    assert.deepEqual(
      readRecords(cloud).filter((record) => !expires(record)),
      [],
    );
  });

  it("has written the salt of the secrets into the stack's file, and what was set", () => {
    const [before, after] = [CHECKOUT, directory].map(
      (at) => parse(fs.readFileSync(path.join(at, "Pulumi.dev.yaml"), "utf8")) as Record<string, unknown>,
    );
    const { encryptionsalt, ...others } = after!;
    assert.match(String(encryptionsalt), /^v1:/);
    const set = { "eks-storage:accountId": person.account, "eks-storage:apiAccessCidrs": [person.network] };
    assert.deepEqual(others, { ...before, config: { ...(before!.config as object), ...set } });
  });
});
