import { changeAccount, readAccount } from "../../aws/account";
import type { ApiFailure } from "../../aws/apiErrors";
import type { AwsRecord } from "../../aws/records";
import { call, failure, type ProviderConfig } from "../../aws/service";
import { functionOf, type KnownType, typeOf } from "../../aws/services";
import { until } from "../../aws/until";
import { refuseInvalid, sentInputs } from "../../aws/validation";
import { InitializationFailed, type Plugin } from "../plugin";
import type { Properties } from "../properties";
import { serve } from "../server";
import { build, checkFailures, completeInputs, diff, preview, readInputs, update } from "./resource";

/** How long an add-on or a node group may take to become active, in seconds. AWS waits 20 minutes. */
const TIMEOUT_IN_SECONDS = Number(process.env.EKS_STORAGE_TIMEOUT_IN_SECONDS ?? 20);

let config: ProviderConfig;

/** Waits until a node group has its nodes and an add-on its pods, as AWS does after creating or updating one. */
async function activate({ name, service, activation }: KnownType, id: string, properties: Properties): Promise<void> {
  if (!activation) return;
  const { operation, failedStatus, complete } = activation;
  let unwell: ApiFailure | undefined;
  const isWell = () => {
    unwell = failure(service, [operation], { id, properties, olds: {} }, readAccount());
    return unwell === undefined;
  };
  const setStatus = (status: string) =>
    changeAccount((account) => {
      const record = account.find(name, id);
      if (record) record.status = status;
    });
  try {
    await until(TIMEOUT_IN_SECONDS, isWell).catch(() => {
      throw unwell!;
    });
    await complete?.(properties, TIMEOUT_IN_SECONDS);
    setStatus("ACTIVE");
  } catch (error) {
    setStatus(failedStatus);
    const why = (error as Error).message;
    throw new InitializationFailed(id, properties, `waiting for EKS ${id} to become 'ACTIVE': ${why}`);
  }
}

const aws: Plugin = {
  name: "aws",
  version: "7.48.0",

  diffConfig(olds, news) {
    const replaces = olds.region === news.region ? [] : ["region"];
    return {
      changed: ["region", "defaultTags", "allowedAccountIds", "assumeRoles"].filter((key) => olds[key] !== news[key]),
      replaces,
    };
  },

  configure(given) {
    const accountId = process.env.EKS_STORAGE_ACCOUNT;
    if (!accountId) throw new Error("EKS_STORAGE_ACCOUNT must be the local account's id; npm run up:local sets it");
    const parsed = (key: string) => JSON.parse((given[key] ?? "null") as string) as unknown;
    const allowed = parsed("allowedAccountIds") as string[] | null;
    if (allowed && !allowed.includes(accountId)) throw new Error(`AWS account ID not allowed: ${accountId}`);
    const { tags = {} } = (parsed("defaultTags") ?? {}) as { tags?: Record<string, string> };
    const region = (given.region ?? process.env.AWS_REGION) as string | undefined;
    if (!region) throw new Error("Missing region configuration: set aws:region, or region on the provider");
    const [assumed] = (parsed("assumeRoles") ?? []) as { roleArn?: string }[];
    config = { accountId, region, defaultTags: tags, assumedRole: assumed?.roleArn };
    return Promise.resolve();
  },

  check({ type: token, name, news, olds }) {
    const type = typeOf(token);
    const inputs = completeInputs(type, name, news, olds, config);
    return Promise.resolve({
      inputs,
      failures: checkFailures(type, inputs),
      secrets: type.secrets,
    });
  },

  diff({ type, oldInputs, news }) {
    return Promise.resolve(diff(typeOf(type), oldInputs, news));
  },

  async create(request) {
    const type = typeOf(request.type);
    if (request.preview) return { id: "", properties: preview(type, request.news, config) };
    const { id, properties } = changeAccount((account) => {
      const built = build(type, request.news, config, account.records);
      refuseInvalid(type, "create", sentInputs(type, request.news, built.properties));
      call(type.service, type.calls?.create ?? [], { ...built, olds: {} }, account);
      if (type.overwrites) account.remove(account.find(type.name, built.id));
      const record = account.add(type.name, built.id, built.properties, type.activation ? "CREATING" : "ACTIVE");
      record.urn = request.urn;
      type.sideEffects?.created?.(record, account);
      return record;
    });
    await activate(type, id, properties);
    return { id, properties };
  },

  async read({ type: token, id: asked, inputs }) {
    const type = typeOf(token);
    // What is adopted from another region is asked for as ID@REGION.
    const [id = "", region] = asked.split("@");
    const record = readAccount().find(type.name, id);
    const isThere = type.global || String(record?.properties.region) === (region ?? inputs.region ?? config.region);
    if (!record || !isThere) return undefined;
    const { properties, status } = record;
    // Its plugin was killed: AWS goes on by itself.
    if (status === "CREATING") await activate(type, id, properties).catch(() => {});
    const { secrets } = type;
    return { id, inputs: readInputs(type, inputs, properties), properties: { ...properties, id }, secrets };
  },

  async update(request) {
    const type = typeOf(request.type);
    const properties = update(type, request, request.preview);
    if (request.preview) return properties;
    const { id, olds } = request;
    changeAccount((account) => {
      const record = account.find(type.name, id);
      if (!record) throw new Error(`${id} does not exist any more: refresh the stack (pulumi refresh)`);
      refuseInvalid(type, "update", sentInputs(type, request.news, { ...properties, id }));
      call(type.service, type.calls?.update ?? [], { id, properties, olds }, account);
      record.properties = type.sideEffects?.updated?.(record, olds, properties) ?? properties;
    });
    await activate(type, id, properties);
    return properties;
  },

  async delete({ type: token, id }) {
    const { name, service, calls, sideEffects } = typeOf(token);
    const found = changeAccount((account): AwsRecord | undefined => {
      const record = account.find(name, id);
      if (!record) return undefined;
      sideEffects?.beforeDelete?.(record, account);
      call(service, calls?.delete ?? [], { ...record, olds: {} }, account);
      const before = { ...record };
      record.status = "DELETING";
      return before;
    });
    if (!found) return;
    await sideEffects?.deleting?.(found, TIMEOUT_IN_SECONDS);
    changeAccount((account) => {
      account.remove(account.find(name, id));
      sideEffects?.deleted?.(found, account);
    });
  },

  invoke: (token, args) => Promise.resolve(functionOf(token)(args, config, readAccount())),
};

serve(aws);
