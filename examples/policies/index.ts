import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * A bucket, and PostgreSQL on an EBS disk, on a cluster that exists. The resources are plain, nothing of eks-storage is in it: the
 * policy pack, eks-storage-policies, checks them. The cluster must have the EBS driver, the add-on aws-ebs-csi-driver, and nodes.
 *
 *     pulumi config set region eu-west-1
 *     pulumi config set accountId 111122223333
 *     pulumi config set clusterName YOUR-CLUSTER
 *     pulumi config set bucketName YOUR-BUCKET
 *     pulumi config set --secret password
 *     pulumi preview --policy-pack node_modules/eks-storage-policies --policy-pack-config policies.json
 *     pulumi up --policy-pack node_modules/eks-storage-policies --policy-pack-config policies.json
 *
 * The password is asked for. The disk has the tag backup=daily, for a backup plan of yours that selects it by that. A destroy
 * deletes the disk with the namespace, and fails at the bucket while there are objects in it.
 */
const config = new pulumi.Config();
const region = config.require("region");
const name = config.require("clusterName");

const onAws = {
  provider: new aws.Provider("aws", {
    region,
    allowedAccountIds: [config.require("accountId")],
    defaultTags: { tags: { project: pulumi.getProject(), environment: pulumi.getStack() } },
  }),
};

const receipts = new aws.s3.Bucket("receipts", { bucket: config.require("bucketName") }, onAws);
const bucket = receipts.bucket;
new aws.s3.BucketVersioning("receipts", { bucket, versioningConfiguration: { status: "Enabled" } }, onAws);
new aws.s3.BucketServerSideEncryptionConfiguration(
  "receipts",
  { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
  onAws,
);
const closed = new aws.s3.BucketPublicAccessBlock(
  "receipts",
  { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  onAws,
);
new aws.s3.BucketPolicy(
  "receipts",
  {
    bucket,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [receipts.arn, pulumi.interpolate`${receipts.arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }),
  },
  { ...onAws, dependsOn: [closed] },
);

const cluster = aws.eks.getClusterOutput({ name }, onAws);
const token = {
  apiVersion: "client.authentication.k8s.io/v1",
  command: "aws",
  args: ["eks", "get-token", "--cluster-name", name, "--region", region],
  interactiveMode: "Never",
};
const kubeconfig = pulumi.jsonStringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": name,
  contexts: [{ name, context: { cluster: name, user: name } }],
  clusters: [
    {
      name,
      cluster: {
        server: cluster.endpoint,
        "certificate-authority-data": cluster.certificateAuthorities[0]!.data,
      },
    },
  ],
  users: [{ name, user: { exec: token } }],
});
const inCluster = { provider: new kubernetes.Provider("cluster", { kubeconfig }) };

const disks = new kubernetes.storage.v1.StorageClass(
  "disks",
  {
    metadata: { name: "orders" },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true", tagSpecification_1: "backup=daily" },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  },
  inCluster,
);
const namespace = new kubernetes.core.v1.Namespace(
  "orders",
  { metadata: { name: "orders", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  { ...inCluster, dependsOn: [disks] },
).metadata.name;
const labels = { app: "orders" };
new kubernetes.networking.v1.NetworkPolicy(
  "orders",
  {
    metadata: { name: "orders", namespace },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 5432 }] }],
    },
  },
  inCluster,
);
const service = new kubernetes.core.v1.Service(
  "orders",
  {
    metadata: { name: "orders", namespace },
    spec: { clusterIP: "None", selector: labels, ports: [{ port: 5432 }] },
  },
  inCluster,
);
const password = new kubernetes.core.v1.Secret(
  "orders",
  { metadata: { name: "orders", namespace }, stringData: { password: config.requireSecret("password") } },
  inCluster,
);
new kubernetes.apps.v1.StatefulSet(
  "orders",
  {
    metadata: { name: "orders", namespace },
    spec: {
      serviceName: service.metadata.name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 120,
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "postgres",
              image: "public.ecr.aws/docker/library/postgres:17.6",
              ports: [{ containerPort: 5432 }],
              env: [
                { name: "PGDATA", value: "/var/lib/postgresql/data/files" },
                {
                  name: "POSTGRES_PASSWORD",
                  valueFrom: { secretKeyRef: { name: password.metadata.name, key: "password" } },
                },
              ],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [{ name: "data", mountPath: "/var/lib/postgresql/data" }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: disks.metadata.name,
            resources: { requests: { storage: "10Gi" } },
          },
        },
      ],
    },
  },
  inCluster,
);

export const bucketName = bucket;
