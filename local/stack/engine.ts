import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import {
  type DestroyOptions,
  LocalWorkspace,
  type PreviewOptions,
  PulumiCommand,
  type PulumiFn,
  type RefreshOptions,
  Stack,
  type StackSettings,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import { parse } from "yaml";
import { readProject } from "../../config/files";
import { PLUGINS, plugins } from "../tools/plugins";
import type { Tools } from "../tools/toolSets";
import { namespaced, parseConfig } from "./configuration";
import { CLOUD_VARIABLE, statesDirectory } from "./directory";
import { copiesOf, noteGuest, ownDirectory } from "./guests";
import { hasStackFile, languageHost, refuseUnreadable, replacedSecrets } from "./otherProject";
import type { Local } from "./local";
import { withOwnValues } from "./ownValues";
import { startPluginHost } from "./pluginHost";
import { packOfCheckout } from "./policies";
import { FEWER_COLLECTIONS } from "./processes";
import { programOf } from "./program";
import { releaseEngineLock } from "./recovery";
import { writeShims } from "./shims";

/** The policy pack with the levels of an environment, as options of the engine. */
export function policyPack({ checkout, stack, cloud, isOther }: Local) {
  if (isOther) return { policyPacks: [packOfCheckout(cloud)] };
  const pack = path.join(checkout, "policy");
  return { policyPacks: [pack], policyPackConfigs: [path.join(pack, "config", `${stack}.json`)] };
}

/**
 * The environment of the engine, its plugins and the program: the user's, less whatever reaches the user's own clouds,
 * clusters and Pulumi account, and with what makes this local cloud the only one there is.
 */
export function isolatedEnvironment(
  environment: NodeJS.ProcessEnv,
  cloud: string,
  home = path.join(cloud, "home"),
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(AWS|PULUMI|KUBE(?!BUILDER)|KWOK|K8S)/.test(name));
  // In place of the user's own files: one that doesn't exist.
  const nothing = path.join(cloud, "none");
  return {
    ...Object.fromEntries(kept),
    PATH: [path.join(cloud, "bin"), environment.PATH].join(path.delimiter),
    [CLOUD_VARIABLE]: cloud,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${path.join(cloud, "state")}`,
    // It protects nothing: a local state holds no real secrets.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    KUBECONFIG: nothing,
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: "true",
    ...FEWER_COLLECTIONS,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/**
 * A program in this process never closes what connects it to its engine (disconnectSync in the SDK's runtime/settings.js
 * closes the process's own only). gRPC shares connections by address: an engine that gets the port of an earlier one would
 * get that one's, which has failed and waits before it tries again.
 */
const { grpcClientOptions } = settings as unknown as { grpcClientOptions: Record<string, unknown> };
grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;

/** What the SDK waits for; its types leave it out. */
const { waitForRPCs } = runtime as unknown as { waitForRPCs(this: void): Promise<void> };
const { getStore } = state as unknown as { getStore(this: void): { settings: { rpcDone: Promise<void> } } };

/**
 * Runs a program until all of it is registered, or something is rejected that nobody awaits, such as an output. There
 * the process of a real run would end; here what depends on it would be waited for without an end.
 */
async function untilRegistered(program: PulumiFn): ReturnType<PulumiFn> {
  const { settings } = getStore();
  let onRejection = (_: Error) => {};
  const rejected = new Promise<never>((_, reject) => {
    onRejection = (error) => {
      settings.rpcDone = Promise.resolve();
      reject(error);
    };
  });
  process.once("unhandledRejection", onRejection);
  try {
    const outputs = await program();
    await Promise.race([waitForRPCs(), rejected]);
    return outputs;
  } finally {
    process.off("unhandledRejection", onRejection);
  }
}

/** Of a program that doesn't say which one is its. */
const ACCOUNT = "111101013333";

/** By cloud: asked for its version once. */
const commands: Record<string, Promise<PulumiCommand>> = {};

/** Whether a stack is the only one of its cloud. It is selected since it was made, which an engine needn't be asked for. */
function isAlone(cloud: string, project: string, stack: string): boolean {
  const states = statesDirectory(cloud, project);
  const files = fs.existsSync(states) ? fs.readdirSync(states).filter((file) => file.endsWith(".json")) : [];
  return isDeepStrictEqual(files, [`${stack}.json`]);
}

/** For an operation: after it the SDK asks the engine for outputs and history, three processes for what nobody reads. */
export const withoutResults = (stack: Stack): Stack =>
  Object.assign(Object.create(stack) as Stack, {
    outputs: () => Promise.resolve({}),
    info: () => Promise.resolve(undefined),
  });

/** The file of a stack's configuration, as the engine has it. */
const configFileOf = (local: Local) => path.join(copiesOf(ownDirectory(local)), `Pulumi.${local.stack}.yaml`);

/**
 * The account whose credentials a stack has: another program says so by its key `accountId`, or its default in Pulumi.yaml; a
 * guest has those of its host.
 */
function accountOf(local: Local, config: Record<string, unknown>): string {
  if (local.beside) {
    const { config: its = {} } = parse(fs.readFileSync(configFileOf(local.beside), "utf8")) as StackSettings;
    return accountOf(local.beside, its);
  }
  const { project, defaults } = readProject(local.checkout);
  const key = `${project}:accountId`;
  const given = (config[key] ?? defaults[key]) as string | undefined;
  return String(given ?? (local.isOther ? ACCOUNT : ""));
}

/**
 * Opens a stack on the local engine, in a work directory with copies of the project's and the environment's file: the
 * engine writes into those that it finds. The copy has the local cloud's values in place of examples ({@link withOwnValues}).
 * Another project's program runs where it is, with that copy by its name ({@link configFileOf}). From here on this process
 * has the isolated environment.
 *
 * @param pairs what `--config` said.
 * @param program what is deployed; the checkout's, unless a test has another.
 */
export async function openStack(
  local: Local,
  engine: Tools,
  pairs: string[],
  program: PulumiFn = programOf(local.checkout),
): Promise<Stack> {
  const { checkout, stack, cloud, isOther, beside } = local;
  const own = ownDirectory(local);
  const [work, home] = [copiesOf(own), path.join(own, "home")];
  for (const directory of [work, home, path.join(cloud, "state")]) fs.mkdirSync(directory, { recursive: true });
  noteGuest(local);
  // A file in place of the directory of the engine's logs, which it goes on without: a third of its time is for what nobody reads.
  const logs = path.join(home, "logs");
  if (!fs.existsSync(logs)) fs.writeFileSync(logs, "");
  const link = path.join(home, "plugins");
  // Another program's other plugins would reach real clouds, with the credentials of whoever runs this.
  if (!isOther && fs.existsSync(PLUGINS) && !fs.existsSync(link)) fs.symlinkSync(PLUGINS, link);
  if (isOther && !beside) fs.writeFileSync(path.join(path.dirname(cloud), ".gitignore"), "*\n");
  const host = isOther ? await languageHost(checkout, engine.paths.pulumi!) : undefined;
  writeShims(path.join(cloud, "bin"), engine.paths.pulumi!, plugins(), host);
  const environment = isolatedEnvironment(process.env, cloud, home);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);

  // The Automation API puts the command's own directory first on PATH: that of the shims.
  const pulumiCommand = await (commands[cloud] ??= PulumiCommand.get({ root: cloud }));
  fs.copyFileSync(path.join(checkout, "Pulumi.yaml"), path.join(work, "Pulumi.yaml"));
  const source = await LocalWorkspace.create({ workDir: checkout, pulumiCommand });
  const workspace = await LocalWorkspace.create({
    workDir: work,
    pulumiCommand,
    ...(!isOther && { program: () => untilRegistered(program) }),
  });
  const project = (await source.projectSettings()).name;
  const written = !isOther || hasStackFile(checkout, stack) ? await source.stackSettings(stack) : {};
  const file = { ...written, config: namespaced(project, written.config) };
  // The state's secrets are read with the salt that the engine has put into the copy.
  const before: StackSettings = await workspace.stackSettings(stack).catch(() => ({}));
  const { encryptionSalt } = before;
  const given = { ...(isOther && replacedSecrets(file, before)), ...parseConfig(project, pairs) };
  if (isOther) refuseUnreadable(stack, file, given);
  const config = { ...(isOther ? file.config : withOwnValues(file.config)), ...given };
  await workspace.saveStackSettings(stack, { config, ...(encryptionSalt && { encryptionSalt }) });
  // The stand-ins serve the environment's account: allowedAccountIds is really checked.
  process.env.EKS_STORAGE_ACCOUNT = accountOf(local, config);
  await releaseEngineLock(cloud);
  await startPluginHost(cloud);
  if (isAlone(cloud, project, stack)) workspace.selectStack = () => Promise.resolve();
  const opened = await Stack.createOrSelect(stack, workspace);
  if (!isOther) return opened;
  source.selectStack = () => Promise.resolve();
  // Who opens a stack adds to the environment of the one that it is given.
  Object.defineProperty(source, "envVars", { get: () => workspace.envVars });
  return runningThere(opened, await Stack.select(stack, source), configFileOf(local));
}

/** A stack of a work directory, whose program runs in another one, into which no operation writes a configuration. */
function runningThere(stack: Stack, there: Stack, configFile: string): Stack {
  const program = withoutResults(there);
  return Object.assign(Object.create(stack) as Stack, {
    up: (options?: UpOptions) => program.up({ ...options, configFile }),
    preview: (options?: PreviewOptions) => program.preview({ ...options, configFile }),
    refresh: (options?: RefreshOptions) => program.refresh({ ...options, configFile }),
    destroy: (options?: DestroyOptions) => program.destroy({ ...options, configFile }),
  });
}
