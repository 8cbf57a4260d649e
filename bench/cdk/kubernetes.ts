import { CfnResource, type Stack } from "aws-cdk-lib";

const APPS = ["assets", "catalog", "catalog-mysql"];

const pods = (app: string) => ({
  metadata: { labels: { "app.kubernetes.io/name": app } },
  spec: {
    serviceAccountName: app,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
    containers: [
      {
        name: app,
        image: `public.ecr.aws/aws-containers/retail-store-sample-${app}:1.2.1`,
        ports: [{ containerPort: 8080 }],
        resources: { requests: { cpu: "128m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      },
    ],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: app } }],
  },
});

/** What prod has in the cluster, as resources of CloudFormation's public extension for Kubernetes. */
export function kubernetes(stack: Stack, clusterName: string, fileSystemId: string): void {
  const object = (apiVersion: string, kind: string, name: string, content: object) =>
    new CfnResource(stack, `${kind}-${name}`, {
      type: "AWSQS::Kubernetes::Resource",
      properties: {
        ClusterName: clusterName,
        Namespace: "default",
        Manifest: stack.toJsonString({ apiVersion, kind, metadata: { name }, ...content }),
      },
    });
  const storageClass = { volumeBindingMode: "WaitForFirstConsumer", reclaimPolicy: "Retain" };
  object("storage.k8s.io/v1", "StorageClass", "efs", { ...storageClass, provisioner: "efs.csi.aws.com" });
  object("storage.k8s.io/v1", "StorageClass", "ebs", { ...storageClass, provisioner: "ebs.csi.aws.com" });
  object("v1", "PersistentVolume", "assets", {
    spec: { accessModes: ["ReadWriteMany"], csi: { driver: "efs.csi.aws.com", volumeHandle: fileSystemId } },
  });
  for (const app of APPS) {
    const labels = { "app.kubernetes.io/name": app };
    const selector = { matchLabels: labels };
    object("v1", "ServiceAccount", app, { automountServiceAccountToken: false });
    object("v1", "Service", app, { spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } });
    object("policy/v1", "PodDisruptionBudget", app, { spec: { selector, maxUnavailable: 1 } });
    object("networking.k8s.io/v1", "NetworkPolicy", app, { spec: { podSelector: selector, policyTypes: ["Ingress"] } });
    object("v1", "PersistentVolumeClaim", app, {
      spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "20Gi" } } },
    });
    object("apps/v1", app === "catalog-mysql" ? "StatefulSet" : "Deployment", app, {
      spec: { replicas: 2, selector, template: pods(app) },
    });
  }
}
