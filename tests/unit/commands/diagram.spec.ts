import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { diagram } from "../../../commands/diagram";
import { urnOf } from "../../support/urns";

const urn = urnOf("aws:s3/bucket:Bucket", "images");
const bucket = { urn, type: "aws:s3/bucket:Bucket", custom: true, inputs: { policy: "a secret" }, dependencies: [] };
const EXPORT = JSON.stringify({ version: 3, deployment: { resources: [bucket] } });
const preview = (...steps: object[]) => JSON.stringify({ steps, changeSummary: { same: 5 } });
const PREVIEW = preview({ op: "delete", urn, oldState: bucket });

describe("npm run diagram", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-diagram-"));
  const { PATH, INIT_CWD } = process.env;
  const file = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), text, { mode: 0o755 });
  };
  const run = (sources: Parameters<typeof diagram>[1], output = "a.svg") => diagram(directory, sources, output);
  const drawn = () => fs.readFileSync(path.join(directory, "a.svg"), "utf8");

  before(() => {
    process.env.INIT_CWD = directory;
    process.env.PATH = directory;
    file("Pulumi.yaml", "name: shop\n");
    file("state.json", EXPORT);
    file("preview.json", PREVIEW);
  });
  beforeEach(() => fs.rmSync(path.join(directory, "a.svg"), { force: true }));
  after(() => {
    process.env.PATH = PATH;
    if (INIT_CWD === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = INIT_CWD;
    fs.rmSync(directory, { recursive: true });
  });

  it("draws a state from where the user is, and says what is in it and where it is; no secret is in it", async () => {
    assert.deepEqual(await run({ state: "state.json" }), {
      text: "shop dev: 1 resource, 0 components\na.svg",
      exitCode: 0,
    });
    assert.match(drawn(), /^<svg .*\n(.*\n)*.*s3\.Bucket/);
    assert.doesNotMatch(drawn(), /secret/);
  });

  it("draws a preview, of the changed alone or in the whole state", async () => {
    const { text } = await run({ preview: "preview.json" });
    assert.equal(text, "shop dev: 1 resource, 0 components: 1 to delete; 5 that stay the same aren't shown\na.svg");
    assert.match(drawn(), />&#45; ◆ s3\.Bucket</);
    file("empty.json", preview());
    assert.match((await run({ state: "state.json", preview: "preview.json" })).text, /^shop dev: .* 1 to delete\n/);
    assert.equal(
      (await run({ state: "state.json", preview: "empty.json" })).text,
      "shop dev: 1 resource, 0 components\na.svg",
    );
  });

  it("asks pulumi for the state of a stack, dev where none is named, in the checkout", async () => {
    const missing = {
      text: "error: There is no command pulumi: install the Pulumi CLI, or give --state FILE, or --local after npm run up:local",
      exitCode: 1,
    };
    assert.deepEqual(await run({}), missing);
    file(
      "pulumi",
      `#!/bin/sh\n[ "$PWD" = "${fs.realpathSync(directory)}" ] || exit 9\necho "$*" >>asked\necho '${EXPORT}'\n`,
    );
    assert.equal((await run({})).exitCode, 0);
    assert.match((await run({ stack: "org/shop/prod", preview: "preview.json" })).text, /1 to delete\n/);
    assert.equal(
      fs.readFileSync(path.join(directory, "asked"), "utf8"),
      "stack export --stack dev --non-interactive\nstack export --stack org/shop/prod --non-interactive\n",
    );
    file("pulumi", "#!/bin/sh\necho 'error: no stack named nowhere found' >&2\nexit 6\n");
    assert.deepEqual(await run({ stack: "nowhere" }), {
      text: "error: pulumi stack export --stack nowhere failed: error: no stack named nowhere found",
      exitCode: 1,
    });
  });

  it("reads the state of the local cloud without an engine", async () => {
    assert.deepEqual(await run({ local: true }), {
      text: "error: dev isn't on the local cloud: npm run up:local -- --stack dev",
      exitCode: 1,
    });
    file(
      ".local/dev/state/.pulumi/stacks/shop/dev.json",
      JSON.stringify({ checkpoint: { latest: { resources: [bucket] } } }),
    );
    assert.equal((await run({ local: true })).text, "shop dev: 1 resource, 0 components\na.svg");
  });

  it("refuses what it can't read or write, and draws nothing then", async () => {
    file("cut.json", PREVIEW.slice(0, -5));
    const refused: [Parameters<typeof run>, RegExp][] = [
      [[{ state: "nowhere.json" }], /^error: nowhere\.json can't be read: ENOENT/],
      [
        [{ state: "preview.json" }],
        /^error: A state has a deployment with resources, each with its URN; this has not\.\n/,
      ],
      [[{ preview: "state.json" }], /^error: This isn't what pulumi preview --json prints/],
      [[{ preview: "cut.json" }], /^error: A preview in JSON was expected\. This is none, or its end is cut off/],
      [[{ state: "-", preview: "-" }], /^error: Only one of --state and --preview can be the standard input\.$/],
      [[{ state: "state.json" }, "no/where.svg"], /^error: no\/where\.svg can't be written: ENOENT/],
    ];
    for (const [args, message] of refused) {
      const { text, exitCode } = await run(...args);
      assert.match(text, message);
      assert.equal(exitCode, 1);
    }
    assert.ok(!fs.existsSync(path.join(directory, "a.svg")));
  });
});
