import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { CHECKOUT, type Copy } from "./copies";
import { endAllIn, measure, type Sample } from "./processes";
import { Session } from "./sessions";

/** One thing that is measured, again and again. */
export interface Subject {
  /** How a person would do the same. */
  command: string;
  /** Whether it is the same on both sides: it is measured once for both. */
  isShared?: boolean;
  /** What isn't measured, before each run. */
  before?(copy: Copy): void;
  run(copy: Copy): Promise<Sample>;
}

/** Things that are measured in turn. */
export interface Group {
  /** What each copy must have beforehand. Default: nothing. */
  prepare?(copies: Copy[]): Promise<void>;
  /** By their names in figures.ts. */
  subjects: Record<string, Subject>;
  end?(): void;
}

const command = (text: string, more: Partial<Subject> = {}): Subject => ({
  command: text,
  run: ({ directory }) => measure(text.split(" "), `${directory}.log`, directory),
  ...more,
});

/** How the engine starts the program: as the copy's Pulumi.yaml says. */
function nodeArguments({ directory }: Copy): string[] {
  const { runtime } = parse(fs.readFileSync(path.join(directory, "Pulumi.yaml"), "utf8")) as {
    runtime: { options?: { nodeargs?: string } };
  };
  return runtime.options?.nodeargs?.split(" ") ?? [];
}

/** The modules that files import, not counting types, by what matches. */
function importsOf(files: string[], which: RegExp): string[] {
  const imports = files.flatMap((file) => [
    ...fs.readFileSync(file, "utf8").matchAll(/^(?:import(?! type)|\} from)[^;]*?"([^"]+)";$/gm),
  ]);
  return [...new Set(imports.map(([, module]) => module!))].filter((module) => which.test(module));
}

const required = (modules: string[]) => modules.map((module) => `require("${module}");`).join("");

/** The program's modules; index.ts itself does nothing but register, which takes an engine. */
const programImports = ({ directory }: Copy) => required(importsOf([path.join(directory, "index.ts")], /./));

/** The four SDKs, each by the modules of it that the components import. */
function sdkImports({ directory }: Copy): string {
  const components = path.join(directory, "components");
  const files = fs.readdirSync(components, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".ts"));
  const paths = files.map((file) => path.join(components, file));
  return required(importsOf(paths, /^@pulumi\/(pulumi|aws|eks|kubernetes)(\/|$)/));
}

const node = (text: string, args: (copy: Copy) => string[]): Subject => ({
  command: text,
  run: (copy) => measure([process.execPath, ...args(copy)], `${copy.directory}.log`, copy.directory),
});

/** Loading the program, beside the SDKs that it can't do without. */
const load: Group = {
  subjects: {
    program: node("node NODEARGS --eval \"require('./components'); ...\", what index.ts imports", (copy) => [
      ...nodeArguments(copy),
      "--eval",
      programImports(copy),
    ]),
    sdks: node("node NODEARGS --eval \"require('@pulumi/pulumi'); ...\", what components/ imports of the four", (copy) => [
      ...nodeArguments(copy),
      "--eval",
      sdkImports(copy),
    ]),
    bareSdks: node("the same without NODEARGS, which are those of Pulumi.yaml", (copy) => ["--eval", sdkImports(copy)]),
  },
};

const config: Group = {
  subjects: { config: command("npm run config"), npm: command("npm run", { isShared: true }) },
};

const sessions: Session[] = [];

async function sessionOf(copy: Copy, stack: string, cloud: string): Promise<Session> {
  const session = new Session(copy, stack, cloud);
  sessions.push(session);
  await session.ask({ does: "start" });
  return session;
}

function endSessions(): void {
  for (const session of sessions.splice(0)) {
    session.end();
    endAllIn(session.cloud);
  }
}

/** By copy: prod on a local cloud, never deployed. */
const prods = new Map<Copy, Session>();

async function openProds(copies: Copy[]): Promise<void> {
  for (const copy of copies) prods.set(copy, await sessionOf(copy, "prod", "bench"));
}

const inEngine = (text: string, question: { minimal?: boolean; policy?: boolean }): Subject => ({
  command: text,
  run: async (copy) => {
    const { seconds, resources } = await prods.get(copy)!.ask({ does: "preview", ...question });
    return { seconds: seconds!, resources };
  },
});

/** A first preview of prod in the engine: through the Automation API, whose process has loaded the program. */
const preview: Group = {
  prepare: openProds,
  subjects: {
    prod: inEngine("Stack.preview() of prod, never deployed, in the local cloud", {}),
    minimal: inEngine("Stack.preview() of bench/minimal in the same cloud", { minimal: true }),
    checked: inEngine("Stack.preview() of prod with the policy pack", { policy: true }),
  },
  end: endSessions,
};

const CDK = path.join(__dirname, "cdk");

const synth = (text: string): Subject => ({
  command: text,
  isShared: true,
  run: ({ directory }) => {
    const output = path.join(path.dirname(directory), "cdk.out");
    const [cdk, ...args] = text.split(" ");
    const binary = path.join(CDK, "node_modules", ".bin", cdk!);
    return measure([binary, ...args, "--output", output], `${directory}.log`, CDK);
  },
});

/** Pulumi's own command line, on the cloud of a session. */
const pulumi = (text: string, within: string): Subject => ({
  command: text,
  run: (copy) =>
    measure(text.split(" "), `${copy.directory}.log`, path.join(copy.directory, within), environments.get(copy)),
});
const environments = new Map<Copy, NodeJS.ProcessEnv>();

/** The same as commands, beside CDK's. */
const command_: Group = {
  async prepare(copies) {
    if (!fs.existsSync(path.join(CDK, "node_modules"))) await promisify(execFile)("npm", ["ci"], { cwd: CDK });
    await openProds(copies);
    for (const copy of copies) {
      await prods.get(copy)!.ask({ does: "preview" });
      environments.set(copy, (await prods.get(copy)!.ask({ does: "environment" })).environment!);
      const stack = "pulumi stack init prod --non-interactive";
      await pulumi(stack, path.join("bench", "minimal")).run(copy);
    }
  },
  subjects: {
    previewLocal: command("npm run preview:local -- --stack prod", {
      before: ({ directory }) => endAllIn(path.join(directory, ".local", "prod")),
    }),
    pulumi: pulumi("pulumi preview --stack prod --non-interactive", "."),
    pulumiMinimal: pulumi("pulumi preview --stack prod --non-interactive", path.join("bench", "minimal")),
    cdk: synth("cdk synth --quiet"),
    cdkUnchecked: synth("cdk synth --quiet --no-validation"),
  },
  end: endSessions,
};

const devs = new Map<Copy, Session>();

/** An `up` of dev that finds nothing to do. */
const up: Group = {
  async prepare(copies) {
    for (const copy of copies) {
      await command("npm run up:local").run(copy);
      devs.set(copy, await sessionOf(copy, "dev", "dev"));
    }
  },
  subjects: {
    up: {
      command: "Stack.up() of dev, deployed, in the local cloud",
      run: async (copy) => ({ seconds: (await devs.get(copy)!.ask({ does: "up" })).seconds! }),
    },
    upLocal: command("npm run up:local"),
  },
  end: endSessions,
};

/** By the names that --only takes. */
export const groups: Record<string, Group> = { load, config, preview, command: command_, up };

void CHECKOUT;
