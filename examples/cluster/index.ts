import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

/**
 * Ground to try the other examples on, for who has no cluster: a network, a cluster and a file system with a mount target in
 * each zone. It outputs what they are configured with, each value by its key. On the local cloud it needs no configuration;
 * on AWS give your own account and addresses:
 *
 *     pulumi config set accountId 111122223333
 *     pulumi config set --path 'apiAccessCidrs[0]' 203.0.113.0/24
 *     pulumi up
 *
 * A destroy leaves nothing, files included: destroy before it what you deployed on it.
 */
const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
export const accountId = config.require("accountId");
export const zones = config.requireObject<string[]>("zones");
const retention = storage.Retention.Delete;
/** What everything in AWS is named after. */
const name = `${pulumi.getProject()}-${pulumi.getStack()}`;

const network = new storage.Network(name, { region, zones, cidrBlock: "10.0.0.0/16" });
export const vpcId = network.vpcId;
const { privateSubnetIds } = network;

const files = new storage.FileSystem(name, { vpcId, zones, subnetIds: privateSubnetIds, accessPoints: {}, retention });
export const fileSystemId = files.fileSystemId;
export const fileSystemSecurityGroupId = files.securityGroupId;

const cluster = new storage.Cluster(
  name,
  {
    clusterName: name,
    kubernetesVersion: "1.35",
    vpcId,
    privateSubnetIds,
    zones,
    controlPlaneZones: zones,
    apiAccessCidrs: config.requireObject<string[]>("apiAccessCidrs"),
    addonVersions: {
      vpcCni: "v1.21.1-eksbuild.1",
      kubeProxy: "v1.35.0-eksbuild.2",
      coredns: "v1.13.1-eksbuild.1",
      podIdentityAgent: "v1.3.10-eksbuild.2",
    },
    retention,
  },
  { dependsOn: [network] },
);
export const clusterName = cluster.clusterName;
