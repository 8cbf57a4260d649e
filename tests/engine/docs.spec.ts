import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { scripts } from "../../package.json";
import { ensure } from "../../local/tools/ensure";
import { controlPlaneTools, engineTools } from "../../local/tools/toolSets";
import { commandsOnPages, type OnPage } from "../support/pages";
import { CHECKOUT } from "./localStack";

/** A help's text, cut into what it is of. */
interface Help {
  /** The commands below this one; none where it has arguments of its own. */
  commands: Set<string>;
  /** Other names of this one, which a list of commands leaves out: `init` of `pulumi stack new`. */
  aliases: Set<string>;
  options: Set<string>;
}

/** What cobra (kubectl, pulumi) and commander (our own commands) print. */
function parsed(text: string): Help {
  const [commands, options] = [new Set<string>(), new Set<string>()];
  let isOfCommands = false;
  for (const line of text.split("\n")) {
    if (/^\S/.test(line)) isOfCommands = /Commands\b.*:$/.test(line);
    const [, command] = (isOfCommands && /^ {2}([a-z][\w-]*)/.exec(line)) || [];
    if (command) commands.add(command);
    if (!/^ +-/.test(line)) continue;
    const [names = ""] = line.trim().split(/ {2,}/);
    for (const [name] of names.matchAll(/(?<![\w-])--?[a-zA-Z][\w-]*/g)) options.add(name);
  }
  const [, aliases = ""] = /^Aliases:\n +(.*)$/m.exec(text) ?? [];
  return { commands, aliases: new Set(aliases.split(", ")), options };
}

/** Asks programs for their help, for each command once. */
class Helps {
  private readonly known = new Map<string, Help>();

  of(program: string, args: string[]): Help {
    const key = [program, ...args].join(" ");
    const known = this.known.get(key) ?? parsed(this.run(program, args));
    this.known.set(key, known);
    return known;
  }

  private run(program: string, args: string[]): string {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const line = `${program} "$@"`;
    return execFileSync("bash", ["-c", line, "bash", ...args], { cwd: CHECKOUT, env, encoding: "utf8" });
  }
}

describe("commands on the pages are what these programs' own help says:", function () {
  this.timeout(30_000);
  const helps = new Helps();
  let paths: Record<string, string>;

  before(async () => {
    const [engine, controlPlane] = await ensure(engineTools(), controlPlaneTools());
    paths = { ...engine.paths, ...controlPlane.paths };
  });

  /** What a program's help says against the words behind its name: a command or an option that it doesn't know. */
  function problems(program: string, words: string[], global = new Set<string>()): string[] {
    const verb: string[] = [];
    const help = () => helps.of(program, [...verb, "--help"]);
    for (const word of words) {
      const { commands } = word.startsWith("-") ? { commands: new Set() } : help();
      if (commands.size === 0) break;
      verb.push(word);
      if (!commands.has(word) && !help().aliases.has(word)) return [`has no command ${verb.join(" ")}`];
    }
    return words
      .filter((word) => /^--?\w/.test(word))
      .map((word) => word.split("=")[0]!)
      .filter((option) => !global.has(option) && !help().options.has(option))
      .map((option) => `${verb.join(" ")} has no option ${option}`);
  }

  /** @param find what is wrong with the words behind the program's name. */
  function check(commands: OnPage[], find: (words: string[]) => string[]): void {
    const found = commands.flatMap(({ words, place }) => find(words.slice(1)).map((problem) => `${place}: ${problem}`));
    assert.deepEqual(found, []);
  }

  it("kubectl", () => {
    const commands = commandsOnPages("kubectl").filter(({ words }) => words[1] !== "…");
    assert.ok(commands.length > 30, String(commands.length));
    const global = helps.of(paths.kubectl!, ["options"]).options;
    check(commands, (words) => problems(paths.kubectl!, words, global));
  });

  it("pulumi", () => {
    const commands = commandsOnPages("pulumi");
    assert.ok(commands.length > 80, String(commands.length));
    check(commands, (words) => problems(paths.pulumi!, words));
  });

  it("npm run, of this project's own commands", () => {
    const commands = commandsOnPages("npm").filter(({ words }) => words.includes("--"));
    assert.ok(commands.length > 15, String(commands.length));
    check(commands, (words) => {
      const [before, [, ...behind]] = [words, words.splice(words.indexOf("--"))];
      const script = scripts[before.at(-1) as keyof typeof scripts];
      // What follows kubectl is kubectl's.
      const own = behind.includes("kubectl") ? behind.slice(0, behind.indexOf("kubectl")) : behind;
      return problems(script, own);
    });
  });

  it("which they say of a wrong one", () => {
    const { kubectl, pulumi } = paths;
    assert.deepEqual(problems(kubectl!, ["rollout", "again", "deployment"]), ["has no command rollout again"]);
    assert.deepEqual(problems(kubectl!, ["scale", "--replica=1"]), ["scale has no option --replica"]);
    assert.deepEqual(problems(kubectl!, ["get", "pv", "-Z"]), ["get has no option -Z"]);
    assert.deepEqual(problems(pulumi!, ["config", "unset", "key"]), ["has no command config unset"]);
    assert.deepEqual(problems(pulumi!, ["stack", "rename", "--to", "x"]), ["stack rename has no option --to"]);
    assert.deepEqual(problems(scripts.local, ["look"]), ["has no command look"]);
    assert.deepEqual(problems(scripts["up:local"], ["--stak", "dev"]), [" has no option --stak"]);
  });
});
