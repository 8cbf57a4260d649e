import type * as pulumi from "@pulumi/pulumi";
import { csiAddonNames, type CsiDriverKind } from "./csiDriverKind";
import { defaultEbsKeyPolicy, ebsKeyPolicy } from "./ebsKeyPolicy";
import { mountingPolicy, objectKeyPolicy } from "./s3DriverPolicies";

export interface Identity {
  serviceAccount: string;
  /** AWS's policies, by the ends of their ARNs: what follows `policy/`. */
  managedPolicies: string[];
  /** What else it may do where a customer's KMS key, by its ARN, encrypts the volumes: a policy document. */
  keyPolicy?: (kmsKeyArn: pulumi.Input<string>) => pulumi.Output<string>;
  /** The same where no key is named: the account's default may be a customer's. */
  defaultKeyPolicy?: (name: string, region: pulumi.Input<string>, parent: pulumi.Resource) => pulumi.Output<string>;
  /** What it may do with a bucket that it mounts, by its ARN. */
  bucketPolicy?: (bucketArn: pulumi.Input<string>) => pulumi.Output<string>;
}

export interface CsiDriverData {
  driverName: string;
  addonName: string;
  /** Service accounts in kube-system that call AWS, by role. */
  identities: Record<string, Identity>;
  /** The add-on's configuration values; `aws eks describe-addon-configuration` prints their schema. */
  configuration?: (args: {
    region: pulumi.Input<string>;
    tags: Record<string, pulumi.Input<string>>;
    volumeAttachLimit: pulumi.Input<number>;
  }) => object;
}

/**
 * EBS volumes of a node whose type isn't known: beside the root disk and two network interfaces among the 28 attachments that
 * most Nitro instances share. https://docs.aws.amazon.com/ebs/latest/userguide/volume_limits.html
 */
export const DEFAULT_ATTACH_LIMIT = 25;

/** What differs from driver to driver, so that {@link CsiDriver} is one component. */
export const csiDrivers: Record<CsiDriverKind, CsiDriverData> = {
  efs: {
    driverName: "efs.csi.aws.com",
    addonName: csiAddonNames.efs,
    identities: {
      controller: {
        serviceAccount: "efs-csi-controller-sa",
        managedPolicies: ["service-role/AmazonEFSCSIDriverPolicy"],
      },
      // Only mounts with the option `iam` use it; it stands from the start, since turning them on later would
      // otherwise need a restart of the driver's pods.
      node: {
        serviceAccount: "efs-csi-node-sa",
        managedPolicies: ["AmazonElasticFileSystemClientReadWriteAccess"],
      },
    },
    // No region: its node pods are on the host's network and reach IMDS, and its controller takes the region from its
    // node's label (the driver's pkg/cloud/k8s_metadata.go).
  },
  ebs: {
    driverName: "ebs.csi.aws.com",
    addonName: csiAddonNames.ebs,
    identities: {
      controller: {
        serviceAccount: "ebs-csi-controller-sa",
        // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html: unlike the
        // first version it is no service-role policy, and its ARN under that path doesn't exist.
        managedPolicies: ["AmazonEBSCSIDriverPolicyV2"],
        keyPolicy: ebsKeyPolicy,
        defaultKeyPolicy: defaultEbsKeyPolicy,
      },
    },
    // The provider's default tags don't reach what a driver makes; its own do, snapshots too, and change in place.
    configuration: ({ region, tags, volumeAttachLimit }) => ({
      controller: { region, extraVolumeTags: tags },
      node: { volumeAttachLimit },
    }),
  },
  s3: {
    driverName: "s3.csi.aws.com",
    addonName: csiAddonNames.s3,
    identities: {
      node: {
        serviceAccount: "s3-csi-driver-sa",
        managedPolicies: [],
        bucketPolicy: mountingPolicy,
        keyPolicy: objectKeyPolicy,
      },
    },
    // No region: each volume names its own in its mount options.
  },
};
