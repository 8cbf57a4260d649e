import * as assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { ResourceMonitorClient, ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { SupportsFeatureRequest, SupportsFeatureResponse } from "@pulumi/pulumi/proto/resource_pb";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { isolatedEnvironment } from "../../stack/engine";

const clients: grpc.Client[] = [];

/** Connects as a program connects to its engine, and doesn't close it. */
function ask(address: string): Promise<SupportsFeatureResponse> {
  const { grpcClientOptions } = settings as unknown as { grpcClientOptions: grpc.ClientOptions };
  const client = new ResourceMonitorClient(address, grpc.credentials.createInsecure(), grpcClientOptions);
  clients.push(client);
  return new Promise((resolve, reject) =>
    client.supportsFeature(new SupportsFeatureRequest().setId("secrets"), (error, answer) =>
      error ? reject(error) : resolve(answer),
    ),
  );
}

/** An engine, as far as it answers what a program asks first. */
async function engineOn(address: string): Promise<{ engine: grpc.Server; port: number }> {
  const engine = new grpc.Server();
  const supportsFeature: grpc.handleUnaryCall<unknown, SupportsFeatureResponse> = (_, callback) =>
    callback(null, new SupportsFeatureResponse().setHassupport(true));
  engine.addService(ResourceMonitorService, { supportsFeature });
  const port = await new Promise<number>((resolve, reject) =>
    engine.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { engine, port };
}

describe("local engine", () => {
  afterEach(() => clients.splice(0).forEach((client) => client.close()));

  it("is reached on the port of an earlier one that was asked after its end", async () => {
    const { engine: earlier, port } = await engineOn("127.0.0.1:0");
    const address = `127.0.0.1:${port}`;
    await ask(address);
    earlier.forceShutdown();
    await assert.rejects(ask(address));
    await assert.rejects(ask(address), /UNAVAILABLE/);
    const { engine } = await engineOn(address);
    assert.equal((await ask(address)).getHassupport(), true);
    engine.forceShutdown();
  });

  it("keeps the user's clouds, clusters and Pulumi account out of reach", () => {
    const theirs = {
      HOME: "/home/me",
      PATH: "/usr/bin",
      AWS_PROFILE: "work",
      AWS_ACCESS_KEY_ID: "theirs",
      KUBECONFIG: "/home/me/.kube/config",
      KUBEBUILDER_ASSETS: "/assets",
      PULUMI_ACCESS_TOKEN: "theirs",
      PULUMI_HOME: "/home/me/.pulumi",
    };
    const environment = isolatedEnvironment(theirs, "/cloud");
    assert.equal(environment.HOME, "/home/me");
    assert.equal(environment.KUBEBUILDER_ASSETS, "/assets");
    assert.equal(environment.PATH, "/cloud/bin:/usr/bin");
    assert.equal(environment.EKS_STORAGE_CLOUD, "/cloud");
    assert.equal(environment.PULUMI_BACKEND_URL, "file:///cloud/state");
    const values = Object.entries(environment).filter(([name]) => /^(AWS|PULUMI|KUBECONFIG)/.test(name));
    for (const [name, value] of values) assert.ok(!/theirs|work|\/home\/me/.test(value!), `${name} is ${value}`);
  });
});
