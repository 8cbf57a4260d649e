import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dependencies, devDependencies } from "../../package.json";
import { peerDependencies } from "../../components/package.json";

const PROGRAM = path.join(__dirname, "..", "package", "program");
const PNPM = path.join(path.dirname(require.resolve("pnpm")), "bin", "pnpm.cjs");

export type Sdk = keyof typeof peerDependencies;
export const SDKS = Object.keys(peerDependencies).sort() as Sdk[];

/** The SDKs' versions that this repository pins. */
export const pinned = Object.fromEntries(SDKS.map((sdk) => [sdk, dependencies[sdk]])) as Record<Sdk, string>;

/** The lowest that the package takes: its ranges are all like ^1.2.3. */
export const lowest = Object.fromEntries(
  SDKS.map((sdk) => [sdk, peerDependencies[sdk].replace("^", "")]),
) as typeof pinned;

/** A TypeScript that takes the configuration that Pulumi's templates have; from 6 on it refuses `moduleResolution: node`. */
export const TYPESCRIPT = "5.9.3";

/** What a program registered under mocks, and gave out: see tests/package/program/mocked.cjs. */
export interface Mocked {
  /** How many resources there were once the package was loaded, and nothing else. */
  atLoad: number;
  /** `TYPE NAME` of each resource. */
  resources: string[];
  /** The modules that the code of each dynamic resource loads, beside Node's, by the resource's name. */
  modules: Record<string, string[]>;
  outputs: Record<string, unknown>;
}

/** Somebody's project, which has the package out of a tarball, and nothing from this repository. */
export class PackageProject {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-shop-"));

  /** @param manifest The project's package.json, beside its name. */
  constructor(manifest: object) {
    fs.cpSync(PROGRAM, this.directory, { recursive: true });
    const common = { name: "shop", private: true };
    const types = { "@types/node": devDependencies["@types/node"], ...Object(manifest).devDependencies };
    this.write("package.json", JSON.stringify({ ...common, ...manifest, devDependencies: types }));
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.directory, file), text);
  }

  /** What a command prints that must succeed. Packages come from npm's cache, where they are in it. */
  private succeeds(command: string, ...args: string[]): string {
    const env = { ...process.env, npm_config_prefer_offline: "true", npm_config_ignore_scripts: "true" };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.directory, env, encoding: "utf8" });
    assert.equal(status, 0, `${command} ${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  }

  npm(...args: string[]): void {
    this.succeeds("npm", ...args, "--no-audit", "--no-fund");
  }

  pnpm(...args: string[]): void {
    // A store of its own: the user's isn't touched.
    this.succeeds(process.execPath, PNPM, ...args, "--store-dir", path.join(this.directory, ".store"));
  }

  /** The SDKs' copies, each with its version: `@pulumi/aws 7.48.0`. */
  copies(): string[] {
    const modules = path.join(this.directory, "node_modules");
    // pnpm's links lead to one place by many ways.
    const places = fs
      .readdirSync(modules, { recursive: true, encoding: "utf8" })
      .filter((file) => SDKS.some((sdk) => `/${file}`.endsWith(`/${sdk}/package.json`)))
      .map((file) => fs.realpathSync(path.join(modules, file)));
    return [...new Set(places)]
      .map((file) => JSON.parse(fs.readFileSync(file, "utf8")) as { name: string; version: string })
      .map(({ name, version }) => `${name} ${version.replace(/^v/, "")}`)
      .sort();
  }

  /** The TypeScript that the SDK takes in this project, and what it says of files by `tsconfig.json`: a line a mistake. */
  typeCheck(...files: string[]): { version: string; said: string[] } {
    return JSON.parse(this.succeeds(process.execPath, "checked.cjs", ...files)) as ReturnType<
      PackageProject["typeCheck"]
    >;
  }

  /** Runs the program under Pulumi's mocks, compiled as the SDK does it in this project. */
  mocked(): Mocked {
    return JSON.parse(this.succeeds(process.execPath, "mocked.cjs")) as Mocked;
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What must hold of the program in every project. */
export function assertComplete({ atLoad, resources, modules, outputs }: Mocked): void {
  assert.equal(atLoad, 0, "loading the package registers nothing");
  for (const component of ["CsiDriver efs-csi", "StaticVolume images", "DeletionProtection shop"])
    assert.ok(resources.includes(`eks-storage:index:${component}`), `${component} in ${resources.join(", ")}`);
  // A destroy has the state alone, and runs it without the package.
  assert.deepEqual(modules, { "efs-csi-credentials": [], "efs-csi-drain": [], "shop-notice": [] });
  assert.match(String(outputs.claimName), /^images-[0-9a-f]+$/);
}
