import { EncryptionKeyOwner } from "../../components/kms/encryptionKeyOwner";
import { validateSubnetIds } from "../../components/network/subnets";
import { AssetsStorage } from "../../components/workloads/assetsStorage";
import { listed, constraint } from "../constraint";

/** How a file system of the stack's own works. */
const SETTINGS_OF_ITS_OWN = [
  "efsThroughputMode",
  "efsProvisionedThroughputInMibps",
  "efsToInfrequentAccess",
  "efsToArchive",
  "efsBackOnAccess",
] as const;
/** What else only a file system of the stack's own has. */
const COPIES_OF_ITS_OWN = ["adoptFileSystemId", "efsReplicaRegion"] as const;

/** About what is there already, is used, and stays its owner's: docs/existing.md. */
export const existingConstraints = [
  constraint({
    id: "existing-vpc",
    key: "existingPrivateSubnetIds",
    title: "An existing VPC is given with a private subnet in every zone.",
    reads: ["existingVpcId", "existingPrivateSubnetIds", "zones"],
    check: ({ existingVpcId, existingPrivateSubnetIds, zones }) => {
      if (existingVpcId !== undefined) {
        return validateSubnetIds(zones, existingPrivateSubnetIds, "existingPrivateSubnetIds");
      }
      return (
        Object.keys(existingPrivateSubnetIds).length > 0 && {
          expected: "left out, or given with existingVpcId",
          fix: "Name the VPC that the subnets are in.",
        }
      );
    },
  }),
  constraint({
    id: "existing-cluster",
    key: "existingClusterName",
    title: "An existing cluster is given with its VPC.",
    reads: ["existingClusterName", "existingVpcId"],
    check: ({ existingClusterName, existingVpcId }) =>
      existingClusterName !== undefined &&
      existingVpcId === undefined && {
        expected: "left out, or given with existingVpcId and existingPrivateSubnetIds",
        fix: "Its nodes reach the file system in their own VPC only: name that, too.",
      },
  }),
  constraint({
    id: "existing-cluster-access",
    key: "existingClusterName",
    title: "Who may use an existing cluster isn't said here.",
    reads: ["existingClusterName", "administrators", "viewers"],
    check: ({ existingClusterName, administrators, viewers }) =>
      existingClusterName !== undefined &&
      administrators.length + viewers.length > 0 && {
        expected: "left out, or administrators and viewers be empty",
        fix: "That cluster's owner says who may use it: empty them.",
      },
  }),
  constraint({
    id: "existing-file-system",
    key: "existingFileSystemId",
    title: "How an existing file system works, and its copies, aren't said here.",
    reads: ["existingFileSystemId", ...SETTINGS_OF_ITS_OWN, ...COPIES_OF_ITS_OWN],
    check: (settings, { isDefault }) => {
      const others = [
        ...COPIES_OF_ITS_OWN.filter((key) => settings[key] !== undefined),
        ...SETTINGS_OF_ITS_OWN.filter((key) => !isDefault(key)),
      ];
      return (
        settings.existingFileSystemId !== undefined &&
        others.length > 0 && {
          expected: `left out with ${listed(others)}`,
          fix: "Its owner decides that: remove those keys, or this one for a file system of the stack's own.",
        }
      );
    },
  }),
  constraint({
    id: "existing-mount-targets",
    key: "existingFileSystemSecurityGroupId",
    title: "The security group of existing mount targets is given with their file system and VPC.",
    reads: ["existingFileSystemSecurityGroupId", "existingFileSystemId", "existingVpcId"],
    check: ({ existingFileSystemSecurityGroupId, existingFileSystemId, existingVpcId }) =>
      existingFileSystemSecurityGroupId !== undefined &&
      (existingFileSystemId === undefined || existingVpcId === undefined) && {
        expected: "left out, or given with existingFileSystemId and existingVpcId",
        fix: "Nodes reach mount targets in their own VPC. For a file system that has none, leave it out.",
      },
  }),
  constraint({
    id: "existing-bucket",
    key: "existingBucketName",
    title: "An existing bucket is given where the images are in S3, and no other is taken up.",
    reads: ["existingBucketName", "assetsStorage", "adoptBucketName"],
    check: ({ existingBucketName, assetsStorage, adoptBucketName }) =>
      existingBucketName !== undefined &&
      (assetsStorage !== AssetsStorage.S3 || adoptBucketName !== undefined) && {
        expected: "left out, or given with assetsStorage s3 and without adoptBucketName",
        fix: "The images are in one bucket: an existing one, or the stack's own.",
      },
  }),
  constraint({
    id: "existing-key",
    key: "existingKeyArn",
    title: "An existing key is given where a customer's key encrypts, and no other is taken up.",
    reads: ["existingKeyArn", "encryptionKey", "adoptEncryptionKeyId"],
    check: ({ existingKeyArn, encryptionKey, adoptEncryptionKeyId }) =>
      existingKeyArn !== undefined &&
      (encryptionKey !== EncryptionKeyOwner.Customer || adoptEncryptionKeyId !== undefined) && {
        expected: "left out, or given with encryptionKey customer and without adoptEncryptionKeyId",
        fix: "One key encrypts the data: set encryptionKey to customer, and name an existing one or the stack's own.",
      },
  }),
  constraint({
    id: "existing-key-region",
    key: "existingKeyArn",
    title: "An existing key is in the stack's region.",
    reads: ["existingKeyArn", "region"],
    check: ({ existingKeyArn, region }) =>
      existingKeyArn !== undefined &&
      existingKeyArn.split(":")[3] !== region && {
        expected: `the ARN of a key in ${region}`,
        fix: "No service uses a key of another region.",
      },
  }),
];
