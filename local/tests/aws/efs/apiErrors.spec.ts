import type { Properties } from "../../../plugins/plugin";
import { type Case, record } from "../apiErrorCases";

const fileSystem = (properties: Properties, id = "fs-1") =>
  record("efs/fileSystem", id, { throughputMode: "elastic", encrypted: true, ...properties });
const source = fileSystem({});
const copy = (replicationOverwrite: string, encrypted = true) =>
  fileSystem({ encrypted, protection: { replicationOverwrite } }, "fs-2");
const replication = record("efs/replicationConfiguration", "fs-1", {
  sourceFileSystemId: "fs-1",
  destination: { fileSystemId: "fs-2" },
});
const provisioned = (provisionedThroughputInMibps?: number) =>
  fileSystem({ throughputMode: "provisioned", provisionedThroughputInMibps });
const archived = (properties: Properties = {}, toIa: string | undefined = "AFTER_30_DAYS") =>
  fileSystem({
    lifecyclePolicies: [...(toIa ? [{ transitionToIa: toIa }] : []), { transitionToArchive: "AFTER_90_DAYS" }],
    ...properties,
  });
const policyFor = (role: string) =>
  record("efs/fileSystemPolicy", "fs-1", {
    fileSystemId: "fs-1",
    policy: JSON.stringify({ Statement: [{ Principal: { AWS: role } }] }),
  });
const role = record("iam/role", "nodes", { arn: "arn:aws:iam::1:role/nodes" });

const hoursAgo = (hours: number) => ({
  ...provisioned(100),
  throughputChangedAt: new Date(Date.now() - hours * 60 * 60 * 1000).toISOString(),
});

export const efsCases: Case[] = [
  ...(["create", "change"] as const).flatMap((on): Case[] => [
    ...[undefined, 0.5, 3415].map((mibps): Case => {
      const refused = /^BadRequest: Provisioned throughput must be between 1 and 3414/;
      return {
        on,
        thing: provisioned(mibps),
        olds: provisioned(1).properties,
        refused,
        accepted: { thing: provisioned(3414) },
      };
    }),
    ...[
      archived({ throughputMode: "bursting" }),
      archived({ performanceMode: "maxIO", throughputMode: "bursting" }),
      archived({}, ""),
      archived({}, "AFTER_90_DAYS"),
    ].map((thing): Case => {
      const refused = thing.properties.performanceMode ? /^BadRequest: Archive/ : /^BadRequest: Archive needs elastic/;
      return { on, thing, refused, accepted: { thing: archived() } };
    }),
    {
      on,
      thing: policyFor("arn:aws:iam::1:role/nodes"),
      refused: /^InvalidPolicyException: Invalid principal/,
      accepted: { others: [role] },
    },
  ]),
  // Both are allowed again a day later; more is always.
  ...[provisioned(99), fileSystem({ throughputMode: "bursting" })].map((thing): Case => {
    const refused = /^TooManyRequests: You have reached the maximum number/;
    const olds = provisioned(100).properties;
    return { on: "change", thing, olds, others: [hoursAgo(23)], refused, accepted: { others: [hoursAgo(25)] } };
  }),
  {
    on: "change",
    thing: provisioned(99),
    olds: provisioned(100).properties,
    others: [hoursAgo(1)],
    refused: /^TooManyRequests/,
    accepted: { thing: provisioned(101) },
  },
  ...[source, copy("REPLICATING")].map((thing): Case => {
    const refused = /^FileSystemInUse: File system 'fs-\d' is part of a replication/;
    return { on: "delete", thing, others: [replication], refused };
  }),
  {
    on: "create",
    thing: replication,
    others: [source, copy("DISABLED"), { ...replication, id: "fs-0" }],
    refused: /^ReplicationAlreadyExists/,
    accepted: { others: [source, copy("DISABLED")] },
  },
  {
    on: "change",
    thing: copy("DISABLED"),
    olds: copy("REPLICATING").properties,
    others: [replication],
    refused: /^ReplicationAlreadyExists: ReplicationOverwriteProtection cannot be changed/,
    // Of other things, and of another file system, it can.
    accepted: { thing: copy("REPLICATING") },
  },
  {
    on: "create",
    thing: replication,
    others: [source, copy("ENABLED")],
    refused: /^BadRequest: .*overwrite protection must be disabled/,
    accepted: { others: [source, copy("DISABLED")] },
  },
  {
    on: "create",
    thing: replication,
    others: [source, copy("DISABLED", false)],
    refused: /^ConflictException: The source file system is encrypted/,
    accepted: { others: [source, copy("DISABLED")] },
  },
];
