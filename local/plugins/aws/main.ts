import { InitializationFailed, type Properties, type StandIn } from "../plugin";
import { serve } from "../server";
import { besideCluster, dropClusterGroup, leaveInterfaces, writeLogs } from "../../aws/eks/sideEffects";
import { Cloud } from "../../aws/account";
import { invoke } from "./functions";
import { change, complete, difference, inputsOf, make, type Place, preview, wrongInputs } from "./resource";
import { nodesOf, syncNodes, until } from "../../aws/eks/nodeGroup";
import { isThroughputCut } from "../../aws/efs/apiErrors";
import { keepProtection, setProtection } from "../../aws/efs/sideEffects";
import { type AwsRecord, changeRecords, OBJECT, readRecords, token } from "../../aws/records";
import { refusal, type Rule } from "../../aws/apiErrors";
import { typeOf } from "../../aws/services";

/** Seconds that stand for AWS's 20 minutes of waiting for something to become active. */
const PATIENCE = Number(process.env.EKS_STORAGE_PATIENCE ?? 20);

let place: Place;

const cloud = (records: AwsRecord[]) => new Cloud(records, place.account);
const isRecord = (type: string, id: string) => (record: AwsRecord) => record.type === token(type) && record.id === id;

function refuse(
  on: Rule["on"],
  type: string,
  record: Pick<AwsRecord, "id" | "properties">,
  records: AwsRecord[],
  olds = {},
) {
  const words = refusal(on, type, { ...record, olds }, cloud(records));
  if (words) throw new Error(words);
}

function setStatus(type: string, id: string, status: string): void {
  changeRecords((records) => {
    const record = records.find(isRecord(type, id));
    if (record) record.status = status;
  });
}

/** Waits until a node group has its nodes and an add-on its pods, as AWS does after making or changing one. */
async function settle(type: string, id: string, properties: Properties): Promise<void> {
  if (type !== "eks/nodeGroup" && type !== "eks/addon") return;
  const refused = () => refusal("settle", type, { id, properties, olds: {} }, cloud(readRecords()));
  try {
    await until(PATIENCE, () => !refused()).catch(() => {
      throw new Error(refused());
    });
    if (type === "eks/nodeGroup") await syncNodes(String(properties.nodeGroupName), nodes(properties), PATIENCE);
    setStatus(type, id, "ACTIVE");
  } catch (error) {
    setStatus(type, id, type === "eks/addon" ? "DEGRADED" : "CREATE_FAILED");
    const why = (error as Error).message;
    throw new InitializationFailed(id, properties, `waiting for EKS ${id} to become 'ACTIVE': ${why}`);
  }
}

function nodes(properties: Properties) {
  const subnets = readRecords().filter(({ id }) => (properties.subnetIds as string[]).includes(id));
  return nodesOf(properties, place.region, subnets.map((subnet) => String(subnet.properties.availabilityZone)).sort());
}

/** Whether the driver has made access points of a file system. */
const hasClaims = (fileSystemId: unknown) =>
  cloud(readRecords())
    .users("efs/fileSystem", String(fileSystemId), "efs/accessPoint")
    .some(({ properties }) => Object(properties.tags)["efs.csi.aws.com/cluster"] === "true");

/** What `forceDestroy` does before it deletes a vault. A disk's recovery point is a snapshot. */
function emptyVault(vault: string, records: AwsRecord[]): void {
  for (const point of cloud(records).users("backup/vault", vault, "backup/recoveryPoint")) {
    refuse("delete", "backup/recoveryPoint", point, records);
    const kept = records.filter(({ id }) => id !== point.id && !point.id.endsWith(`snapshot/${id}`));
    records.splice(0, records.length, ...kept);
  }
}

/** What `forceDestroy` does before it deletes a bucket. */
function emptyBucket(bucket: string, records: AwsRecord[]): void {
  const kept = records.filter(({ type, properties }) => type !== OBJECT || properties.bucket !== bucket);
  records.splice(0, records.length, ...kept);
}

const standIn: StandIn = {
  name: "aws",
  version: "7.48.0",

  diffConfig(olds, news) {
    const replaces = olds.region === news.region ? [] : ["region"];
    return {
      changed: ["region", "defaultTags", "allowedAccountIds"].filter((key) => olds[key] !== news[key]),
      replaces,
    };
  },

  configure(config) {
    const account = process.env.EKS_STORAGE_ACCOUNT;
    if (!account) throw new Error("EKS_STORAGE_ACCOUNT must be the local account's id; npm run up:local sets it");
    const parsed = (key: string) => JSON.parse((config[key] ?? "null") as string) as unknown;
    const allowed = parsed("allowedAccountIds") as string[] | null;
    if (allowed && !allowed.includes(account)) throw new Error(`AWS account ID not allowed: ${account}`);
    const { tags = {} } = (parsed("defaultTags") ?? {}) as { tags?: Record<string, string> };
    const region = (config.region ?? process.env.AWS_REGION) as string | undefined;
    if (!region) throw new Error("Missing region configuration: set aws:region, or region on the provider");
    place = { account, region, defaultTags: tags };
    return Promise.resolve();
  },

  check({ type, name, news, olds }) {
    const known = typeOf(type);
    return Promise.resolve({ inputs: complete(known, name, news, olds, place), failures: wrongInputs(known, news) });
  },

  diff({ type, oldInputs, news }) {
    return Promise.resolve(difference(typeOf(type), oldInputs, news));
  },

  async create(request) {
    const type = typeOf(request.type);
    if (request.preview) return { id: "", properties: preview(type, request.news, place) };
    const made = changeRecords((records) => {
      const made = make(type, request.news, place, records);
      refuse("create", type.type, made, records);
      const before = type.overwrites ? records.findIndex(isRecord(type.type, made.id)) : -1;
      if (before >= 0) records.splice(before, 1);
      const status = type.type === "eks/nodeGroup" || type.type === "eks/addon" ? "CREATING" : "ACTIVE";
      records.push({ type: request.type, status, ...made, madeFor: request.urn });
      if (type.type === "eks/cluster") besideCluster(made, records);
      if (type.type === "efs/replicationConfiguration") setProtection(made.properties, "REPLICATING", records);
      return made;
    });
    await settle(type.type, made.id, made.properties);
    return made;
  },

  async read({ type, id: asked, inputs }) {
    // What is taken up from another region is asked for as ID@REGION.
    const [id = "", region] = asked.split("@");
    const record = readRecords().find(isRecord(typeOf(type).type, id));
    const isThere =
      typeOf(type).global || String(record?.properties.region) === (region ?? inputs.region ?? place.region);
    if (!record || !isThere) return undefined;
    const { properties, status } = record;
    // Its plugin was killed: AWS goes on by itself.
    if (status === "CREATING") await settle(typeOf(type).type, id, properties).catch(() => {});
    return { id, inputs: inputsOf(typeOf(type), inputs, properties), properties };
  },

  async update(request) {
    const type = typeOf(request.type);
    const properties = change(type, request, request.preview);
    if (request.preview) return properties;
    changeRecords((records) => {
      const record = records.find(isRecord(type.type, request.id));
      if (!record) throw new Error(`${request.id} does not exist any more: refresh the stack (pulumi refresh)`);
      refuse("change", type.type, { id: request.id, properties }, records, request.olds);
      if (isThroughputCut(request.olds, properties)) record.throughputChangedAt = new Date().toISOString();
      record.properties =
        type.type === "efs/fileSystem" ? keepProtection(record, request.olds, properties) : properties;
    });
    await settle(type.type, request.id, properties);
    return properties;
  },

  async delete(request) {
    const { type } = typeOf(request.type);
    const isThis = isRecord(type, request.id);
    const found = changeRecords((records) => {
      const record = records.find(isThis);
      if (type === "backup/vault" && record?.properties.forceDestroy) emptyVault(record.id, records);
      if (record) refuse("delete", type, record, records);
      const before = record && { ...record };
      if (record) record.status = "DELETING";
      return before;
    });
    if (!found) return;
    if (type === "eks/nodeGroup") await syncNodes(String(found.properties.nodeGroupName), [], PATIENCE);
    // It takes AWS a minute or two, in which the driver deletes the access points of claims that are gone.
    if (type === "efs/mountTarget") await until(5, () => !hasClaims(found.properties.fileSystemId)).catch(() => {});
    changeRecords((records) => {
      const index = records.findIndex(isThis);
      if (index >= 0) records.splice(index, 1);
      if (type === "efs/replicationConfiguration") setProtection(found.properties, "ENABLED", records);
      if (type === "eks/cluster") dropClusterGroup(request.id, records, place.account);
      if (type === "eks/nodeGroup") leaveInterfaces(found, records, place.account);
      if (type === "cloudwatch/logGroup")
        cloud(records)
          .all("eks/cluster")
          .forEach((one) => writeLogs(one, records));
      if (type === "s3/bucket") emptyBucket(request.id, records);
    });
  },

  invoke: (function_, args) => Promise.resolve(invoke(function_, args, place)),
};

serve(standIn);
