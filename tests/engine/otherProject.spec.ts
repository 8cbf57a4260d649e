import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Checkout } from "./checkout";
import { CHECKOUT } from "./localStack";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

const PROGRAM = `
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");
const bucket = new aws.s3.Bucket("images", { bucket: "shop-" + new pulumi.Config().require("of") });
exports.bucketName = bucket.bucket;
`;

/** Somebody's program, which knows nothing of this project: the host of its language runs it where it is. */
describe("any other Pulumi program on the local cloud", function () {
  this.timeout("3m");
  inOrder(this);
  const checkout = new Checkout();
  const project = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-other-"));
  const write = (file: string, text: string) => fs.writeFileSync(path.join(project, file), text);
  const local = (command: string, ...args: string[]) =>
    checkout.npm("local", "--", command, "--project", project, ...args);
  const succeeds = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = local(command, ...args);
    assert.equal(status, 0, stdout + stderr);
    return stdout + stderr;
  };
  const files = () => fs.readdirSync(project).filter((file) => file !== ".local");

  before(() => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n  shop:of: images\n");
    write("package.json", `{ "name": "shop" }`);
    write("index.js", PROGRAM);
    fs.symlinkSync(path.join(CHECKOUT, "node_modules"), path.join(project, "node_modules"));
  });
  after(() => {
    local("destroy");
    checkout.remove();
    fs.rmSync(project, { recursive: true, force: true });
  });

  it("is deployed from its folder, into which nothing is written but .local", () => {
    const before = files();
    const [up] = commandsOf("docs/local.md", "Other programs");
    assert.match(checkout.types(up!.replace("../shop", project)), /bucketName {2}shop-images$/m);
    assert.match(succeeds("inventory"), /s3\/bucket\n +shop-images$/m);
    assert.deepEqual(files(), before);
    assert.doesNotMatch(fs.readFileSync(path.join(project, "Pulumi.dev.yaml"), "utf8"), /salt/);
  });

  it("stays as it is by a second up, and is previewed with another configuration", () => {
    assert.match(succeeds("up"), /^2 same, in/m);
    assert.match(succeeds("preview", "--config", "of=photos"), /replace aws:s3:Bucket images \[bucket\]/);
  });

  it("is refused in AWS's words what AWS refuses", () => {
    const { status, stdout, stderr } = local("up", "--config", "of=Images");
    assert.equal(status, 1);
    assert.match(stdout + stderr, /^! images: InvalidBucketName: The specified bucket is not valid\.$/m);
  });

  it("is checked by this repository's policies", () => {
    const { status, stdout, stderr } = local("preview", "--policy");
    assert.equal(status, 1);
    assert.match(stdout + stderr, /bucket-versioned[^]*Violation: versioning is not Enabled\./);
  });

  it("is refused before anything is done, what only its owner can read, or would lead out of its folder", () => {
    const before = fs.readFileSync(path.join(project, "Pulumi.dev.yaml"), "utf8");
    write("Pulumi.dev.yaml", `${before}  shop:password:\n    secure: AAABAC\nenvironment:\n  - shop-dev\n`);
    const { status, stderr } = local("up");
    assert.equal(status, 1);
    assert.match(stderr, /It has secrets: shop:password\. Give each another value: --config KEY=VALUE\./);
    assert.match(stderr, /It imports Pulumi ESC environments\./);
    write("Pulumi.dev.yaml", `${before}  shop:password:\n    secure: AAABAC\n`);
    succeeds("preview", "--config", "password=x");
    succeeds("preview");
    write("Pulumi.dev.yaml", before);
    for (const stack of [".", "..", "../other"])
      assert.match(local("destroy", "--stack", stack).stderr, /A stack's name begins with a letter or digit/);
    assert.ok(fs.existsSync(path.join(project, ".local", "dev")));
  });

  it("goes, and its local cloud with it", () => {
    succeeds("destroy");
    assert.ok(!fs.existsSync(path.join(project, ".local")));
  });

  it("is missed in words where there is none, or nothing that runs it", () => {
    write("Pulumi.yaml", "name: shop\nruntime: cobol\n");
    const { status, stderr } = local("up");
    assert.equal(status, 1);
    assert.match(stderr, /has the runtime cobol, which needs pulumi-language-cobol on PATH/);
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
    assert.match(local("up").stderr, /beside Pulumi\.yaml only, which has stackConfigDir: stacks/);
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("Pulumi.dev.yaml", "# nothing yet\n");
    const missing = local("preview");
    assert.match(missing.stdout, /Missing required configuration variable 'shop:of'$/m);
    assert.doesNotMatch(missing.stdout + missing.stderr, /pulumi config set/);
    assert.match(missing.stderr, /, write into \S+Pulumi\.dev\.yaml:\n +config:\n +of: VALUE$/m);
    succeeds("destroy");
    fs.rmSync(path.join(project, "Pulumi.yaml"));
    assert.match(local("up").stderr, /has no Pulumi\.yaml: --project names the folder of a Pulumi program/);
  });
});
