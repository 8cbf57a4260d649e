import { privateIp } from "../ec2/resources";
import { arn, referred, type ResourceTypes } from "../service";

const ofFileSystem = "fileSystemId:efs/fileSystem";
const fileSystemArn = arn("elasticfilesystem", "file-system/{fileSystemId}");

export const storage: ResourceTypes = {
  "efs/fileSystem": {
    id: "fs-{hex}",
    replaces: "availabilityZoneName creationToken encrypted kmsKeyId performanceMode",
    named: "creationToken",
    unique: "creationToken",
    // AWS says REPLICATING, too, and reads it back: https://github.com/pulumi/pulumi-aws/issues/6041
    takes: { "protection.replicationOverwrite": ["ENABLED", "DISABLED"] },
    computed: {
      arn: arn("elasticfilesystem", "file-system/{id}"),
      dnsName: "{id}.efs.{region}.amazonaws.com",
      performanceMode: "generalPurpose",
      protection: { replicationOverwrite: "ENABLED" },
    },
  },
  "efs/mountTarget": {
    id: "fsmt-{hex}",
    replaces: "fileSystemId subnetId ipAddress ipAddressType",
    deletedFirst: true,
    untagged: true,
    refersTo: `${ofFileSystem} subnetId:ec2/subnet securityGroups:ec2/securityGroup`,
    computed: {
      availabilityZoneName: (made) => referred(made, "ec2/subnet", "subnetId").availabilityZone,
      dnsName: "{fileSystemId}.efs.{region}.amazonaws.com",
      fileSystemArn,
      ipAddress: privateIp,
    },
  },
  "efs/accessPoint": {
    id: "fsap-{hex}",
    replaces: "*",
    refersTo: ofFileSystem,
    computed: { arn: arn("elasticfilesystem", "access-point/{id}"), fileSystemArn, rootDirectory: { path: "/" } },
  },
  "efs/replicationConfiguration": {
    id: "{sourceFileSystemId}",
    replaces: "*",
    untagged: true,
    refersTo: "sourceFileSystemId:efs/fileSystem destination.fileSystemId:efs/fileSystem",
    computed: {
      creationTime: "{now}",
      "destination.status": "ENABLED",
      originalSourceFileSystemArn: arn("elasticfilesystem", "file-system/{sourceFileSystemId}"),
      sourceFileSystemArn: arn("elasticfilesystem", "file-system/{sourceFileSystemId}"),
      sourceFileSystemRegion: "{region}",
    },
  },
  "efs/fileSystemPolicy": { id: "{fileSystemId}", replaces: "fileSystemId", untagged: true, refersTo: ofFileSystem },
  "ssm/parameter": {
    id: "{name}",
    replaces: "name",
    unique: "name",
    computed: { arn: arn("ssm", "parameter{name}"), version: 1, tier: "Standard" },
  },
  "cloudwatch/logGroup": {
    id: "{name}",
    replaces: "name namePrefix",
    named: "name",
    unique: "name",
    computed: { arn: arn("logs", "log-group:{name}") },
  },
};
