// A database whose stack can't be destroyed by mistake.
import * as kubernetes from "@pulumi/kubernetes";
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const provider = new kubernetes.Provider("provider", { kubeconfig: cluster.kubeconfig });
const driver = new storage.CsiDriver("driver", {
  kind: storage.CsiDriverKind.Ebs,
  clusterName: cluster.clusterName,
  version: "v1.64.0-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: cluster.kubeconfig,
});
const disks = new storage.EbsStorageClass(
  "disks",
  { className: "disks", reclaimPolicy: storage.ReclaimPolicy.Retain },
  { providers: [provider], dependsOn: [driver] },
);
const catalog = new storage.Catalog(
  "catalog",
  {
    image: "public.ecr.aws/aws-containers/retail-store-sample-catalog:1.2.1",
    mysqlImage: "public.ecr.aws/docker/library/mysql:8.4.10",
    replicas: 2,
    storageClassName: "disks",
    storage: "20Gi",
    databaseZone: "eu-west-1a",
    credentialsParameter: "/shop/catalog-mysql",
    retention: storage.Retention.Retain,
  },
  { providers: [provider], dependsOn: [driver, disks] },
);
new storage.DeletionProtection(
  "protection",
  {
    retention: storage.Retention.Retain,
    kubeconfig: cluster.kubeconfig,
    configuration: { adoptCredentials: "/shop/catalog-mysql" },
    claim: {
      namespace: "catalog",
      name: catalog.claimName,
      volumeKey: "adoptVolumeId",
      zoneKey: "adoptZone",
      credentialsKey: "adoptCredentials",
    },
  },
  { dependsOn: [driver, disks, catalog] },
);
