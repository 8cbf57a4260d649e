import { EncryptionKeyOwner } from "../../components/kms/encryptionKeyOwner";
import { validateSubnetIds } from "../../components/network/subnets";
import { partitionOf } from "../../components/partitions";
import { AssetsStorage } from "../../components/workloads/assetsStorage";
import { listed, constraint } from "./constraint";

/** Settings of a file system that the stack makes, or of a replica of it. */
const FILE_SYSTEM_SETTINGS = [
  "adoptFileSystemId",
  "efsReplicaRegion",
  "efsThroughputMode",
  "efsProvisionedThroughputInMibps",
  "efsToInfrequentAccess",
  "efsToArchive",
  "efsBackOnAccess",
] as const;

/** Constraints on existing resources, which the stack uses and their owners manage: docs/existing.md. */
export const existingConstraints = [
  constraint({
    id: "existing-vpc",
    key: "existingPrivateSubnetIds",
    title: "An existing VPC is set with a private subnet in every zone.",
    reads: ["existingVpcId", "existingPrivateSubnetIds", "zones"],
    check: ({ existingVpcId, existingPrivateSubnetIds, zones }) => {
      if (existingVpcId !== undefined) {
        return validateSubnetIds(zones, existingPrivateSubnetIds, "existingPrivateSubnetIds");
      }
      return (
        Object.keys(existingPrivateSubnetIds).length > 0 && {
          expected: "left out unless existingVpcId is set",
          fix: "Set existingVpcId to the VPC of these subnets.",
        }
      );
    },
  }),
  constraint({
    id: "existing-cluster",
    key: "existingClusterName",
    title: "An existing cluster is set with its VPC.",
    reads: ["existingClusterName", "existingVpcId"],
    check: ({ existingClusterName, existingVpcId }) =>
      existingClusterName !== undefined &&
      existingVpcId === undefined && {
        expected: "left out unless existingVpcId and existingPrivateSubnetIds are set",
        fix: "Its nodes reach a file system in their own VPC only: set both to the cluster's VPC.",
      },
  }),
  constraint({
    id: "existing-cluster-access",
    key: "existingClusterName",
    title: "Who may use an existing cluster is its owner's decision.",
    reads: ["existingClusterName", "administrators", "viewers"],
    check: ({ existingClusterName }, { isDefault }) =>
      existingClusterName !== undefined &&
      !(isDefault("administrators") && isDefault("viewers")) && {
        expected: "left out unless administrators and viewers are empty",
        fix: "The cluster's owner decides who may use it: remove administrators and viewers.",
      },
  }),
  constraint({
    id: "existing-file-system",
    key: "existingFileSystemId",
    title: "How an existing file system works, and whether it is replicated, is its owner's decision.",
    reads: ["existingFileSystemId", ...FILE_SYSTEM_SETTINGS],
    check: (settings, { isDefault }) => {
      const others = FILE_SYSTEM_SETTINGS.filter((key) => !isDefault(key));
      return (
        settings.existingFileSystemId !== undefined &&
        others.length > 0 && {
          expected: `left out with ${listed(others)}`,
          fix: "The file system's owner decides these: remove them, or remove existingFileSystemId for a file system of the stack's own.",
        }
      );
    },
  }),
  constraint({
    id: "existing-mount-targets",
    key: "existingFileSystemSecurityGroupId",
    title: "The security group of existing mount targets is set with their file system and VPC.",
    reads: ["existingFileSystemSecurityGroupId", "existingFileSystemId", "existingVpcId"],
    check: ({ existingFileSystemSecurityGroupId, existingFileSystemId, existingVpcId }) =>
      existingFileSystemSecurityGroupId !== undefined &&
      (existingFileSystemId === undefined || existingVpcId === undefined) && {
        expected: "left out unless existingFileSystemId and existingVpcId are set",
        fix: "Nodes reach mount targets in their own VPC only. For a file system without mount targets, leave this out.",
      },
  }),
  constraint({
    id: "existing-bucket",
    key: "existingBucketName",
    title: "An existing bucket is set with assetsStorage s3, and without an adopted bucket.",
    reads: ["existingBucketName", "assetsStorage", "adoptBucketName"],
    check: ({ existingBucketName, assetsStorage, adoptBucketName }) =>
      existingBucketName !== undefined &&
      (assetsStorage !== AssetsStorage.S3 || adoptBucketName !== undefined) && {
        expected: "left out unless assetsStorage is s3 and adoptBucketName is left out",
        fix: "The images are in one bucket, an existing one or an adopted one, and only with assetsStorage s3.",
      },
  }),
  constraint({
    id: "existing-key",
    key: "existingKeyArn",
    title: "An existing key is set with encryptionKey customer, and without an adopted key.",
    reads: ["existingKeyArn", "encryptionKey", "adoptEncryptionKeyId"],
    check: ({ existingKeyArn, encryptionKey, adoptEncryptionKeyId }) =>
      existingKeyArn !== undefined &&
      (encryptionKey !== EncryptionKeyOwner.Customer || adoptEncryptionKeyId !== undefined) && {
        expected: "left out unless encryptionKey is customer and adoptEncryptionKeyId is left out",
        fix: "One key encrypts the data, an existing one or an adopted one, and only with encryptionKey customer.",
      },
  }),
  constraint({
    id: "existing-key-region",
    key: "existingKeyArn",
    title: "An existing key is in the stack's region.",
    reads: ["existingKeyArn", "region"],
    check: ({ existingKeyArn, region }) =>
      existingKeyArn !== undefined &&
      !existingKeyArn.startsWith(`arn:${partitionOf(region)}:kms:${region}:`) && {
        expected: `the ARN of a key in ${region}`,
        fix: "AWS services can't use a key of another region.",
      },
  }),
];
