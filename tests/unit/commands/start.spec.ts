import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const CHECKOUT = path.join(__dirname, "..", "..", "..");

describe("a command that is one file", function () {
  this.timeout(60_000);
  const project = fs.mkdtempSync(path.join(os.tmpdir(), "start-"));
  const cache = path.join(project, "node_modules", ".cache", "eks-storage");
  const made = () =>
    path.join(
      cache,
      fs.readdirSync(cache).find((file) => file.startsWith("greet-"))!,
    );
  const write = (file: string, text: string) => fs.writeFileSync(path.join(project, file), text);
  const greeting = (text: string) => write("greeting.ts", `export const greeting: string = "${text}";`);

  /** What it prints, and with what it ends. */
  function greet(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["commands/start.cjs", "greet", ...args], {
      cwd: project,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  before(() => {
    for (const directory of ["commands", "node_modules"]) fs.mkdirSync(path.join(project, directory));
    for (const name of ["esbuild", "tsx"])
      fs.symlinkSync(path.join(CHECKOUT, "node_modules", name), path.join(project, "node_modules", name));
    fs.copyFileSync(path.join(CHECKOUT, "commands", "start.cjs"), path.join(project, "commands", "start.cjs"));
    const main = "if (require.main === module) console.log(greeting, process.argv.slice(2).join(), __dirname);";
    write("commands/greet.ts", `import { greeting } from "../greeting";\n${main}`);
    greeting("hello");
  });
  after(() => fs.rmSync(project, { recursive: true }));

  const says = (text: string) => ({ status: 0, stdout: `${text} ${path.join(project, "commands")}\n`, stderr: "" });

  it("has its arguments, its directory, and is the main module", () => {
    assert.deepEqual(greet("a", "--b"), says("hello a,--b"));
    assert.ok(fs.existsSync(made()));
  });

  it("is made once, and anew when a file has changed, or was cut short", () => {
    const { mtimeMs } = fs.statSync(made());
    assert.deepEqual(greet(), says("hello "));
    assert.equal(fs.statSync(made()).mtimeMs, mtimeMs);
    greeting("good day");
    assert.deepEqual(greet(), says("good day "));
    fs.truncateSync(made(), 10);
    assert.deepEqual(greet(), says("good day "));
  });

  it("is another one in another checkout, which shares its packages", () => {
    const other = `${project}-other`;
    for (const directory of ["commands", "greeting.ts"])
      fs.cpSync(path.join(project, directory), path.join(other, directory), { recursive: true });
    fs.symlinkSync(path.join(project, "node_modules"), path.join(other, "node_modules"));
    const { stdout } = spawnSync(process.execPath, ["commands/start.cjs", "greet"], { cwd: other, encoding: "utf8" });
    assert.equal(stdout, `good day  ${path.join(other, "commands")}\n`);
    assert.deepEqual(greet(), says("good day "));
    fs.rmSync(other, { recursive: true });
  });

  it("is run from its sources where nothing can be written", () => {
    fs.rmSync(cache, { recursive: true });
    fs.writeFileSync(cache, "in the way");
    assert.deepEqual(greet("a"), says("good day a"));
  });

  it("says what can't be compiled, and where", () => {
    write("greeting.ts", "export const = 1;");
    const { status, stderr } = greet();
    assert.equal(status, 1);
    assert.match(stderr, /greeting\.ts:1:13: ERROR: /);
  });
});
