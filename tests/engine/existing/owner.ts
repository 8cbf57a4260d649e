import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as storage from "../../../components/index";

export const ACCOUNT = "111101013333";
const SHOP = "shop";

/** What an owner makes only in some specs. */
export interface OwnerOptions {
  cluster?: boolean;
  /** Whether the key encrypts the bucket: then one can't be used without the other. */
  encryptedBucket?: boolean;
}

/**
 * The program of an owner: it makes the resources that docs/existing.md tells a stack to use, as the page asks. It outputs
 * their ids by configuration key, and a second file system, which has mount targets already.
 */
export const ownersProgram = (options: OwnerOptions) => async (): Promise<Record<string, pulumi.Input<unknown>>> => {
  const region = "eu-west-1";
  const zones = ["eu-west-1a", "eu-west-1b"];
  const provider = new aws.Provider("aws", {
    region,
    allowedAccountIds: [ACCOUNT],
    defaultTags: { tags: { owner: "another-team" } },
  });
  const onAws = { providers: [provider] };
  const retention = storage.Retention.Delete;

  const network = new storage.Network(SHOP, { region, zones, cidrBlock: "10.9.0.0/16" }, onAws);
  const { vpcId, privateSubnetIds } = network;
  if (options.cluster) {
    new storage.Cluster(
      SHOP,
      {
        clusterName: SHOP,
        kubernetesVersion: "1.35",
        vpcId,
        zones,
        controlPlaneZones: zones,
        privateSubnetIds,
        apiAccessCidrs: ["198.18.113.0/24"],
        addonVersions: {
          vpcCni: "v1.21.1-eksbuild.1",
          kubeProxy: "v1.35.0-eksbuild.2",
          coredns: "v1.13.1-eksbuild.1",
          podIdentityAgent: "v1.3.10-eksbuild.2",
        },
        retention,
      },
      { ...onAws, dependsOn: [network] },
    );
  }
  const key = new storage.EncryptionKey(SHOP, { alias: SHOP, accountId: ACCOUNT, retention }, onAws);
  const fileSystem = new aws.efs.FileSystem(SHOP, { encrypted: true }, { provider });
  const mounted = new storage.FileSystem(
    `${SHOP}-mounted`,
    { vpcId, zones, subnetIds: privateSubnetIds, accessPoints: {}, retention },
    onAws,
  );
  const bucket = new storage.Bucket(
    SHOP,
    { bucketName: `${SHOP}-images-${ACCOUNT}`, retention, kmsKeyArn: options.encryptedBucket ? key.keyArn : undefined },
    onAws,
  );
  return {
    existingVpcId: vpcId,
    existingPrivateSubnetIds: privateSubnetIds,
    existingClusterName: SHOP,
    existingFileSystemId: fileSystem.id,
    existingBucketName: bucket.bucketName,
    existingKeyArn: key.keyArn,
    mountedFileSystemId: mounted.fileSystemId,
    mountedFileSystemSecurityGroupId: mounted.securityGroupId,
  };
};
