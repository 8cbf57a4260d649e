import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

const EXECUTABLE = path.join(__dirname, "..", "..", "components", "pulumi-resource-eks-storage");

const struct = (fields: object) => Struct.fromJavaScript(fields as Record<string, JavaScriptValue>);

/** What a component registered: a type and a name. */
type Registered = string;

/** The plugin as an engine has it: a process, which asks it back to register resources. */
export class ComponentPlugin {
  readonly registered: Registered[] = [];
  /** How often the stack's state was asked for. The first time the engine is just writing it. */
  asked = 0;
  private readonly server = new grpc.Server();
  private process!: ChildProcessByStdio<null, Readable, null>;
  private client!: ResourceProviderClient;
  private address!: string;

  /** @param executable The checkout's, or that of an installed package. */
  constructor(private readonly executable = EXECUTABLE) {}

  async start(): Promise<void> {
    const registerResource = (
      { request }: grpc.ServerUnaryCall<resource.RegisterResourceRequest, unknown>,
      answer: grpc.sendUnaryData<unknown>,
    ) => {
      this.registered.push(`${request.getType()} ${request.getName()}`);
      const urn = `urn:pulumi:test::test::${request.getType()}::${request.getName()}`;
      answer(null, new resource.RegisterResourceResponse().setUrn(urn).setId("id").setObject(request.getObject()));
    };
    const invoke = (_: unknown, answer: grpc.sendUnaryData<unknown>) => {
      this.asked += 1;
      if (this.asked === 1) answer({ code: grpc.status.UNKNOWN, details: "failed to load checkpoint: EOF" });
      else answer(null, new proto.InvokeResponse().setReturn(struct({ outputs: {} })));
    };
    const empty = (_: unknown, answer: grpc.sendUnaryData<unknown>) => answer(null, new Empty());
    this.server.addService(ResourceMonitorService, {
      supportsFeature: (_: unknown, answer: grpc.sendUnaryData<unknown>) =>
        answer(null, new resource.SupportsFeatureResponse().setHassupport(true)),
      invoke,
      registerResource,
      registerResourceOutputs: empty,
    });
    this.server.addService(EngineService, { log: empty });
    const bind = promisify(this.server.bindAsync.bind(this.server));
    this.address = `127.0.0.1:${await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure())}`;
    this.process = spawn(this.executable, [this.address], { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(this.process.stdout.setEncoding("utf8"), "data")) as [string];
    this.client = new ResourceProviderClient(`127.0.0.1:${port.trim()}`, grpc.credentials.createInsecure());
  }

  async stop(): Promise<void> {
    this.client.close();
    this.process.kill();
    await once(this.process, "close");
    this.server.forceShutdown();
  }

  schema(): Promise<string> {
    return new Promise((resolve, reject) =>
      this.client.getSchema(new proto.GetSchemaRequest(), (error, response) =>
        error ? reject(error) : resolve(response.getSchema()),
      ),
    );
  }

  /** Makes a component as a program in another language would. @throws Error with what the engine is told. */
  construct(type: string, name: string, inputs: object): Promise<{ urn: string; outputs: object }> {
    const request = new proto.ConstructRequest()
      .setProject("test")
      .setStack("test")
      .setParallel(8)
      .setMonitorendpoint(this.address)
      .setType(type)
      .setName(name)
      .setInputs(struct(inputs));
    return new Promise((resolve, reject) =>
      this.client.construct(request, (error, response) =>
        error
          ? reject(new Error(error.details))
          : resolve({ urn: response.getUrn(), outputs: response.getState()!.toJavaScript() }),
      ),
    );
  }
}
