import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

const region = "eu-west-1";
const zones = ["eu-west-1a", "eu-west-1b"];
const retention = storage.Retention.Delete;
const awsProvider = new aws.Provider("aws", { region });
const onAws = { providers: [awsProvider] };

const network = new storage.Network("shop", { region, zones, cidrBlock: "10.0.0.0/16" }, onAws);
const images = { path: "/images", identity: { uid: 1000, gid: 1000 } };
const fileSystem = new storage.FileSystem(
  "shop",
  {
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    zones,
    accessPoints: { images },
    retention,
  },
  onAws,
);
const cluster = new storage.Cluster(
  "shop",
  {
    clusterName: "shop",
    kubernetesVersion: "1.35",
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    zones,
    controlPlaneZones: zones,
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
const clients = new storage.FileSystemClients(
  "shop",
  { securityGroupId: fileSystem.securityGroupId, clients: { nodes: cluster.nodeSecurityGroupId } },
  onAws,
);

const { clusterName, kubeconfig } = cluster;
const kubernetesProvider = new kubernetes.Provider("kubernetes", { kubeconfig, clusterIdentifier: "shop" });
const inCluster = { providers: [awsProvider, kubernetesProvider] };
const driver = new storage.CsiDriver(
  "efs-csi",
  { kind: storage.CsiDriverKind.Efs, version: "v3.4.1-eksbuild.1", region, clusterName, kubeconfig },
  { ...inCluster, dependsOn: [cluster, fileSystem, clients] },
);
const namespace = new kubernetes.core.v1.Namespace(
  "shop",
  { metadata: { name: "shop" } },
  { provider: kubernetesProvider, dependsOn: [driver] },
);
const volume = new storage.StaticVolume(
  "images",
  {
    claimName: "images",
    namespace: "shop",
    efs: { fileSystemId: fileSystem.fileSystemId, accessPointId: fileSystem.accessPointIds["images"]!, ...images },
  },
  { ...inCluster, dependsOn: [driver, fileSystem, clients, namespace] },
);
new storage.DeletionProtection(
  "shop",
  {
    retention,
    configuration: { fileSystemId: fileSystem.fileSystemId },
    claim: { namespace: "shop", name: volume.claimName, volumeKey: "volumeId", zoneKey: "zone" },
    kubeconfig,
  },
  { ...onAws, dependsOn: [volume] },
);

export const claimName: pulumi.Output<string> = volume.claimName;
export const fileSystemId: pulumi.Output<string> = fileSystem.fileSystemId;
