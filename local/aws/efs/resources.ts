import { privateIp } from "../ec2/addresses";
import { arn, referred, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";
import { endReplication, startReplication, untilClaimsAreGone, updateFileSystem } from "./sideEffects";

const fileSystemArn = arn("elasticfilesystem", "file-system/{fileSystemId}");
const sourceFileSystemArn = arn("elasticfilesystem", "file-system/{sourceFileSystemId}");

export const resources: ResourceTypes<Operation> = {
  "efs/fileSystem": {
    id: "fs-{hex}",
    replaces: "availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
    // Pulumi's provider, not Terraform's: https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go (AutoName)
    named: "creationToken",
    // AWS says REPLICATING, too, and reads it back: https://github.com/pulumi/pulumi-aws/issues/6041
    allowedValues: { "protection.replicationOverwrite": ["ENABLED", "DISABLED"] },
    computed: {
      arn: arn("elasticfilesystem", "file-system/{id}"),
      dnsName: "{id}.efs.{region}.amazonaws.com",
      performanceMode: "generalPurpose",
      protection: { replicationOverwrite: "ENABLED" },
    },
    calls: {
      create: ["CreateFileSystem", "PutLifecycleConfiguration"],
      update: ["UpdateFileSystem", "PutLifecycleConfiguration", "UpdateFileSystemProtection"],
      delete: ["DeleteFileSystem"],
    },
    sideEffects: { updated: updateFileSystem },
  },
  "efs/mountTarget": {
    id: "fsmt-{hex}",
    replaces: "fileSystemId subnetId ipAddress ipAddressType",
    deleteBeforeReplace: true,
    untagged: true,
    computed: {
      availabilityZoneName: (target) => referred(target, "ec2/subnet", "subnetId").availabilityZone,
      dnsName: "{fileSystemId}.efs.{region}.amazonaws.com",
      fileSystemArn,
      ipAddress: privateIp,
    },
    calls: { create: ["CreateMountTarget"] },
    sideEffects: { deleting: untilClaimsAreGone },
  },
  "efs/accessPoint": {
    id: "fsap-{hex}",
    replaces: "*",
    computed: { arn: arn("elasticfilesystem", "access-point/{id}"), fileSystemArn, rootDirectory: { path: "/" } },
    calls: { create: ["CreateAccessPoint"] },
  },
  "efs/backupPolicy": {
    id: "{fileSystemId}",
    replaces: "fileSystemId",
    untagged: true,
    calls: { create: ["PutBackupPolicy"] },
  },
  "efs/fileSystemPolicy": {
    id: "{fileSystemId}",
    replaces: "fileSystemId",
    untagged: true,
    calls: { create: ["PutFileSystemPolicy"], update: ["PutFileSystemPolicy"] },
  },
  "efs/replicationConfiguration": {
    id: "{sourceFileSystemId}",
    replaces: "*",
    untagged: true,
    computed: {
      creationTime: "{now}",
      "destination.status": "ENABLED",
      originalSourceFileSystemArn: sourceFileSystemArn,
      sourceFileSystemArn,
      sourceFileSystemRegion: "{region}",
    },
    calls: { create: ["CreateReplicationConfiguration"] },
    sideEffects: { created: startReplication, deleted: endReplication },
  },
};
