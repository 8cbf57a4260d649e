import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Copy } from "../copies";
import { command, type Group, runIn, type Subject } from "../group";
import { endCloud } from "../processes";
import { Stacks } from "../sessions";

const CDK = path.join(__dirname, "..", "cdk");

const MINIMAL = path.join("bench", "minimal");

const previewLocal = command("npm run preview:local -- --stack prod");

const prod = new Stacks("prod", "bench-command");

/** What a command line finds in its environment, which works on the cloud of a stack that is open. */
const environments = new Map<Copy, NodeJS.ProcessEnv>();

/** Pulumi's own command line. */
const pulumi = (text: string, within: string): Subject => ({
  command: text,
  run: (copy) => runIn(copy, text.split(" "), path.join(copy.directory, within), environments.get(copy)),
});

const synth = (...args: string[]): Subject => ({
  command: ["cdk synth --quiet", ...args].join(" "),
  isShared: true,
  run: (copy) => {
    const binary = path.join(CDK, "node_modules", ".bin", "cdk");
    return runIn(copy, [binary, "synth", "--quiet", ...args, "--output", `${copy.directory}.cdk`], CDK);
  },
});

/** Why there is no CDK, if so: it comes from npm's registry, and stays for the next time. */
async function installCdk(): Promise<string | undefined> {
  const [installed, wanted] = ["node_modules/.package-lock.json", "package-lock.json"].map((file) =>
    path.join(CDK, file),
  );
  if (fs.existsSync(installed!) && fs.statSync(installed!).mtimeMs > fs.statSync(wanted!).mtimeMs) return undefined;
  try {
    await promisify(execFile)("npm", ["ci"], { cwd: CDK });
    return undefined;
  } catch (error) {
    return `npm ci in bench/cdk: ${(error as { stderr?: string }).stderr?.trim().split("\n")[0]}`;
  }
}

/** A first preview of prod as a command, beside the same shape as a CDK application. */
export const asCommand: Group = {
  async prepare(copies): Promise<Record<string, string>> {
    await prod.open(copies);
    for (const copy of copies) {
      await prod.of(copy).ask({ does: "preview" });
      environments.set(copy, (await prod.of(copy).ask({ does: "environment" })).environment!);
      await pulumi("pulumi stack init prod --non-interactive", MINIMAL).run(copy);
    }
    const why = await installCdk();
    return why === undefined ? {} : { "cdk synth": why, "bare synth": why };
  },
  subjects: {
    preview: {
      ...previewLocal,
      // Nothing of the cloud is there yet: not even the process that serves the plugins.
      run: (copy) => {
        endCloud(copy.directory, "prod");
        return previewLocal.run(copy);
      },
    },
    "cdk synth": synth(),
    "bare synth": synth("--no-validation"),
    pulumi: pulumi("pulumi preview --stack prod --non-interactive", "."),
    "pulumi, minimal": {
      ...pulumi("pulumi preview --stack prod --non-interactive", MINIMAL),
      command: "the same in bench/minimal",
    },
  },
  end: () => prod.close(),
};
