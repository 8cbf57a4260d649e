import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "../../../components";

export const ACCOUNT = "111122223333";
export const CLUSTER = "shop";
export const BUCKET = "shop-images-111122223333";

/**
 * Somebody else's program, which makes what docs/existing.md takes, with all that the page asks of an owner. It outputs
 * ids under the keys of the configuration that take them.
 */
export async function landlord(): Promise<Record<string, pulumi.Input<unknown>>> {
  const region = "eu-west-1";
  const zones = ["eu-west-1a", "eu-west-1b"];
  const provider = new aws.Provider("aws", {
    region,
    allowedAccountIds: [ACCOUNT],
    defaultTags: { tags: { owner: "landlord" } },
  });
  const onAws = { providers: [provider] };
  const retention = storage.Retention.Delete;

  const network = new storage.Network(CLUSTER, { region, zones, cidrBlock: "10.9.0.0/16" }, onAws);
  const { vpcId, privateSubnetIds } = network;
  new storage.Cluster(
    CLUSTER,
    {
      clusterName: CLUSTER,
      kubernetesVersion: "1.35",
      vpcId,
      zones,
      controlPlaneZones: zones,
      privateSubnetIds,
      apiAccessCidrs: ["203.0.113.0/24"],
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
  const key = new storage.EncryptionKey(CLUSTER, { alias: CLUSTER, accountId: ACCOUNT, retention }, onAws);
  const fileSystem = new aws.efs.FileSystem(CLUSTER, { encrypted: true }, { provider });
  new storage.Bucket(CLUSTER, { bucketName: BUCKET, retention, kmsKeyArn: key.keyArn }, onAws);
  return {
    existingVpcId: vpcId,
    existingPrivateSubnetIds: privateSubnetIds,
    existingFileSystemId: fileSystem.id,
    existingKeyArn: key.keyArn,
  };
}
