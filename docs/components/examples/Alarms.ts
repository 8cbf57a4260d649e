// Alarms on a file system, its clients and its backups, to a topic of yours.
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

const config = new pulumi.Config();
const accountId = config.require("accountId");
const topicArn = config.require("topicArn");

const files = new storage.FileSystem("files", {
  vpcId: "vpc-0123456789abcdef0",
  zones: ["eu-west-1a", "eu-west-1b"],
  subnetIds: { "eu-west-1a": "subnet-0123456789abcdef0", "eu-west-1b": "subnet-0fedcba9876543210" },
  accessPoints: { images: { path: "/images", identity: { uid: 1000, gid: 1000 } } },
  retention: storage.Retention.Retain,
});
new storage.FileSystemClients("clients", {
  securityGroupId: files.securityGroupId,
  clients: { nodes: "sg-0123456789abcdef0" },
});
const backups = new storage.Backups("backups", {
  vaultName: "shop-prod",
  accountId,
  fileSystem: { id: files.fileSystemId, arn: files.fileSystemArn },
  tagValue: "shop-prod",
  retentionInDays: 35,
  retention: storage.Retention.Retain,
});
new storage.Alarms("alarms", {
  topicArn,
  fileSystemId: files.fileSystemId,
  throughputMode: storage.ThroughputMode.Elastic,
  hasClients: true,
  backupVaultName: backups.vaultName,
});
