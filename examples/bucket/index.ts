import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

/**
 * An S3 bucket as files, through Mountpoint, on a cluster that exists: pods in the namespace `images` mount the claim whose name
 * it outputs.
 *
 *     pulumi config set aws:region eu-west-1
 *     pulumi config set clusterName YOUR-CLUSTER
 *     pulumi config set vpcId vpc-0123456789abcdef0
 *     pulumi config set bucketName YOUR-BUCKET
 *     pulumi up
 *
 * `prefix`, such as `summer/`, shows a part of the bucket. Under the retention `retain`, the default, a destroy is refused:
 * `pulumi config set retention release && pulumi up` comes before it. Under `release` the bucket stays, and the destroy prints the
 * configuration that takes it up again; under `delete` it goes with all that is in it.
 *
 * The cluster has the add-on eks-pod-identity-agent and is administered by whoever deploys, and lacks aws-mountpoint-s3-csi-driver,
 * as an add-on and from Helm: docs/existing.md, or, where it is there, docs/components.md. The AWS CLI is on `PATH`.
 */
const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const retention = config.get<storage.Retention>("retention") ?? storage.Retention.Retain;
// A destroy that keeps the bucket prints this key.
const adoptBucketName = config.get("adoptBucketName");
// It decides the claim's name: the volume takes it from here, not from the bucket's outputs.
const bucketName = adoptBucketName ?? config.require("bucketName");
const namespace = "images";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: config.require("clusterName"),
  region,
  vpcId: config.require("vpcId"),
  makes: { namespaces: [namespace] },
  addonNames: ["aws-mountpoint-s3-csi-driver"],
});
const { clusterName, kubeconfig } = cluster;
const provider = new kubernetes.Provider("kubernetes", { kubeconfig });

const bucket = new storage.Bucket("images", { bucketName, retention, adopt: adoptBucketName !== undefined });
const driver = new storage.CsiDriver(
  "s3",
  {
    kind: storage.CsiDriverKind.S3,
    clusterName,
    version: "v2.7.0-eksbuild.1",
    region,
    kubeconfig,
    bucketArns: { images: bucket.bucketArn },
  },
  { dependsOn: [bucket] },
);

const imagesNamespace = new kubernetes.core.v1.Namespace(
  namespace,
  { metadata: { name: namespace } },
  { provider, dependsOn: [driver] },
);
const volume = new storage.StaticVolume(
  "images",
  {
    claimName: "images",
    namespace,
    // The user and group of the pods.
    s3: { bucketName, region, prefix: config.get("prefix"), identity: { uid: 1000, gid: 1000 } },
  },
  { providers: [provider], dependsOn: [driver, imagesNamespace] },
);

// Depends on all else, so that a destroy comes to it first: under retain it is refused there.
new storage.DeletionProtection(
  "images",
  { retention, configuration: { adoptBucketName: bucketName }, kubeconfig },
  { dependsOn: [bucket, driver, imagesNamespace, volume] },
);

export const claimName = volume.claimName;
