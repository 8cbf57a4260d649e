// A dev stack's objects as a cluster on AWS has them, as far as npm run verify looks at them.

export type Fields = Record<string, any>;

export const outputs = {
  accessPointIds: { assets: "fsap-11111111" },
  addonVersions: { efs: "v3.1.0-eksbuild.1", ebs: "v1.64.0-eksbuild.1", snapshots: "v8.6.0-eksbuild.1" },
  clusterName: "eks-storage-dev",
  fileSystemArn: "arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/fs-11111111",
  fileSystemId: "fs-11111111",
  pvcNames: { assets: "assets-1a2b3c4d", catalog: "data-catalog-mysql-0" },
  storageClassNames: { efs: "efs", ebs: "ebs" },
};

/** What the database's user signs in with: it must be in nothing that is printed. */
export const PASSWORD = "correct-horse-battery-staple";

/** Nodes, with their zones. */
export const NODES: Record<string, string> = { "node-a": "eu-west-1a", "node-b": "eu-west-1b", "node-c": "eu-west-1a" };
/** On which nodes assets runs. */
const WITH_ASSETS = ["node-a", "node-b"];

let made = 0;
const uid = () => `uid-${(made += 1)}`;
export const newUid = uid;

export function pod(namespace: string, name: string, app: string, node: string, more: Fields = {}): Fields {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, uid: uid(), labels: { "app.kubernetes.io/name": app, app } },
    spec: { nodeName: node, containers: [] },
    status: { phase: "Running", podIP: `10.0.0.${made}`, conditions: [{ type: "Ready", status: "True" }] },
    ...more,
  };
}

/** A pod's status while its container crashes again and again. */
export const crashing = (container: string): Fields => ({
  phase: "Running",
  conditions: [{ type: "Ready", status: "False", message: `containers with unready status: [${container}]` }],
  containerStatuses: [
    {
      name: container,
      ready: false,
      restartCount: 7,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } },
      lastState: { terminated: { exitCode: 3, reason: "Error" } },
    },
  ],
});

function bound(namespace: string, name: string, accessMode: string, volume: Fields): Fields[] {
  const claimUid = uid();
  const volumeName = `pv-${name}`;
  const { storageClassName } = volume;
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { namespace, name, uid: claimUid },
      spec: { accessModes: [accessMode], storageClassName, volumeName },
      status: { phase: "Bound" },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: volumeName, uid: uid() },
      spec: { ...volume, accessModes: [accessMode], claimRef: { namespace, name, uid: claimUid } },
    },
  ];
}

export function deployment(name: string, replicas: number): Fields {
  const containers = [{ name, image: `${name}:1`, imagePullPolicy: "IfNotPresent" }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: name, name, uid: uid() },
    spec: { replicas, selector: {}, template: { spec: { containers } } },
  };
}

const DRIVERS = { "efs-csi-node": "efs.csi.aws.com", "ebs-csi-node": "ebs.csi.aws.com" };

/** Everything, healthy. */
export function devObjects(): Fields[] {
  const onAccessPoint = { driver: "efs.csi.aws.com", volumeHandle: "fs-11111111::fsap-11111111" };
  const disk = { driver: "ebs.csi.aws.com", volumeHandle: "vol-11111111" };
  const mysql = pod("catalog", "catalog-mysql-0", "catalog-mysql", "node-a");
  return [
    ...Object.entries(NODES).map(([name, zone]) => ({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { "topology.kubernetes.io/zone": zone } },
      spec: {},
      status: { conditions: [{ type: "Ready", status: "True" }] },
    })),
    ...Object.keys(NODES).map((name) => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      metadata: { name },
      spec: { drivers: Object.values(DRIVERS).map((driver) => ({ name: driver, nodeID: name })) },
    })),
    ...Object.keys(DRIVERS).flatMap((name) => [
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { namespace: "kube-system", name },
        spec: { selector: { matchLabels: { app: name } }, template: {} },
      },
      ...Object.keys(NODES).map((node) => pod("kube-system", `${name}-${node}`, name, node)),
    ]),
    ...bound("assets", outputs.pvcNames.assets, "ReadWriteMany", { csi: onAccessPoint, storageClassName: "" }),
    ...bound("catalog", outputs.pvcNames.catalog, "ReadWriteOnce", { csi: disk, storageClassName: "ebs" }),
    deployment("assets", 2),
    ...WITH_ASSETS.map((node) => pod("assets", `assets-${node}`, "assets", node)),
    deployment("catalog", 1),
    pod("catalog", "catalog-1", "catalog", "node-b"),
    mysql,
    slice(mysql),
  ];
}

/** Where the database's Service leads. */
export const slice = ({ status }: Fields): Fields => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    namespace: "catalog",
    name: "catalog-mysql-1",
    labels: { "kubernetes.io/service-name": "catalog-mysql" },
  },
  addressType: "IPv4",
  endpoints: [{ addresses: [status.podIP] }],
});
