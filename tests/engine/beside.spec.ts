import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Checkout } from "./checkout";
import { CHECKOUT } from "./localStack";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

const BUCKET = `
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
const bucket = new aws.s3.Bucket("images", { bucket: config.require("of") });
exports.of = bucket.bucket;
exports.account = aws.getCallerIdentityOutput().accountId;
exports.password = config.getSecret("password");
`;

/** What is its owner's, and a program that looks it up by the id that the owner puts out. */
const PROGRAMS = {
  owner: `${BUCKET}
exports.beside = bucket.bucket;
`,
  shop: `${BUCKET}
exports.found = aws.s3.getBucketOutput({ bucket: config.require("beside") }).arn;
`,
};

/** Somebody's program in the local cloud of somebody else's: examples.spec.ts has the components do so. */
describe("a program beside another one on the local cloud", function () {
  this.timeout("3m");
  inOrder(this);
  const checkout = new Checkout();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-beside-"));
  const folder = (project: string) => path.join(directory, project);
  const owner = ["--project", folder("owner")];
  const shop = ["--project", folder("shop"), "--beside", folder("owner")];
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = checkout.npm("local", "--", command, ...args);
    return { status, said: stdout + stderr };
  };
  const succeeds = (command: string, ...args: string[]) => {
    const { status, said } = run(command, ...args);
    assert.equal(status, 0, said);
    return said;
  };
  const refused = (command: string, ...args: string[]) => {
    const { status, said } = run(command, ...args);
    assert.equal(status, 1, said);
    return said;
  };
  const copies = (name: string, program = name) => {
    fs.mkdirSync(folder(name));
    fs.writeFileSync(path.join(folder(name), "Pulumi.yaml"), `name: ${program}\nruntime: nodejs\n`);
    fs.writeFileSync(path.join(folder(name), "package.json"), JSON.stringify({ name }));
    fs.writeFileSync(path.join(folder(name), "index.js"), PROGRAMS[program as keyof typeof PROGRAMS]);
  };
  const config = (pairs: Record<string, string>) =>
    Object.entries(pairs).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
  // The rest is in its file, made of what the owner puts out.
  const ofShop = config({ of: "shop-images", password: "x", accountId: "222202024444" });
  const cloud = path.join(folder("owner"), ".local", "dev");

  before(() => {
    for (const project of Object.keys(PROGRAMS)) copies(project);
    fs.symlinkSync(path.join(CHECKOUT, "node_modules"), path.join(directory, "node_modules"));
  });
  after(() => {
    run("destroy", ...shop);
    run("destroy", ...owner);
    checkout.remove();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it("needs the other one, deployed and by another name", () => {
    const notThere = refused("up", ...shop);
    assert.match(
      notThere,
      /owner \(dev\) isn't deployed on this machine\. To deploy it: npm run up:local -- --project \S+owner$/m,
    );
    assert.match(refused("up", "--beside", "dev"), /--beside is for another program, whose folder --project names/);
    assert.match(refused("up", ...owner, "--beside", "nobody"), /nobody is neither/);
    assert.match(refused("up", ...owner, "--beside", folder("owner")), /are both named owner: .*one state/);
  });

  it("is deployed in the cloud and the account of the other one, and writes nothing into its folder", () => {
    const account = "111101013333";
    const ofOwner = { "aws:region": "eu-west-1", of: "owner-images", password: "x", accountId: account };
    succeeds("up", ...owner, ...config(ofOwner));
    const line = commandsOf("docs/local.md", "Other programs").find((it) => it.includes("--as-config"))!;
    checkout.types(line.replace("../platform", folder("owner")).replace("../shop", folder("shop")));
    const file = fs.readFileSync(path.join(folder("shop"), "Pulumi.dev.yaml"), "utf8");
    assert.match(file, /^# Left out, .*: password\nconfig:\n {2}aws:region: eu-west-1\n {2}account: "111101013333"\n/);
    const files = fs.readdirSync(folder("shop"));
    const said = succeeds("up", ...shop, ...ofShop);
    assert.match(said, /found +arn:aws:s3:::owner-images$/m);
    assert.match(said, new RegExp(`account +${account}$`, "m"));
    assert.match(said, /^ +# takes all of it down\n +npm run destroy:local -- --project \S+shop --beside \S+owner$/m);
    assert.deepEqual(fs.readdirSync(folder("shop")), files);
    assert.match(succeeds("inventory", ...shop), /owner-images\n +shop-images$/m);
    assert.match(succeeds("outputs", ...shop), /password +\[secret\]$/m);
  });

  it("stays as it is by a second up", () => {
    assert.match(succeeds("up", ...shop, ...ofShop), /^\d+ same, in/m);
  });

  it("isn't taken for another folder's of its name", () => {
    copies("copy", "shop");
    const said = refused("up", "--project", folder("copy"), "--beside", folder("owner"), ...ofShop);
    assert.match(said, /has another guest named shop: \S+shop\. .*one state/);
    assert.match(said, /npm run destroy:local -- --project \S+shop --beside \S+owner$/m);
  });

  it("keeps the other one from being destroyed, which names it and what destroys it", () => {
    const said = refused("destroy", ...owner);
    assert.match(
      said,
      /nothing was deleted.*\n +shop \(dev\): npm run destroy:local -- --project \S+shop --beside \S+owner$/m,
    );
    assert.match(succeeds("inventory", ...owner), /owner-images\n +shop-images$/m);
  });

  it("goes alone, though its folder is gone: the cloud goes on", () => {
    assert.match(refused("destroy", ...shop, "--forget-retained"), /is for a stack with a cloud of its own/);
    assert.match(refused("destroy", ...shop, "--with-guests"), /is for a stack with a cloud of its own/);
    fs.renameSync(folder("shop"), folder("moved"));
    assert.match(refused("up", ...shop), /shop has no Pulumi\.yaml/);
    assert.match(refused("destroy", ...owner), /^ +shop \(dev\): npm run destroy:local -- --project \S+shop --beside/m);
    assert.match(succeeds("destroy", ...shop), /The cloud of \S+owner goes on\.$/m);
    fs.renameSync(folder("moved"), folder("shop"));
    const there = succeeds("inventory", ...owner);
    assert.match(there, /owner-images$/m);
    assert.doesNotMatch(there, /shop-images/);
    assert.ok(!fs.existsSync(path.join(cloud, "guests")));
    assert.match(succeeds("destroy", ...shop), /There is nothing of dev in the cloud of \S+owner\.$/m);
    assert.match(refused("outputs", ...shop), /shop \(dev\) isn't deployed on this machine.* --beside \S+owner$/m);
  });

  it("goes with the other one where that is said", () => {
    succeeds("up", ...shop, ...ofShop);
    assert.match(refused("destroy", ...owner), /npm run destroy:local -- --project \S+owner --with-guests$/m);
    const said = succeeds("destroy", ...owner, "--with-guests");
    assert.match(said, /Nothing of dev is left on this machine, nor of its guests: shop \(dev\)\.$/m);
    assert.ok(!fs.existsSync(path.join(folder("owner"), ".local")));
  });
});
