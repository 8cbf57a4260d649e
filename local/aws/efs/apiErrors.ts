import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../plugins/plugin";
import type { Cloud } from "../account";
import { at } from "../../plugins/aws/resource";
import type { Rule } from "../apiErrors";

const GUIDE = "https://docs.aws.amazon.com/efs/latest/ug/";
const DAY = 24 * 60 * 60 * 1000;

/** A change that AWS allows once in 24 hours: another throughput mode, or less provisioned throughput. */
export function isThroughputCut(olds: Properties, news: Properties): boolean {
  const isMoved = olds.throughputMode !== undefined && olds.throughputMode !== news.throughputMode;
  return isMoved || Number(news.provisionedThroughputInMibps) < Number(olds.provisionedThroughputInMibps);
}

/** Days after which files leave for a storage class; undefined: never. */
function daysUntil(transition: string, { lifecyclePolicies = [] }: Properties): number | undefined {
  const policy = (lifecyclePolicies as Properties[]).find((it) => it[transition] !== undefined);
  return policy && Number(/\d+/.exec(String(policy[transition]))?.[0]);
}

const destinationOf = (replication: Properties, cloud: Cloud) =>
  cloud.find("efs/fileSystem", at(replication, "destination.fileSystemId"))?.properties;

/** The roles that a policy names, by ARN. */
function rolesNamed(policy: unknown): string[] {
  const { Statement } = JSON.parse(String(policy)) as {
    Statement: { Principal: string | { AWS?: string | string[] } }[];
  };
  const principals = Statement.flatMap(({ Principal }) =>
    typeof Principal === "string" ? [] : [Principal.AWS].flat(),
  );
  return principals.filter((principal) => principal?.includes(":role/")) as string[];
}

const onCreateAndChange = (rule: Omit<Rule, "on">): Rule[] => [
  { on: "create", ...rule },
  { on: "change", ...rule },
];

/** What EFS refuses, beyond duplicates and things in use. */
export const efsRules: Rule[] = [
  ...onCreateAndChange({
    type: "efs/fileSystem",
    error: "BadRequest",
    says: "Provisioned throughput must be between 1 and 3414 MiB/s, and be given with the throughput mode provisioned.",
    page: `${GUIDE}API_CreateFileSystem.html`,
    when: ({ properties: { throughputMode, provisionedThroughputInMibps: mibps } }) =>
      throughputMode === "provisioned" && !(Number(mibps) >= 1 && Number(mibps) <= 3414),
  }),
  ...onCreateAndChange({
    type: "efs/fileSystem",
    error: "BadRequest",
    says: "Archive needs elastic throughput, general purpose performance, and a transition to IA that comes earlier.",
    page: `${GUIDE}API_PutLifecycleConfiguration.html`,
    when: ({ properties }) => {
      const archive = daysUntil("transitionToArchive", properties);
      if (archive === undefined) return false;
      const isPossible = properties.throughputMode === "elastic" && properties.performanceMode !== "maxIO";
      return !isPossible || !((daysUntil("transitionToIa", properties) ?? Infinity) < archive);
    },
  }),
  {
    on: "change",
    type: "efs/fileSystem",
    error: "TooManyRequests",
    says: "You have reached the maximum number of throughput mode changes or provisioned throughput value decreases. Wait 24 hours and try again.",
    page: `${GUIDE}API_UpdateFileSystem.html`,
    when: ({ id, olds, properties }, cloud) => {
      const last = cloud.find("efs/fileSystem", id)?.throughputChangedAt;
      return isThroughputCut(olds, properties) && last !== undefined && Date.now() - Date.parse(last) < DAY;
    },
  },
  ...onCreateAndChange({
    type: "efs/fileSystemPolicy",
    error: "InvalidPolicyException",
    says: "Invalid principal in policy: it names a role that does not exist.",
    page: `${GUIDE}API_PutFileSystemPolicy.html`,
    when: ({ properties }, cloud) => {
      const roles = cloud.all("iam/role").map((role) => role.properties.arn);
      return rolesNamed(properties.policy).some((role) => !roles.includes(role));
    },
  }),
  {
    on: "create",
    type: "efs/replicationConfiguration",
    error: "ReplicationAlreadyExists",
    says: "The file system is already included in a replication configuration.",
    page: `${GUIDE}API_CreateReplicationConfiguration.html`,
    when: ({ properties }, cloud) =>
      [properties.sourceFileSystemId, at(properties, "destination.fileSystemId")].some(
        (id) => cloud.users("efs/fileSystem", String(id), "efs/replicationConfiguration").length > 0,
      ),
  },
  {
    on: "change",
    type: "efs/fileSystem",
    error: "ReplicationAlreadyExists",
    says: "ReplicationOverwriteProtection cannot be changed while the file system is a replication destination.",
    page: `${GUIDE}API_UpdateFileSystemProtection.html`,
    when: ({ id, olds, properties }, cloud) =>
      !isDeepStrictEqual(olds.protection, properties.protection) &&
      cloud.all("efs/replicationConfiguration").some((it) => at(it.properties, "destination.fileSystemId") === id),
  },
  {
    on: "create",
    type: "efs/replicationConfiguration",
    error: "BadRequest",
    says: "The destination file system's replication overwrite protection must be disabled.",
    page: `${GUIDE}replicate-existing-destination.html`,
    when: ({ properties }, cloud) =>
      at(destinationOf(properties, cloud) ?? {}, "protection.replicationOverwrite") !== "DISABLED",
  },
  {
    on: "create",
    type: "efs/replicationConfiguration",
    error: "ConflictException",
    says: "The source file system is encrypted but the destination file system is unencrypted.",
    page: `${GUIDE}API_CreateReplicationConfiguration.html`,
    when: ({ properties }, cloud) =>
      cloud.find("efs/fileSystem", properties.sourceFileSystemId)?.properties.encrypted === true &&
      destinationOf(properties, cloud)?.encrypted !== true,
  },
];
