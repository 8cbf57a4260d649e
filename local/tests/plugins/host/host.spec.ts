import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { hostFiles, startPluginHost, stopPluginHost } from "../../../stack/pluginHost";
import { writeShims } from "../../../stack/shims";
import { localCloud } from "../../support/localCloud";

const struct = (fields: object) => Struct.fromJavaScript(fields as Record<string, JavaScriptValue>);

async function eventually(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    assert.ok(tries < 200, "not within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A plugin as an engine has it: the process that it started, what that said, and the server on the port that it printed. */
class Plugin {
  said = "";
  private client!: ResourceProviderClient;

  constructor(readonly shim: ChildProcessWithoutNullStreams) {
    for (const stream of [shim.stdout, shim.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    }
  }

  async connected(): Promise<this> {
    await eventually(() => this.said.includes("\n"));
    assert.match(this.said, /^\d+\n/);
    this.client = new ResourceProviderClient(
      `127.0.0.1:${Number.parseInt(this.said, 10)}`,
      grpc.credentials.createInsecure(),
    );
    return this;
  }

  configure(settings: object): Promise<unknown> {
    const request = new proto.ConfigureRequest().setArgs(struct(settings));
    return new Promise((resolve, reject) =>
      this.client.configure(request, (error, response) => (error ? reject(error) : resolve(response))),
    );
  }

  create(properties: object): Promise<proto.CreateResponse> {
    const request = new proto.CreateRequest().setProperties(struct(properties));
    return new Promise((resolve, reject) =>
      this.client.create(request, (error, response) => (error ? reject(error) : resolve(response))),
    );
  }

  read(id: string, properties: object): Promise<unknown> {
    const request = new proto.ReadRequest().setId(id).setType("kubernetes:core/v1:Pod").setInputs(struct(properties));
    return new Promise((resolve, reject) =>
      this.client.read(request, (error, response) => (error ? reject(error) : resolve(response))),
    );
  }

  construct(request: proto.ConstructRequest): Promise<proto.ConstructResponse> {
    return new Promise((resolve, reject) =>
      this.client.construct(request, (error, response) => (error ? reject(error) : resolve(response))),
    );
  }

  async killed(): Promise<void> {
    this.client.close();
    if (this.shim.exitCode ?? this.shim.signalCode) return;
    this.shim.kill("SIGKILL");
    await once(this.shim, "close");
  }
}

/** An engine's monitor, to which a component registers its children; it takes them, or refuses them with a message. */
async function monitor(server: grpc.Server, refusal?: string): Promise<string> {
  server.addService(ResourceMonitorService, {
    supportsFeature: (_: unknown, answer: grpc.sendUnaryData<unknown>) =>
      answer(null, new resource.SupportsFeatureResponse().setHassupport(true)),
    registerResource(call: grpc.ServerUnaryCall<any, unknown>, answer: grpc.sendUnaryData<unknown>) {
      const { request } = call;
      const urn = `urn:pulumi:test::test::${request.getType()}::${request.getName()}`;
      if (refusal && request.getCustom()) answer({ code: grpc.status.UNKNOWN, details: refusal });
      else answer(null, new resource.RegisterResourceResponse().setUrn(urn).setObject(struct({})));
    },
    registerResourceOutputs: (_: unknown, answer: grpc.sendUnaryData<unknown>) => answer(null, new Empty()),
  });
  const bind = promisify(server.bindAsync.bind(server));
  return `127.0.0.1:${await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure())}`;
}

/** A cluster as our component asks the eks plugin for it, at a preview. */
const clusterAt = (address: string) =>
  new proto.ConstructRequest()
    .setProject("test")
    .setStack("test")
    .setDryrun(true)
    .setParallel(8)
    .setMonitorendpoint(address)
    .setType("eks:index:Cluster")
    .setName("c")
    .setInputs(
      struct({
        ...{ skipDefaultNodeGroup: true, skipDefaultSecurityGroups: true, useDefaultVpcCni: true },
        ...{ authenticationMode: "API", kubeProxyAddonOptions: { enabled: false } },
      }),
    );

/** A dynamic resource whose creation runs this. */
const dynamic = (code: string) => ({
  __provider: `let calls = 0; exports.handler = () => ({ create: async () => { calls += 1; ${code} } });`,
});

describe("the plugin host", function () {
  this.timeout("1m");
  const { directory: cloud } = localCloud();
  const bin = path.join(cloud, "bin");
  const pid = () => Number(fs.readFileSync(path.join(cloud, "plugins.pid"), "utf8"));
  const started: Plugin[] = [];

  const shimOf = (name: string, environment: NodeJS.ProcessEnv = {}) =>
    spawn(path.join(bin, `pulumi-resource-${name}`), ["127.0.0.1:1"], { env: { ...process.env, ...environment } });

  async function plugin(name: string, environment?: NodeJS.ProcessEnv): Promise<Plugin> {
    const made = await new Plugin(shimOf(name, environment)).connected();
    started.push(made);
    return made;
  }

  before(() => writeShims(bin, process.execPath));
  beforeEach(() => startPluginHost(cloud));
  afterEach(() => Promise.all(started.splice(0).map((it) => it.killed())));
  after(() => stopPluginHost(cloud));
  const servers = [new grpc.Server(), new grpc.Server()];
  after(() => servers.forEach((server) => server.forceShutdown()));

  it("gives each engine's plugin the environment that the engine gave", async () => {
    const [one, other] = ["111111111111", "222222222222"];
    const plugins = await Promise.all([one, other].map((id) => plugin("aws", { EKS_STORAGE_ACCOUNT: id })));
    const settings = { region: "eu-west-1", allowedAccountIds: JSON.stringify([one]) };
    await plugins[0]!.configure(settings);
    await assert.rejects(plugins[1]!.configure(settings), /AWS account ID not allowed: 222222222222/);
  });

  it("keeps what one provider was configured with from another", async () => {
    const [one, other] = await Promise.all([plugin("kubernetes"), plugin("kubernetes")]);
    const reads = [one, other].map(async (it, index) => {
      const server = `https://127.0.0.1:${index + 1}`;
      const clusters = [{ name: "c", cluster: { server } }];
      const contexts = [{ name: "x", context: { cluster: "c", user: "u" } }];
      const users = [{ name: "u", user: { token: "t" } }];
      await it.configure({ kubeconfig: JSON.stringify({ clusters, contexts, users, "current-context": "x" }) });
      await assert.rejects(it.read("pod", {}), new RegExp(`unreachable: can't reach the API server ${server}`));
    });
    await Promise.all(reads);
  });

  it("runs each engine's dynamic resources apart, and hands on what they print and what nobody catches", async () => {
    const [one, other] = await Promise.all([
      plugin("pulumi-nodejs", { OF: "one\nand two" }),
      plugin("pulumi-nodejs", { OF: "the other" }),
    ]);
    await Promise.all([one.configure({}), other.configure({})]);
    const code = 'console.log(process.env.OF, calls); return { id: "1", outs: {} };';
    for (const it of [one, one, other]) await it.create(dynamic(code));
    await eventually(() => one.said.includes("two 2\n") && other.said.includes("the other 1\n"));
    assert.match(one.said, /^\d+\none\nand two 1\none\nand two 2\n$/);
    assert.match(other.said, /^\d+\nthe other 1\n$/);
    await one.create(dynamic('void Promise.reject(new Error("missed")); return { id: "2", outs: {} };'));
    await eventually(() => /Error: missed/.test(one.said));
    assert.doesNotMatch(other.said, /missed/);
  });

  it("constructs components of several engines at once: what one refuses is no matter of another's", async () => {
    const [one, other] = await Promise.all([plugin("eks"), plugin("eks")]);
    const [refusing, taking] = await Promise.all([
      monitor(servers[0]!, "the first one's refusal"),
      monitor(servers[1]!),
    ]);
    const taken = Array.from({ length: 4 }, () => other.construct(clusterAt(taking)));
    await assert.rejects(one.construct(clusterAt(refusing)), /the first one's refusal/);
    const urns = (await Promise.all(taken)).map((response) => response.getUrn());
    assert.deepEqual(new Set(urns), new Set(["urn:pulumi:test::test::eks:index:Cluster::c"]));
  });

  it("serves on after a plugin's end, and is the same for the next command", async () => {
    const [one, other] = await Promise.all([plugin("random"), plugin("random")]);
    const before = pid();
    await one.killed();
    await startPluginHost(cloud);
    assert.equal(pid(), before);
    assert.match((await other.create({ length: 4 })).getId(), /^none$/);
  });

  it("ends with work that an engine that was killed has left, and the next command has another", async () => {
    const [one, other] = await Promise.all([plugin("pulumi-nodejs"), plugin("random")]);
    const before = pid();
    await one.configure({});
    const never = one.create(dynamic('console.log("begun"); await new Promise(() => {});'));
    await eventually(() => one.said.includes("begun"));
    await Promise.all([one.killed(), assert.rejects(never)]);
    await startPluginHost(cloud);
    assert.notEqual(pid(), before);
    assert.equal((await (await plugin("random")).create({ length: 4 })).getId(), "none");
    await eventually(() => other.shim.exitCode === 1);
    assert.match(other.said, /The plugin host of \S+ has ended: random has no plugin\. Its log is plugins\.log there/);
    assert.match(fs.readFileSync(path.join(cloud, "plugins.log"), "utf8"), /ended before it had its answer/);
  });

  it("is replaced when its code has changed", async () => {
    const { portFile } = hostFiles(cloud);
    await plugin("random");
    const before = pid();
    fs.writeFileSync(portFile, fs.readFileSync(portFile, "utf8").replace(/\S+\n$/, "other\n"));
    await startPluginHost(cloud);
    assert.notEqual(pid(), before);
    await plugin("random");
  });

  it("answers nobody who doesn't know its token", async () => {
    await plugin("random");
    const [port] = fs.readFileSync(hostFiles(cloud).portFile, "utf8").split(" ");
    const socket = net.connect(Number(port), "127.0.0.1", () => socket.write("guess\0random\x001\x001\0\0\0"));
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    await once(socket, "close");
    assert.equal(answer, "");
  });

  it("that isn't there is missed in words", async () => {
    await stopPluginHost(cloud);
    const lonely = new Plugin(shimOf("aws"));
    assert.deepEqual(await once(lonely.shim, "close"), [1, null]);
    assert.match(lonely.said, /^The plugin host of \S+ doesn't run: aws has no plugin\..*Run the command again/);
  });
});
