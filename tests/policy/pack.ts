import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as pulumi from "@pulumi/pulumi";
import { type Registration, Secret, unknown } from "../support/registrations";
import { outputsOf } from "./evaluation";

// The engine's own protocol for analyzers; the SDK gives no types for its client.
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");

/** A message of the pack about a resource. */
export interface Diagnostic {
  policy: string;
  urn: string;
  message: string;
  mandatory: boolean;
}

const PACK = path.join(__dirname, "..", "..", "policy");
const LEVELS: Record<string, number> = { advisory: 0, mandatory: 1, disabled: 2 };

/** The policy pack, started and called as the engine does. */
export class Pack {
  /** The line that it printed at the end of the last deployment. */
  summary = "";
  private process!: ChildProcess;
  private output!: readline.Interface;
  private client: any;

  /**
   * @param preview whether the engine starts it for a preview, or for an update.
   * @param directory that of its PulumiPolicy.yaml; the checkout's, unless a test has another.
   */
  constructor(
    private readonly preview: boolean,
    private readonly directory = PACK,
  ) {}

  async start(): Promise<void> {
    const paths = [fs.realpathSync(this.directory)];
    const entry = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths });
    // The first argument is the engine's address, which this pack doesn't need.
    this.process = spawn(process.execPath, [entry, "127.0.0.1:1", "."], {
      cwd: this.directory,
      env: { ...process.env, PULUMI_NODEJS_DRY_RUN: String(this.preview) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.output = readline.createInterface(this.process.stdout!);
    const [port] = (await once(this.output, "line")) as [string];
    this.client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  async stop(): Promise<void> {
    this.client.close();
    this.process.kill();
    await once(this.process, "exit");
  }

  /** Sets the policies' levels, as --policy-pack-config does. */
  async configure(levels: Record<string, string>): Promise<void> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [policy, level] of Object.entries(levels)) {
      const config = new messages.PolicyConfig();
      config.setEnforcementlevel(LEVELS[level]);
      config.setProperties(Struct.fromJavaScript({}));
      request.getPolicyconfigMap().set(policy, config);
    }
    await this.call("configure", request);
  }

  /**
   * The messages of a deployment: about each resource before it is created, and about all of them at the end.
   *
   * @param shown resources that the pack has just seen: unchanged ones are not shown again.
   */
  async evaluate(registrations: Registration[], shown: Registration[] = []): Promise<Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    const changed = registrations.filter((it) => !shown.includes(it));
    for (const registration of changed) {
      const request = described(new messages.AnalyzeRequest(), registration, registration.inputs);
      for (const it of await this.diagnostics("analyze", request)) diagnostics.push({ ...it, urn: registration.urn });
    }
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(
      registrations.map((registration) => {
        const outputs = outputsOf(registration, this.preview);
        const resource = described(new messages.AnalyzerResource(), registration, outputs);
        resource.setParent(registration.parent);
        resource.setDependenciesList(registration.dependencies);
        for (const [property, urns] of Object.entries(registration.propertyDependencies)) {
          const list = new messages.AnalyzerPropertyDependencies();
          list.setUrnsList(urns);
          resource.getPropertydependenciesMap().set(property, list);
        }
        if (registration.provider) {
          const provider = new messages.AnalyzerProviderResource();
          provider.setUrn(registration.provider);
          provider.setProperties(Struct.fromJavaScript({}));
          resource.setProvider(provider);
        }
        return resource;
      }),
    );
    const printed = once(this.output, "line");
    const atTheEnd = await this.diagnostics("analyzeStack", request);
    [this.summary] = (await printed) as [string];
    // The pack remembers the inputs that it saw last.
    const replaced = shown.filter((it) => changed.some(({ urn }) => urn === it.urn));
    for (const it of replaced)
      await this.diagnostics("analyze", described(new messages.AnalyzeRequest(), it, it.inputs));
    return [...diagnostics, ...atTheEnd];
  }

  /** The names of the policies that would rewrite resources. */
  async rewrites(registrations: Registration[]): Promise<string[]> {
    const names: string[] = [];
    for (const registration of registrations) {
      const request = described(new messages.AnalyzeRequest(), registration, registration.inputs);
      const response = await this.call("remediate", request);
      names.push(...response.getRemediationsList().map((it: any) => it.getPolicyname() as string));
    }
    return names;
  }

  /** Severity, remediation steps and URL of each policy, by name. */
  async details(): Promise<Record<string, string[]>> {
    const info = await this.call("getAnalyzerInfo", new Empty());
    return Object.fromEntries(
      info
        .getPoliciesList()
        .map((it: any) => [it.getName(), [String(it.getSeverity()), it.getRemediationSteps(), it.getUrl()]]),
    );
  }

  private async diagnostics(method: string, request: unknown): Promise<Diagnostic[]> {
    const response = await this.call(method, request);
    return response.getDiagnosticsList().map((it: any) => ({
      policy: it.getPolicyname(),
      urn: it.getUrn(),
      message: it.getMessage(),
      mandatory: it.getEnforcementlevel() === LEVELS["mandatory"],
    }));
  }

  private call(method: string, request: unknown): Promise<any> {
    return new Promise((resolve, reject) =>
      this.client[method](request, (error: Error | null, response: unknown) =>
        error ? reject(error) : resolve(response),
      ),
    );
  }
}

function described(message: any, { urn, type, name, protect }: Registration, properties: object): any {
  message.setUrn(urn);
  message.setType(type);
  message.setName(name);
  message.setProperties(Struct.fromJavaScript(encode(properties) as Record<string, any>));
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(protect);
  message.setOptions(options);
  return message;
}

/** Into the form on the wire. */
function encode(value: unknown): unknown {
  if (value === unknown) return pulumi.runtime.unknownValue;
  if (value instanceof Secret)
    return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value: encode(value.value) };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, encode(item)]));
}
