import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dependencies, devDependencies } from "../../package.json";
import { peerDependencies } from "../../components/package.json";

const PROGRAM = path.join(__dirname, "..", "package", "program");
const PNPM = path.join(path.dirname(require.resolve("pnpm")), "bin", "pnpm.cjs");

type Sdk = keyof typeof peerDependencies;
const SDKS = Object.keys(peerDependencies).sort() as Sdk[];

/** The SDKs' versions that this repository pins. */
export const pinned = Object.fromEntries(SDKS.map((sdk) => [sdk, dependencies[sdk]])) as Record<Sdk, string>;

/** The lowest that the package takes: its ranges are all like ^1.2.3. */
const lowest = Object.fromEntries(SDKS.map((sdk) => [sdk, peerDependencies[sdk].replace("^", "")])) as typeof pinned;

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

  constructor(private readonly kind: Kind) {
    const { manifest } = kind;
    fs.cpSync(PROGRAM, this.directory, { recursive: true });
    const common = { name: "shop", private: true };
    const types = { "@types/node": devDependencies["@types/node"], ...Object(manifest).devDependencies };
    this.write("package.json", JSON.stringify({ ...common, ...manifest, devDependencies: types }));
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.directory, file), text);
  }

  append(file: string, text: string): void {
    fs.appendFileSync(path.join(this.directory, file), text);
  }

  /** What a command prints that must succeed. Packages come from npm's cache, where they are in it. */
  private succeeds(command: string, ...args: string[]): string {
    const env = { ...process.env, npm_config_prefer_offline: "true", npm_config_ignore_scripts: "true" };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.directory, env, encoding: "utf8" });
    assert.equal(status, 0, `${command} ${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Puts the package into it. */
  install(tarball: string): void {
    this.kind.install(this, tarball);
  }

  npm(...args: string[]): void {
    this.succeeds("npm", ...args, "--no-audit", "--no-fund");
  }

  pnpm(...args: string[]): void {
    // A store of its own: the user's isn't touched.
    this.succeeds(process.execPath, PNPM, ...args, "--store-dir", path.join(this.directory, ".store"));
  }

  /** @throws AssertionError unless there is one copy of each SDK, of the version that the project shall have. */
  assertCopies(): void {
    assert.deepEqual(
      this.copies(),
      SDKS.map((sdk) => `${sdk} ${this.kind.sdks[sdk]}`),
    );
  }

  /** The SDKs' copies, each with its version: `@pulumi/aws 7.48.0`. */
  private copies(): string[] {
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

/** A project that a user may have, before the package is in it. */
interface Kind {
  manifest: object;
  /** The version of each SDK that it has once the package is in it. */
  sdks: typeof pinned;
  /** Puts the package into it, out of its tarball. */
  install(project: PackageProject, tarball: string): void;
}

/** What a program imports itself: with pnpm that alone is within its reach. */
const IMPORTED = ["@pulumi/aws", "@pulumi/kubernetes", "@pulumi/pulumi"] as const;

/** The projects in which the package is tried. */
export const KINDS = {
  // What npm would choose is held: a new version of an SDK must not change a test overnight.
  npm: {
    manifest: { overrides: pinned },
    sdks: pinned,
    install: (project, tarball) => project.npm("install", tarball),
  },
  pnpm: {
    manifest: {
      dependencies: Object.fromEntries(IMPORTED.map((sdk) => [sdk, pinned[sdk]])),
      devDependencies: { typescript: TYPESCRIPT },
      pnpm: { overrides: pinned },
    },
    sdks: pinned,
    install: (project, tarball) => project.pnpm("add", tarball),
  },
  lowest: {
    manifest: { dependencies: lowest, devDependencies: { typescript: TYPESCRIPT } },
    sdks: lowest,
    install: (project, tarball) => project.npm("install", tarball),
  },
} satisfies Record<string, Kind>;

/** What must hold of the program in every project. */
export function assertComplete({ atLoad, resources, modules, outputs }: Mocked): void {
  assert.equal(atLoad, 0, "loading the package registers nothing");
  for (const component of ["CsiDriver efs-csi", "StaticVolume images", "DeletionProtection shop"])
    assert.ok(resources.includes(`eks-storage:index:${component}`), `${component} in ${resources.join(", ")}`);
  // A destroy has the state alone, and runs it without the package.
  assert.deepEqual(modules, { "efs-csi-credentials": [], "efs-csi-drain": [], "shop-notice": [] });
  assert.match(String(outputs.claimName), /^images-[0-9a-f]+$/);
}
