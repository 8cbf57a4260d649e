import * as fs from "node:fs";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { CLOUD_VARIABLE } from "./cloud";
import { PLUGINS, writeShims } from "./plugins";
import { alive, ended } from "./processes";
import { UserError } from "./terminal";
import type { Tools } from "./tools";

/** One stack of one checkout, and the directory of its local cloud. */
export interface Local {
  checkout: string;
  stack: string;
  /** `<checkout>/.local/<stack>`; everything that a local stack is lives here. */
  cloud: string;
}

/** The account that the stand-ins serve: the environment file's, so that allowedAccountIds is really checked. */
const ACCOUNT_VARIABLE = "EKS_STORAGE_ACCOUNT";

/** Protects nothing: a local state holds no secret of anybody's. */
const PASSPHRASE = "local";

/** The stacks that a checkout has an environment file for. */
export const stacksOf = (checkout: string): string[] =>
  fs
    .readdirSync(checkout)
    .map((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1])
    .filter((name): name is string => Boolean(name));

/**
 * What a `--config key=value` sets: the key in the project's namespace unless it names its own, the value as text, as
 * `pulumi config set` does, or an array or an object written as JSON.
 *
 * @throws UserError for anything else.
 */
export function parseConfig(project: string, pairs: string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(pair) ?? [];
      if (!key || value === undefined) throw new UserError(`--config must be key=value, got ${JSON.stringify(pair)}`);
      const name = key.includes(":") ? key : `${project}:${key}`;
      if (!/^\s*[[{]/.test(value)) return [name, value];
      try {
        return [name, JSON.parse(value)];
      } catch {
        throw new UserError(`--config ${key} must be valid JSON when it begins with [ or {, got ${value}`);
      }
    }),
  );
}

/**
 * The environment of the engine, its plugins and the program: the user's, without whatever could reach the user's own
 * cloud, cluster or Pulumi account, and with what makes this stack's local cloud the only one there is.
 */
export function isolated(environment: NodeJS.ProcessEnv, local: Local, engine: string): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(AWS|PULUMI|KUBE|KWOK|K8S)/.test(name));
  const nothing = path.join(local.cloud, "none");
  return {
    ...Object.fromEntries(kept),
    PATH: [path.join(local.cloud, "bin"), path.dirname(engine), environment.PATH].join(path.delimiter),
    [CLOUD_VARIABLE]: local.cloud,
    PULUMI_HOME: path.join(local.cloud, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(local.cloud, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Nothing falls back to the user's files: these name none.
    KUBECONFIG: nothing,
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/** Runs the checkout's program as it is: read anew each time, since its resources are made as it loads. */
function program(checkout: string): () => Promise<Record<string, unknown>> {
  const own = (file: string) =>
    file.startsWith(checkout + path.sep) &&
    !/^(node_modules|local|tests)$/.test(file.slice(checkout.length + 1).split(path.sep)[0]!);
  return async () => {
    for (const file of Object.keys(require.cache).filter(own)) delete require.cache[file];
    return { ...(require(path.join(checkout, "index.ts")) as Record<string, unknown>) };
  };
}

/**
 * Opens a stack on the local engine: in a work directory of its own, with copies of the project's and the environment's
 * file, since the engine writes into the files that it finds. From here on this process has the isolated environment.
 *
 * @param pairs what `--config` said.
 */
export async function openStack(local: Local, engine: Tools, pairs: string[]): Promise<Stack> {
  const { checkout, stack, cloud } = local;
  const work = path.join(cloud, "pulumi");
  for (const directory of [work, path.join(cloud, "state"), path.join(cloud, "home")]) {
    fs.mkdirSync(directory, { recursive: true });
  }
  linkPlugins(path.join(cloud, "home", "plugins"));
  writeShims(path.join(cloud, "bin"), engine.paths.pulumi!);
  const environment = isolated(process.env, local, engine.paths.pulumi!);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);

  // The command in the shims' directory: the Automation API puts its directory first on PATH.
  const pulumiCommand = await PulumiCommand.get({ root: cloud });
  fs.copyFileSync(path.join(checkout, "Pulumi.yaml"), path.join(work, "Pulumi.yaml"));
  const source = await LocalWorkspace.create({ workDir: checkout, pulumiCommand });
  const project = (await source.projectSettings()).name;
  const workspace = await LocalWorkspace.create({ workDir: work, pulumiCommand, program: program(checkout) });
  const file = path.join(work, `Pulumi.${stack}.yaml`);
  const salt = fs.existsSync(file) ? (await workspace.stackSettings(stack)).encryptionSalt : undefined;
  const config = { ...(await source.stackSettings(stack)).config, ...parseConfig(project, pairs) };
  await workspace.saveStackSettings(stack, { config, ...(salt ? { encryptionSalt: salt } : {}) } as never);
  const account = config[`${project}:accountId`];
  if (account) process.env[ACCOUNT_VARIABLE] = String(account);

  const opened = await Stack.createOrSelect(stack, workspace);
  await releaseEngineLock(opened, path.join(cloud, "state"));
  return opened;
}

/** The user's installed plugins, and nothing else of the user's engine. */
function linkPlugins(link: string): void {
  if (fs.existsSync(PLUGINS) && !fs.existsSync(link)) fs.symlinkSync(PLUGINS, link);
}

/** Frees a state whose engine was killed; an engine that still runs is waited for a little, never disturbed. */
async function releaseEngineLock(stack: Stack, state: string): Promise<void> {
  const directory = path.join(state, ".pulumi", "locks");
  const entries = fs.existsSync(directory) ? fs.readdirSync(directory, { recursive: true, encoding: "utf8" }) : [];
  const locks = entries.filter((entry) => entry.endsWith(".json")).map((entry) => path.join(directory, entry));
  if (locks.length === 0) return;
  const pids = locks.map((lock) => (JSON.parse(fs.readFileSync(lock, "utf8")) as { pid: number }).pid);
  if (!(await ended(pids))) {
    const running = pids.filter(alive).join(", ");
    throw new UserError(
      `An engine still works on this stack (process ${running}). Let it end, or end it, then try again.`,
    );
  }
  await stack.cancel();
}
