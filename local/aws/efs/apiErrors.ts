import { isDeepStrictEqual } from "node:util";
import { type Properties, valueAt } from "../../plugins/properties";
import type { Account } from "../account";
import { type ApiError, type ApiErrors, exists, isReferredTo } from "../apiErrors";
import { malformed } from "../iam/malformed";
import { list, statementsOf } from "../iam/policies";
import { replicationAt } from "./replications";
import { isThroughputLowered, wasLoweredToday } from "./throughput";

const GUIDE = "https://docs.aws.amazon.com/efs/latest/ug/";

export const page = (operation: string) => `${GUIDE}API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationException" };

/** @param path where the request has the file system's id. @param region where it has its region, if anywhere. */
const fileSystemNotFound = (path: string, region = "region"): ApiError => ({
  code: "FileSystemNotFound",
  message: `File system '{${path}}' does not exist.`,
  when: ({ id, properties }, account) => {
    const found = account.find("efs/fileSystem", valueAt({ ...properties, id }, path));
    return !found || ![undefined, found.properties.region].includes(valueAt(properties, region));
  },
});

const provisionedThroughput: ApiError = {
  code: "BadRequest",
  message:
    "Provisioned throughput must be between 1 and 3414 MiB/s, and be given with the throughput mode provisioned.",
  when: ({ properties: { throughputMode, provisionedThroughputInMibps: mibps } }) =>
    throughputMode === "provisioned" && !(Number(mibps) >= 1 && Number(mibps) <= 3414),
};

const maxIo: ApiError = {
  code: "BadRequest",
  message: "Max I/O supports neither elastic throughput nor One Zone storage.",
  when: ({ properties }) =>
    properties.performanceMode === "maxIO" &&
    (properties.throughputMode === "elastic" || properties.availabilityZoneName !== undefined),
};

const replicationNotFound: ApiError = {
  code: "ReplicationNotFound",
  message: "There is no replication of {id} in {region}",
  when: ({ id, properties }, account) => !replicationAt(id, properties.region, account),
};

/** Days after which files leave for a storage class; undefined: never. */
function daysUntil(transition: string, { lifecyclePolicies = [] }: Properties): number | undefined {
  const policy = (lifecyclePolicies as Properties[]).find((it) => it[transition] !== undefined);
  return policy && Number(/\d+/.exec(String(policy[transition]))?.[0]);
}

/** The roles that a policy names, by ARN. */
const rolesNamed = (policy: unknown) =>
  statementsOf(policy)
    .flatMap(({ Principal }) => (typeof Principal === "object" ? list(Principal.AWS) : []))
    .filter((principal) => principal.includes(":role/"));

const sourceFileSystem = ({ sourceFileSystemId }: Properties, account: Account) =>
  account.find("efs/fileSystem", sourceFileSystemId)?.properties;

const destinationFileSystem = (replication: Properties, account: Account) =>
  account.find("efs/fileSystem", valueAt(replication, "destination.fileSystemId"))?.properties;

const isReplicated = (id: unknown, account: Account) =>
  ["sourceFileSystemId", "destination.fileSystemId"].some(
    (path) => account.where("efs/replicationConfiguration", path, id).length > 0,
  );

export const errors = {
  CreateAccessPoint: [fileSystemNotFound("fileSystemId")],
  CreateFileSystem: [
    {
      code: "FileSystemAlreadyExists",
      message: "File system already exists with creation token '{creationToken}'",
      when: exists("efs/fileSystem", "creationToken"),
    },
    provisionedThroughput,
    maxIo,
  ],
  CreateMountTarget: [
    {
      code: "MountTargetConflict",
      message: "mount target already exists in this AZ",
      when: ({ properties }, account) =>
        account
          .where("efs/mountTarget", "fileSystemId", properties.fileSystemId)
          .some((other) => other.properties.availabilityZoneName === properties.availabilityZoneName),
    },
  ],
  CreateReplicationConfiguration: [
    fileSystemNotFound("sourceFileSystemId"),
    fileSystemNotFound("destination.fileSystemId", "destination.region"),
    {
      code: "ReplicationAlreadyExists",
      message: "The file system is already included in a replication configuration.",
      when: ({ properties }, account) =>
        [properties.sourceFileSystemId, valueAt(properties, "destination.fileSystemId")].some((id) =>
          isReplicated(id, account),
        ),
    },
    {
      code: "BadRequest",
      message: "The destination file system's replication overwrite protection must be disabled.",
      page: `${GUIDE}replicate-existing-destination.html`,
      when: ({ properties }, account) =>
        valueAt(destinationFileSystem(properties, account), "protection.replicationOverwrite") !== "DISABLED",
    },
    {
      code: "ConflictException",
      message: "The source file system is encrypted but the destination file system is unencrypted.",
      when: ({ properties }, account) =>
        sourceFileSystem(properties, account)?.encrypted === true &&
        destinationFileSystem(properties, account)?.encrypted !== true,
    },
  ],
  DeleteFileSystem: [
    {
      code: "FileSystemInUse",
      message: "File system '{id}' has mount targets created in it.",
      when: isReferredTo("efs/mountTarget", "fileSystemId"),
    },
    {
      code: "FileSystemInUse",
      message: "File system '{id}' is part of a replication configuration.",
      page: `${GUIDE}delete-replications.html`,
      when: ({ id }, account) => isReplicated(id, account),
    },
    // Stricter than AWS may be: the guide asks that they be deleted first, the API reference names mount targets alone.
    {
      code: "FileSystemInUse",
      message: "File system '{id}' has access points created for it.",
      page: `${GUIDE}delete-efs-fs.html`,
      when: isReferredTo("efs/accessPoint", "fileSystemId"),
    },
  ],
  DeleteReplicationConfiguration: [
    replicationNotFound,
    {
      code: "ReplicationNotFound",
      message: "{id} is no source",
      when: ({ id }, account) => !account.find("efs/replicationConfiguration", id),
    },
  ],
  DescribeAccessPoints: [
    {
      code: "AccessPointNotFound",
      message: "Access point '{id}' does not exist.",
      when: ({ id, properties }, account) =>
        account.find("efs/accessPoint", id)?.properties.region !== properties.region,
    },
  ],
  DescribeFileSystems: [fileSystemNotFound("id")],
  DescribeReplicationConfigurations: [replicationNotFound],
  PutFileSystemPolicy: [
    malformed("InvalidPolicyException", "policy", "resource"),
    {
      code: "InvalidPolicyException",
      message: "Invalid principal in policy: it names a role that does not exist.",
      when: ({ properties }, account) =>
        rolesNamed(properties.policy).some((role) => account.where("iam/role", "arn", role).length === 0),
    },
  ],
  PutLifecycleConfiguration: [
    {
      code: "BadRequest",
      message:
        "Archive needs elastic throughput, general purpose performance, and a transition to IA that comes earlier.",
      when: ({ properties }) => {
        const archive = daysUntil("transitionToArchive", properties);
        if (archive === undefined) return false;
        const isPossible = properties.throughputMode === "elastic" && properties.performanceMode !== "maxIO";
        return !isPossible || !((daysUntil("transitionToIa", properties) ?? Infinity) < archive);
      },
    },
  ],
  UpdateFileSystem: [
    provisionedThroughput,
    {
      code: "TooManyRequests",
      message:
        "You have reached the maximum number of throughput mode changes or provisioned throughput value decreases. Wait 24 hours and try again.",
      when: ({ id, olds, properties }, account) =>
        isThroughputLowered(olds, properties) && wasLoweredToday(account.find("efs/fileSystem", id)),
    },
    maxIo,
  ],
  UpdateFileSystemProtection: [
    fileSystemNotFound("id"),
    {
      code: "ReplicationAlreadyExists",
      message: "ReplicationOverwriteProtection cannot be changed while the file system is a replication destination.",
      when: ({ id, olds, properties }, account) =>
        !isDeepStrictEqual(olds.protection, properties.protection) &&
        account.where("efs/replicationConfiguration", "destination.fileSystemId", id).length > 0,
    },
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
