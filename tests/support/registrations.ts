import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { ApiServer, EMPTY_CLUSTER } from "./apiServer";
import { mockId } from "./mockIds";
import {
  AWS_EBS_KEY,
  M7I_LARGE,
  existingCluster,
  looksUp,
  mockState,
  offeringsOf,
  snapshotsOf,
  volumesOf,
} from "./mockState";

process.env.PATH = [path.join(__dirname, "bin"), process.env.PATH].join(path.delimiter);

/** Stands in recorded inputs and outputs for what isn't known yet. */
export const unknown = Symbol("unknown");

/** Stands in recorded inputs and outputs for a secret. */
export class Secret {
  constructor(public readonly value: unknown) {}
}

/** What the engine was told about one resource. */
export interface Registration {
  type: string;
  name: string;
  urn: string;
  custom: boolean;
  /** Every type of resource has a shape of its own. */
  inputs: any;
  /** What a component or the stack ended with. */
  outputs?: Record<string, unknown>;
  parent: string;
  /** URNs that it waits for, and those among them that each property comes from. */
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** URN of the explicit provider, empty for the default one. */
  provider: string;
  /** URNs of the providers that a component hands down, by package. */
  providers: Record<string, string>;
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  replaceOnChanges: string[];
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
  /** Id of what is there already and is adopted, empty where something new is made. */
  importId: string;
}

export interface RunOptions {
  /** As on a first preview: ids and everything computed are unknown. Default: false. */
  preview?: boolean;
  stack?: string;
  config?: Record<string, string>;
  /** The snapshots that EC2 has, by id. Default: none. */
  snapshots?: Record<string, { tags: Record<string, string>; volumeSize: number; kmsKeyId?: string }>;
  /** Properties of EC2's volumes that differ from those of an adoptable disk, by id; `null`: EC2 has no such volume. */
  volumes?: Record<string, object | null>;
  /** What the stack has had since before, by URN: as the engine tells it. Default: it is new. */
  state?: Record<string, object>;
  /** The SSM parameters that there are, by name. Default: none. */
  parameters?: Record<string, string>;
  /** The ids of the account's availability zones, by name. Default: the program must not ask for them. */
  zoneIds?: Record<string, string>;
  /** ARN of the customer's key that is the account's default for EBS. Default: AWS's own key is. */
  defaultEbsKey?: string;
  /** What EC2 says of instance types, where it isn't what it says of an m7i.large. */
  instanceTypes?: Record<string, object>;
  /** Tokens of functions that fail, as for one without the right to call them. Default: none. */
  failing?: string[];
  /** The zones that have each instance type. Default: the program must not ask for them. */
  offerings?: Record<string, string[]>;
  /** The partition of the provider's region. Default: aws. */
  partition?: string;
  /** The Kubernetes version that EKS says a cluster has. Default: it can't be asked. */
  clusterVersion?: string;
  /** Properties of resources that are there which differ from what they must be, by the function that looks them up; or `error`. */
  adoptable?: Record<string, object>;
}

export interface Run {
  registrations: Registration[];
  /** What it has looked up, each by its function's token. */
  invokes: string[];
  /** What the program, an apply or a duplicate URN ended it with. */
  error?: Error;
}

type Callback<Response> = (error: Error | null, response: Response) => void;
interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: Callback<{ getUrn(): string }>): unknown;
  registerResourceOutputs(
    request: { getUrn(): string; getOutputs(): { toJavaScript(): Record<string, unknown> } },
    callback: Callback<unknown>,
  ): unknown;
}

/** A plugin's error, of which the SDK reads the details. */
const failed = (details: string) => Object.assign(new Error(details), { details });

let othersCluster: Promise<ApiServer> | undefined;

/** Serves an existing cluster, one for all tests of a process. */
export const clusterOfOthers = () =>
  (othersCluster ??= new ApiServer(EMPTY_CLUSTER).start().then((api) => api.unref()));

/** Runs a program under Pulumi's mocks, as a stack of the project, and records what it registers, with its options. */
export async function run(program: () => unknown, options: RunOptions = {}) {
  const {
    preview = false,
    stack = "test",
    config = {},
    snapshots = {},
    volumes = {},
    state = {},
    adoptable = {},
    parameters = {},
  } = options;
  const api = config["eks-storage:existingClusterName"] ? await clusterOfOthers() : undefined;
  const result: Run = { registrations: [], invokes: [] };
  const { registrations, invokes } = result;
  const start = () =>
    pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs, id: asked }) => {
          // What is imported from another region is asked for as ID@REGION.
          const id = asked?.split("@")[0] || mockId({ type, name, inputs });
          if (preview) return { id: asked ? id : undefined, state: inputs };
          return { id, state: { ...mockState({ type, name, inputs }, id), ...inputs } };
        },
        call: ({ token, inputs }) => {
          invokes.push(token);
          if (options.failing?.includes(token)) throw failed(`You are not authorized to perform ${token}`);
          // An existing cluster is known by its name only; nothing that the lookup finds changes overnight.
          const { error } = Object(adoptable[token]) as { error?: string };
          if (error) throw failed(error);
          if (token === "aws:eks/getCluster:getCluster") {
            return { ...existingCluster(inputs, api, options.clusterVersion), ...adoptable[token] };
          }
          // The first preview says it; it becomes no input.
          if (token === "aws:index/getCallerIdentity:getCallerIdentity")
            return { arn: "arn:aws:iam::111101013333:root" };
          // An account never leaves its partition.
          if (token === "aws:index/getPartition:getPartition") return { partition: options.partition ?? "aws" };
          // Snapshots and adopted disks are only checked. Their key alone becomes an input, and it stays the same.
          if (token.startsWith("aws:ebs/getSnapshot")) return snapshotsOf(inputs, snapshots);
          // Decides only whether what isn't in the state yet is made or imported.
          if (token === "aws:cloudwatch/getLogGroups:getLogGroups") return { logGroupNames: [] };
          if (/^aws:ebs\/get(EbsVolumes|Volume):/.test(token)) return volumesOf(inputs, volumes, stack);
          // Decides only what is told of an earlier stack of the same name.
          if (token === "aws:ssm/getParametersByPath:getParametersByPath") {
            return { names: Object.keys(parameters), values: Object.values(parameters) };
          }
          // The account's setting, which becomes an input where it is a customer's key.
          if (token === "aws:ebs/getDefaultKmsKey:getDefaultKmsKey") {
            return { keyArn: options.defaultEbsKey ?? AWS_EBS_KEY };
          }
          if (inputs.keyId === AWS_EBS_KEY) return { keyManager: "AWS" };
          // Of a type nothing changes overnight.
          if (token === "aws:ec2/getInstanceType:getInstanceType") {
            const { instanceType } = inputs;
            return { ...M7I_LARGE, instanceType, ...options.instanceTypes?.[instanceType as string] };
          }
          // Decides only whether the program is refused.
          if (token === "aws:index/getAvailabilityZones:getAvailabilityZones") {
            const { zoneIds = {} } = options;
            return { names: Object.keys(zoneIds), zoneIds: Object.values(zoneIds) };
          }
          if (token === "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings") {
            return options.offerings ? offeringsOf(inputs, options.offerings) : {};
          }
          // The stack's own state, and what is adopted, are only checked: nothing of them becomes an input.
          if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: state };
          if (looksUp(token)) return { ...inputs, ...adoptable[token] };
          throw new Error(`The program looks something up, and what it finds may change overnight: ${token}`);
        },
      },
      "eks-storage",
      stack,
      preview,
    );
  await start();
  pulumi.runtime.setAllConfig(config);
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const registerResource = monitor.registerResource.bind(monitor);
  const registerResourceOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResource = (request, callback) =>
    registerResource(request, (error, response) => {
      if (error === null) registrations.push(record(request, response.getUrn()));
      callback(error, response);
    });
  monitor.registerResourceOutputs = (request, callback) => {
    const registration = registrations.find(({ urn }) => urn === request.getUrn());
    if (registration) registration.outputs = decode(request.getOutputs().toJavaScript()) as Record<string, unknown>;
    return registerResourceOutputs(request, callback);
  };

  // The SDK looks up from where each resource is registered: mapped back to TypeScript, that would take half of the time.
  process.setSourceMapsEnabled(false);
  // A rejection inside an apply reaches nobody but this event, and what depends on it then waits for ever.
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  try {
    await new Promise<void>((resolve, reject) => {
      process.on("unhandledRejection", reject);
      const settled = async () => {
        await pulumi.runtime.runInPulumiStack(async () => program());
        await pulumi.runtime.disconnect();
        await new Promise((next) => setImmediate(next));
      };
      settled().then(resolve, reject);
    });
    const repeated = registrations.filter(
      ({ urn }, index) => registrations.findIndex((it) => it.urn === urn) !== index,
    );
    if (repeated.length > 0) throw new Error(`Registered twice: ${repeated.map(({ urn }) => urn).join(", ")}`);
  } catch (error) {
    result.error = error as Error;
    await new Promise((next) => setImmediate(next));
  } finally {
    process.setSourceMapsEnabled(true);
    process.removeAllListeners("unhandledRejection");
    listeners.forEach((listener) => process.on("unhandledRejection", listener));
    await start(); // forgets what still waits, which would fail the process at its end
  }
  return result;
}

function record(request: RegisterResourceRequest, urn: string): Registration {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((list, property) => {
    propertyDependencies[property] = list.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    inputs: decode(request.getObject()?.toJavaScript()),
    parent: request.getParent(),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    provider: providerUrn(request.getProvider()),
    providers: Object.fromEntries(
      [...request.getProvidersMap().entries()].map(([name, reference]) => [name, providerUrn(reference)]),
    ),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    importId: request.getImportid(),
  };
}

/** A reference is a URN, which has four parts, and an id. */
function providerUrn(reference: string): string {
  return reference.split("::").slice(0, 4).join("::");
}

/** From the form on the wire. */
function decode(value: unknown): unknown {
  if (value === pulumi.runtime.unknownValue) return unknown;
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  const kind = record[pulumi.runtime.specialSigKey];
  if (kind === pulumi.runtime.specialSecretSig) return new Secret(decode(record["value"]));
  if (kind === pulumi.runtime.specialResourceSig) return record["urn"];
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, decode(item)]));
}
