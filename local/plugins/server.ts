import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type CheckFailure, type DiffResult, InitializationFailed, type Plugin } from "./plugin";
import { changedProperties, isObject, isSecret, type Properties, SECRET, SIGNATURE, UNKNOWN } from "./properties";

/** The engine's marks for unknown values of the other kinds: boolean, number, array, asset, archive, object. */
const TYPED_UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

function plain(value: unknown): unknown {
  if (typeof value === "string") return TYPED_UNKNOWNS.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (isSecret(value)) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}

const read = (struct: Struct | undefined) => plain(struct?.toJavaScript() ?? {}) as Properties;

/** A null or undefined field means to the engine that there is none, so it is left out. */
function write(properties: Properties): Struct {
  const present = Object.entries(properties).filter(([, value]) => value !== undefined && value !== null);
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(Object.fromEntries(present))) as Record<string, JavaScriptValue>,
  );
}

/** The properties with these secret, wherever their values come from: an import reads them in the clear. */
function wrapped(properties: Properties, secrets: string[]): Properties {
  const given = secrets.filter((name) => properties[name] !== undefined);
  const entries = given.map((name) => [name, { [SIGNATURE]: SECRET, value: properties[name] }]);
  return { ...properties, ...(Object.fromEntries(entries) as Properties) };
}

function writeDiff({ changed, replaces, deleteBeforeReplace = false }: DiffResult): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  return new proto.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace);
}

const writeFailures = (failures: CheckFailure[]) =>
  failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason));

function writeError(error: unknown): Partial<grpc.StatusObject> {
  const details = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitializationFailed) {
    const failed = new proto.ErrorResourceInitFailed();
    failed.setId(error.id);
    failed.setProperties(write(error.properties));
    failed.setReasonsList([details]);
    const any = new Any();
    any.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(details);
    status.addDetails(any);
    // The field in which gRPC carries details of an error; grpc-js leaves filling it to us.
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details, metadata };
}

/** A call's handler that answers with a promise's value, or with its error's message and no stack. */
function handler<Request, Response>(answer: (request: Request) => Promise<Response> | Response) {
  return async (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback(writeError(error));
    }
  };
}

/** Of its resources a stand-in has no schema: only what makes its provider, in a program whose language asks for it. */
function schemaOf({ name, version, configuration = {} }: Plugin): string {
  const inputProperties = Object.fromEntries(Object.entries(configuration).map(([it, type]) => [it, { type }]));
  return JSON.stringify({ name, version, provider: { inputProperties } });
}

function service(plugin: Plugin): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: handler((_: Empty) => new PluginInfo().setVersion(plugin.version)),
    getSchema: handler((_: proto.GetSchemaRequest) => new proto.GetSchemaResponse().setSchema(schemaOf(plugin))),
    cancel: handler((_: Empty) => new Empty()),

    checkConfig: handler((request: proto.CheckRequest) => {
      const failures = plugin.checkConfig?.(read(request.getNews())) ?? [];
      // The inputs go back as they came: they may hold wrapped secrets.
      return new proto.CheckResponse().setInputs(request.getNews()).setFailuresList(writeFailures(failures));
    }),
    diffConfig: handler((request: proto.DiffRequest) => {
      const [olds, news] = [read(request.getOldInputs() ?? request.getOlds()), read(request.getNews())];
      return writeDiff(plugin.diffConfig?.(olds, news) ?? { changed: changedProperties(olds, news), replaces: [] });
    }),
    configure: handler(async (request: proto.ConfigureRequest) => {
      await plugin.configure?.(read(request.getArgs()));
      return new proto.ConfigureResponse().setSupportspreview(true);
    }),
    invoke: handler(async (request: proto.InvokeRequest) => {
      const result = await plugin.invoke(request.getTok(), read(request.getArgs()));
      return new proto.InvokeResponse().setReturn(write(result));
    }),

    check: handler(async (request: proto.CheckRequest) => {
      const olds = request.hasOlds() ? read(request.getOlds()) : undefined;
      const checked = await plugin.check({ ...resourceOf(request), olds, news: read(request.getNews()) });
      const { inputs, failures, secrets = [] } = checked;
      return new proto.CheckResponse()
        .setInputs(write(wrapped(inputs, secrets)))
        .setFailuresList(writeFailures(failures));
    }),
    diff: handler(async (request: proto.DiffRequest) => {
      return writeDiff(await plugin.diff({ ...resourceOf(request), id: request.getId(), ...statesOf(request) }));
    }),
    create: handler(async (request: proto.CreateRequest) => {
      const news = read(request.getProperties());
      const created = await plugin.create({ ...changeOf(request), preview: request.getPreview(), news });
      return new proto.CreateResponse().setId(created.id).setProperties(write(created.properties));
    }),
    read: handler(async (request: proto.ReadRequest) => {
      const [inputs, properties] = [read(request.getInputs()), read(request.getProperties())];
      const found = await plugin.read({ ...resourceOf(request), id: request.getId(), inputs, properties });
      const response = new proto.ReadResponse();
      if (!found) return response;
      const [foundInputs, foundProperties] = [found.inputs, found.properties].map((it) =>
        wrapped(it, found.secrets ?? []),
      );
      return response.setId(found.id).setInputs(write(foundInputs!)).setProperties(write(foundProperties!));
    }),
    update: handler(async (request: proto.UpdateRequest) => {
      const [preview, ignoreChanges] = [request.getPreview(), request.getIgnorechangesList()];
      const asked = { ...changeOf(request), preview, ignoreChanges, id: request.getId(), ...statesOf(request) };
      return new proto.UpdateResponse().setProperties(write(await plugin.update(asked)));
    }),
    delete: handler(async (request: proto.DeleteRequest) => {
      await plugin.delete({ ...changeOf(request), id: request.getId(), properties: read(request.getProperties()) });
      return new Empty();
    }),
  };
}

const resourceOf = (request: { getType(): string; getName(): string; getUrn(): string }) => ({
  type: request.getType(),
  name: request.getName(),
  urn: request.getUrn(),
});

const changeOf = (request: { getTimeout(): number } & Parameters<typeof resourceOf>[0]) => ({
  ...resourceOf(request),
  timeout: request.getTimeout(),
});

const statesOf = (request: proto.DiffRequest | proto.UpdateRequest) => ({
  olds: read(request.getOlds()),
  oldInputs: read(request.getOldInputs()),
  news: read(request.getNews()),
});

/**
 * Serves a plugin to the engine that asked for this program: the protocol of a provider plugin, with previews and unknown
 * values, secrets unwrapped. The port goes to standard output, where the engine reads it.
 */
export function serve(plugin: Plugin): void {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, service(plugin));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
