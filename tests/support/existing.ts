/** Ids of existing resources, by configuration key. */
export interface ExistingResources {
  existingVpcId: string;
  existingPrivateSubnetIds: Record<string, string>;
  existingClusterName: string;
  existingFileSystemId: string;
  existingBucketName: string;
  existingKeyArn: string;
}

interface Existing {
  changes: Record<string, unknown>;
  /** The configuration of a stack that makes such a resource itself. */
  instead?: Record<string, unknown>;
  /** Types and names of what such a dev makes. */
  notMade: RegExp;
}

/** The existing resources that a stack can use: the configuration that names each, and what the stack then doesn't make. */
export function existingOf(existingResources: ExistingResources): Record<string, Existing> {
  const { existingVpcId, existingPrivateSubnetIds, existingClusterName } = existingResources;
  const { existingFileSystemId, existingBucketName, existingKeyArn } = existingResources;
  const vpc = { existingVpcId, existingPrivateSubnetIds };
  return {
    "a VPC": {
      changes: vpc,
      notMade: /^aws:ec2\/(vpc|subnet|natGateway|internetGateway|route|eip|flowLog)|index:Network /,
    },
    "a VPC with a cluster": {
      changes: { ...vpc, existingClusterName },
      notMade: /^aws:ec2\/(vpc|subnet|natGateway|internetGateway|route|eip|flowLog|launchTemplate)|^eks:|nodeGroup/,
    },
    "a file system": {
      changes: { existingFileSystemId },
      notMade: /^aws:efs\/(fileSystem|fileSystemPolicy|backupPolicy|replicationConfiguration):/,
    },
    "a bucket": {
      changes: { assetsStorage: "s3", existingBucketName },
      instead: { assetsStorage: "s3" },
      notMade: /^aws:s3\//,
    },
    "a KMS key": {
      changes: { encryptionKey: "customer", existingKeyArn },
      instead: { encryptionKey: "customer" },
      // The cluster's secrets and the backups have keys of their own.
      notMade: /^aws:kms\/\S+ eks-storage-dev$/,
    },
  };
}

/** Each existing resource alone, and each pair of them, as a configuration. */
export function aloneAndInPairs(existing: Record<string, Existing>) {
  const names = Object.keys(existing);
  const combinations = names.flatMap((one, index) => names.slice(index).map((other) => [...new Set([one, other])]));
  return combinations.map((combination) => ({
    names: combination,
    changes: Object.assign({}, ...combination.map((name) => existing[name]!.changes)) as Record<string, unknown>,
    notMade: combination.map((name) => existing[name]!.notMade),
  }));
}
