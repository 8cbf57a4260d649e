import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const labels = { app: "web" };
const template = (spec: object) => ({
  metadata: { labels },
  spec: { containers: [{ name: "web", image: "web:1" }], ...spec },
});
const mount = (mountPath: string) => ({ name: "data", mountPath });
const containers = (mountPath: string) => [{ name: "web", image: "web:1", volumeMounts: [mount(mountPath)] }];
const selector = { matchLabels: labels };

/** What a stranger has in AWS, much of which no policy is about. */
function account(): aws.eks.Cluster {
  const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "eks.amazonaws.com" });
  const role = new aws.iam.Role("eks", { assumeRolePolicy });
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = new aws.ec2.Subnet("a", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-west-1a" });
  const cluster = new aws.eks.Cluster("plain", { roleArn: role.arn, vpcConfig: { subnetIds: [subnet.id] } });
  new aws.eks.NodeGroup("nodes", {
    ...{ clusterName: cluster.name, nodeRoleArn: role.arn, subnetIds: [subnet.id] },
    scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 },
  });
  new aws.eks.Addon("dns", { clusterName: cluster.name, addonName: "coredns" });
  new aws.eks.Addon("cni", { clusterName: cluster.name, addonName: "vpc-cni", addonVersion: "v1" });
  new eks.Cluster("component", { vpcId: vpc.id, subnetIds: [subnet.id] });
  const group = new aws.ec2.SecurityGroup("files", {
    vpcId: vpc.id,
    ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/16"] }],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const files = new aws.efs.FileSystem("files");
  new aws.efs.MountTarget("files", { fileSystemId: files.id, subnetId: subnet.id, securityGroups: [group.id] });
  new aws.efs.AccessPoint("files", { fileSystemId: files.id });
  const database = new aws.rds.Instance("orders", {
    ...{ engine: "postgres", instanceClass: "db.t4g.micro", allocatedStorage: 20 },
    ...{ username: "orders", manageMasterUserPassword: true, vpcSecurityGroupIds: [group.id] },
  });
  new aws.ssm.Parameter("orders", { type: "String", value: database.id });
  new aws.dynamodb.Table("carts", { hashKey: "id", attributes: [{ name: "id", type: "S" }] });
  const logs = new aws.s3.Bucket("logs");
  new aws.s3.BucketVersioning("logs", { bucket: logs.id, versioningConfiguration: { status: "Enabled" } });
  new aws.s3.BucketPolicy("logs", { bucket: logs.id, policy: { Version: "2012-10-17", Statement: [] } });
  new aws.sns.Topic("alarms");
  new aws.ec2.LaunchTemplate("bastion", { instanceType: "t4g.nano" });
  new aws.kms.Key("signing", { customerMasterKeySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" });
  return cluster;
}

/** What a stranger has in a cluster whose kubeconfig isn't known before there is one. */
function objects(provider: kubernetes.Provider): void {
  const options: pulumi.CustomResourceOptions = { provider };
  // A name that Pulumi makes up.
  const namespace = new kubernetes.core.v1.Namespace("web", {}, options).metadata.name;
  const metadata = { namespace };
  const claim = new kubernetes.core.v1.PersistentVolumeClaim(
    "data",
    {
      metadata: { ...metadata, name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    options,
  );
  new kubernetes.core.v1.PersistentVolume(
    "nfs",
    { spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteMany"], nfs: { server: "10.0.0.1", path: "/" } } },
    options,
  );
  new kubernetes.apps.v1.StatefulSet(
    "cache",
    {
      metadata,
      spec: {
        ...{ serviceName: "cache", selector },
        template: template({ containers: containers("/data"), volumes: [{ name: "data", emptyDir: {} }] }),
      },
    },
    options,
  );
  new kubernetes.apps.v1.DaemonSet(
    "logs",
    {
      metadata,
      spec: {
        selector,
        template: template({
          containers: containers("/logs"),
          volumes: [{ name: "data", hostPath: { path: "/var/log" } }],
        }),
      },
    },
    options,
  );
  new kubernetes.apps.v1.Deployment(
    "web",
    {
      metadata,
      spec: {
        ...{ replicas: 2, selector },
        template: template({
          containers: containers("/data"),
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim.metadata.name } }],
        }),
      },
    },
    options,
  );
  const nfs = template({ restartPolicy: "Never", volumes: [{ name: "data", nfs: { server: "10.0.0.1", path: "/" } }] });
  new kubernetes.batch.v1.CronJob(
    "nightly",
    { metadata, spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: nfs } } } },
    options,
  );
  new kubernetes.core.v1.Pod("once", { metadata, spec: { containers: [{ name: "once", image: "once:1" }] } }, options);
  new kubernetes.core.v1.Service(
    "db",
    { metadata, spec: { type: "ExternalName", externalName: "db.internal" } },
    options,
  );
  new kubernetes.core.v1.ConfigMap("settings", { metadata, data: { "app.properties": "a=b" } }, options);
  new kubernetes.core.v1.ConfigMap("empty", { metadata }, options);
  new kubernetes.storage.v1.StorageClass("scratch", { provisioner: "rancher.io/local-path" }, options);
  new kubernetes.helm.v3.Release("ingress", { chart: "ingress-nginx" }, options);
  new kubernetes.networking.v1.NetworkPolicy("deny", { metadata, spec: { podSelector: {} } }, options);
  new kubernetes.apiextensions.CustomResource("issuer", { apiVersion: "cert-manager.io/v1", kind: "Issuer" }, options);
}

/** A program of somebody who knows nothing of this repository, and keeps few of its policies. */
export function stranger(): void {
  const cluster = account();
  objects(new kubernetes.Provider("cluster", { kubeconfig: cluster.endpoint }));
}
