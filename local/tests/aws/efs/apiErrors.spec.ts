import { efs } from "../../../aws/efs";
import type { Properties } from "../../../plugins/properties";
import { type Case, record, testApiErrors } from "../../support/apiErrorCases";
import { mountTarget, securityGroup, subnet } from "../../support/awsResources";
import { policy } from "../../support/policies";

const fileSystem = (properties: Properties, id = "fs-11111111") =>
  record("efs/fileSystem", id, { throughputMode: "elastic", encrypted: true, ...properties });
const source = fileSystem({});
const copy = (replicationOverwrite: string, encrypted = true) =>
  fileSystem({ encrypted, protection: { replicationOverwrite } }, "fs-22222222");
const replication = record("efs/replicationConfiguration", "fs-11111111", {
  sourceFileSystemId: "fs-11111111",
  destination: { fileSystemId: "fs-22222222" },
});
const provisioned = (provisionedThroughputInMibps?: number) =>
  fileSystem({ throughputMode: "provisioned", provisionedThroughputInMibps });
const archived = (properties: Properties = {}, toIa: string | undefined = "AFTER_30_DAYS") =>
  fileSystem({
    lifecyclePolicies: [...(toIa ? [{ transitionToIa: toIa }] : []), { transitionToArchive: "AFTER_90_DAYS" }],
    ...properties,
  });
const policyFor = (role: string) =>
  record("efs/fileSystemPolicy", "fs-11111111", {
    fileSystemId: "fs-11111111",
    policy: policy({ Effect: "Allow", Principal: { AWS: role }, Action: "elasticfilesystem:ClientMount" }),
  });
const role = record("iam/role", "nodes", { arn: "arn:aws:iam::1:role/nodes" });

const hoursAgo = (hours: number) => ({
  ...provisioned(100),
  throughputChangedAt: new Date(Date.now() - hours * 60 * 60 * 1000).toISOString(),
});

const files = record("efs/fileSystem", "fs-11111111");
const accessPoint = (path: string) =>
  record("efs/accessPoint", "fsap-11111111", { fileSystemId: "fs-11111111", rootDirectory: { path } });
const regional = (id: string, region: string) => record("efs/fileSystem", id, { region });
const between = (source: string, destination: string) =>
  record("efs/replicationConfiguration", "fs-11111111", {
    region: source,
    destination: { fileSystemId: "fs-22222222", region: destination },
  });

testApiErrors("EFS", efs, [
  ...["CreateFileSystem", "UpdateFileSystem"].flatMap((operation) => [
    ...[undefined, 0.5, 3415].map((mibps): Case => {
      return {
        operation,
        request: provisioned(mibps),
        olds: provisioned(1).properties,
        refused: /^BadRequest: Provisioned throughput must be between 1 and 3414/,
        accepted: { request: provisioned(3414) },
      };
    }),
    ...[{ throughputMode: "elastic" }, { throughputMode: "bursting", availabilityZoneName: "a" }].map((wrong): Case => {
      const maxIo = (properties: Properties) =>
        record("efs/fileSystem", "fs-11111111", { performanceMode: "maxIO", ...properties });
      const accepted = { request: maxIo({ throughputMode: "bursting" }) };
      return { operation, request: maxIo(wrong), refused: /^BadRequest: Max I\/O/, accepted };
    }),
  ]),
  {
    operation: "CreateFileSystem",
    request: record("efs/fileSystem", "fs-11111111", { creationToken: "files" }),
    existing: [record("efs/fileSystem", "other", { creationToken: "files" })],
    refused: /^FileSystemAlreadyExists: .*token 'files'/,
  },
  ...[
    archived({ throughputMode: "bursting" }),
    archived({ performanceMode: "maxIO", throughputMode: "bursting" }),
    archived({}, ""),
    archived({}, "AFTER_90_DAYS"),
  ].map((request): Case => {
    const refused = /^BadRequest: Archive needs elastic/;
    return { operation: "PutLifecycleConfiguration", request, refused, accepted: { request: archived() } };
  }),
  {
    operation: "PutFileSystemPolicy",
    request: { ...policyFor(""), properties: { policy: policy({ Effect: "Allow", Action: "everything" }) } },
    refused: /^InvalidPolicyException: .*action.*\(Statement/i,
    accepted: { request: policyFor("*") },
  },
  {
    operation: "PutFileSystemPolicy",
    request: policyFor("arn:aws:iam::1:role/nodes"),
    refused: /^InvalidPolicyException: Invalid principal/,
    accepted: { existing: [role] },
  },
  // Both are allowed again a day later; more is always.
  ...[provisioned(99), fileSystem({ throughputMode: "bursting" })].map((request): Case => {
    return {
      operation: "UpdateFileSystem",
      request,
      olds: provisioned(100).properties,
      existing: [hoursAgo(23)],
      refused: /^TooManyRequests: You have reached the maximum number/,
      accepted: { existing: [hoursAgo(25)] },
    };
  }),
  {
    operation: "UpdateFileSystem",
    request: provisioned(99),
    olds: provisioned(100).properties,
    existing: [hoursAgo(1)],
    refused: /^TooManyRequests/,
    accepted: { request: provisioned(101) },
  },
  {
    operation: "DeleteFileSystem",
    request: files,
    existing: [mountTarget],
    refused: /^FileSystemInUse: File system 'fs-11111111' has mount targets/,
  },
  {
    operation: "DeleteFileSystem",
    request: files,
    existing: [accessPoint("/a")],
    refused: /^FileSystemInUse: File system 'fs-11111111' has access points/,
  },
  ...[source, copy("REPLICATING")].map((request): Case => {
    const refused = /^FileSystemInUse: File system 'fs-\d{8}' is part of a replication/;
    return { operation: "DeleteFileSystem", request, existing: [replication], refused };
  }),
  {
    operation: "CreateMountTarget",
    request: { ...mountTarget, id: "fsmt-2" },
    existing: [files, subnet, securityGroup, mountTarget],
    refused: /^MountTargetConflict: mount target already exists in this AZ/,
    accepted: { existing: [files, subnet, securityGroup] },
  },
  {
    operation: "CreateAccessPoint",
    request: accessPoint("/a"),
    refused: /^FileSystemNotFound: File system 'fs-11111111' does not exist/,
    accepted: { existing: [files] },
  },
  ...[[copy("DISABLED")], [source]].map((existing): Case => {
    return {
      operation: "CreateReplicationConfiguration",
      request: replication,
      existing,
      refused: /^FileSystemNotFound: File system 'fs-\d{8}' does not exist/,
      accepted: { existing: [source, copy("DISABLED")] },
    };
  }),
  {
    operation: "CreateReplicationConfiguration",
    request: replication,
    existing: [source, copy("DISABLED"), { ...replication, id: "fs-00000000" }],
    refused: /^ReplicationAlreadyExists/,
    accepted: { existing: [source, copy("DISABLED")] },
  },
  {
    operation: "CreateReplicationConfiguration",
    request: replication,
    existing: [source, copy("ENABLED")],
    refused: /^BadRequest: .*overwrite protection must be disabled/,
    accepted: { existing: [source, copy("DISABLED")] },
  },
  {
    operation: "CreateReplicationConfiguration",
    request: replication,
    existing: [source, copy("DISABLED", false)],
    refused: /^ConflictException: The source file system is encrypted/,
    accepted: { existing: [source, copy("DISABLED")] },
  },
  ...["DescribeReplicationConfigurations", "DeleteReplicationConfiguration"].map((operation): Case => {
    return {
      operation,
      request: between("eu-west-1", "eu-central-1"),
      existing: [between("us-east-1", "us-west-2")],
      refused: /^ReplicationNotFound: There is no replication of fs-11111111 in eu-west-1/,
      accepted: { existing: [between("us-east-1", "eu-west-1")] },
    };
  }),
  {
    operation: "DeleteReplicationConfiguration",
    request: { ...between("eu-west-1", "eu-central-1"), id: "fs-22222222" },
    existing: [between("eu-west-1", "eu-central-1")],
    refused: /^ReplicationNotFound: fs-22222222 is no source/,
    accepted: { request: between("eu-west-1", "eu-central-1") },
  },
  {
    operation: "UpdateFileSystemProtection",
    request: copy("DISABLED"),
    olds: copy("REPLICATING").properties,
    existing: [copy("REPLICATING"), replication],
    refused: /^ReplicationAlreadyExists: ReplicationOverwriteProtection cannot be changed/,
    // Of other properties, and of another file system, it can.
    accepted: { request: copy("REPLICATING") },
  },
  {
    operation: "DescribeAccessPoints",
    request: record("efs/accessPoint", "fsap-11111111", { region: "eu-west-1" }),
    existing: [record("efs/accessPoint", "fsap-11111111", { region: "eu-central-1" })],
    refused: /^AccessPointNotFound: Access point 'fsap-11111111' does not exist/,
    accepted: { existing: [record("efs/accessPoint", "fsap-11111111", { region: "eu-west-1" })] },
  },
  ...["DescribeFileSystems", "UpdateFileSystemProtection"].map((operation): Case => {
    return {
      operation,
      request: regional("fs-11111111", "eu-west-1"),
      existing: [regional("fs-11111111", "eu-central-1")],
      refused: /^FileSystemNotFound: File system 'fs-11111111' does not exist/,
      accepted: { existing: [regional("fs-11111111", "eu-west-1")] },
    };
  }),
]);
