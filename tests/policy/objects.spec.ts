import { type Registration, unknown } from "../support/registrations";
import { type Case, hold } from "./cases";
import { resource } from "./resources";

const DEFAULT = { "storageclass.kubernetes.io/is-default-class": "true" };
const EFS = "efs.csi.aws.com";
const EBS = "ebs.csi.aws.com";
const labels = { app: "shop" };

/** It depends on others, or its spec comes from them. */
const after = (...others: Registration[]) => ({ dependencies: others.map(({ urn }) => urn) });
const from = (...others: Registration[]) => ({ propertyDependencies: { spec: others.map(({ urn }) => urn) } });

const object = (type: string) => (name: string, spec: object, links?: Partial<Registration>) =>
  resource(`kubernetes:${type}`, name, { metadata: { name }, spec }, links);
const volume = object("core/v1:PersistentVolume");
const claim = object("core/v1:PersistentVolumeClaim");
const budget = object("policy/v1:PodDisruptionBudget");
const networkPolicy = object("networking.k8s.io/v1:NetworkPolicy");
const pod = (spec: object) => ({ template: { metadata: { labels }, spec } });
const deployment = (spec: object, replicas = 2, links?: Partial<Registration>) =>
  object("apps/v1:Deployment")("shop", { replicas, ...pod(spec) }, links);
const job = (spec: object) => object("batch/v1:Job")("shop", pod(spec));
const storageClass = (name: string, provisioner: string, more: object = {}) =>
  resource("kubernetes:storage.k8s.io/v1:StorageClass", name, { metadata: { name }, provisioner, ...more });
const point = (name: string, uid: number) =>
  resource("aws:efs/accessPoint:AccessPoint", name, { posixUser: { uid, gid: uid } });
const mounting = (container: object, ...volumes: object[]) => ({
  containers: [{ name: "shop", image: "shop:1", volumeMounts: [{ name: "data", mountPath: "/data" }], ...container }],
  volumes,
});
const as = (id: number) => ({ securityContext: { runAsUser: id, runAsGroup: id } });
const ofClaim = (claimName: unknown, name = "data") => ({ name, persistentVolumeClaim: { claimName } });

const onEfs = (volumeHandle: unknown, links?: Partial<Registration>) =>
  volume("data", { csi: { driver: EFS, volumeHandle } }, links);
const [own, other] = [point("own", 999), point("other", 1000)];
const bound = claim("data", { volumeName: "data", storageClassName: "" });
const ofOneRecord = onEfs(unknown, from(own, other));
const dynamic = (parameters: object) => [
  storageClass("efs", EFS, { parameters }),
  claim("data", { storageClassName: "efs" }),
  deployment(mounting(as(999), ofClaim("data"))),
];

const nodes = resource("aws:eks/nodeGroup:NodeGroup", "nodes", {});
const target = resource("aws:efs/mountTarget:MountTarget", "target", {});
const addon = (...before: Registration[]) =>
  resource("aws:eks/addon:Addon", "efs", { addonName: "aws-efs-csi-driver" }, after(...before));
const drainOf = (...before: Registration[]) =>
  resource("pulumi-nodejs:dynamic:Resource", "drain", { driver: EFS }, after(...before));
/** Resources, and a class that depends on all of them. */
const teardown = (...stack: Registration[]) => [
  ...stack,
  { ...storageClass("efs", EFS, { parameters: {} }), ...after(...stack) },
];
const addonOnNodes = addon(nodes);
const addonWithoutNodes = addon();

const nfs = { server: "10.0.0.1", path: "/" };
const onNfs = volume("data", { nfs, persistentVolumeReclaimPolicy: "Delete" });
const database = { image: "mysql:8.4" };
const unclassed = claim("data", { accessModes: ["ReadWriteOnce"] });
const cluster = resource("eks:index:Cluster", "cluster", {});
const expressions = (...matchExpressions: object[]) => ({ matchExpressions });
const both = { policyTypes: ["Ingress", "Egress"] };
const ofOthers = expressions({ key: "app", operator: "In", values: ["other"] });
const ofShop = expressions(
  { key: "app", operator: "In", values: ["shop"] },
  { key: "app", operator: "NotIn", values: ["other"] },
  { key: "app", operator: "Exists" },
  { key: "tier", operator: "NotIn", values: ["data"] },
  { key: "tier", operator: "DoesNotExist" },
);
const [first, second] = [claim("first", {}), claim("second", {})];
const waits = { initContainers: [{ name: "wait", image: "mysql:8.4" }], containers: [{ name: "web", image: "web:1" }] };

const cases: Case[] = [
  {
    what: "a volume of the whole file system",
    policy: "efs-volume-by-access-point",
    resources: [onEfs("fs-11111111")],
    violation: /fs-11111111, which names no access point/,
  },
  {
    what: "a volume of a directory without an access point",
    policy: "efs-volume-by-access-point",
    resources: [onEfs("fs-11111111:/data")],
    violation: /names no access point/,
  },
  {
    what: "a file system's id though an access point is near",
    policy: "efs-volume-by-access-point",
    resources: [own, onEfs("fs-11111111", from(own))],
    violation: /names no access point/,
  },
  {
    what: "a file system's id though an access point's isn't known yet",
    policy: "efs-volume-by-access-point",
    preview: true,
    resources: [own, onEfs("fs-11111111", from(own))],
    violation: /names no access point/,
  },
  {
    what: "an access point of another stack",
    policy: "efs-volume-by-access-point",
    resources: [onEfs("fs-11111111::fsap-11111111")],
  },
  {
    what: "a handle that comes from an access point",
    policy: "efs-volume-by-access-point",
    preview: true,
    resources: [own, onEfs(unknown, from(own))],
  },
  {
    what: "a handle that comes from nowhere",
    policy: "efs-volume-by-access-point",
    preview: true,
    resources: [own, onEfs(unknown)],
    isNotKnown: true,
  },
  {
    what: "a pod that is right for one of two access points",
    policy: "efs-identity-matches-pod",
    preview: true,
    resources: [own, other, ofOneRecord, bound, deployment(mounting(as(999), ofClaim("data")))],
    isNotKnown: true,
  },
  {
    what: "a pod that is wrong for both",
    policy: "efs-identity-matches-pod",
    preview: true,
    resources: [own, other, ofOneRecord, bound, deployment(mounting(as(1), ofClaim("data")))],
    violation: /runs as 1:1, access point own acts as 999:999/,
  },
  {
    what: "a pod of the class's user",
    policy: "efs-identity-matches-pod",
    resources: dynamic({ uid: "999", gid: "999" }),
  },
  {
    what: "a pod of another user than the class's",
    policy: "efs-identity-matches-pod",
    resources: dynamic({ uid: "1000", gid: "999" }),
    violation: /runs as 999:999, class efs creates access points of 1000:999/,
  },
  {
    what: "a class that names no user",
    policy: "efs-identity-matches-pod",
    resources: dynamic({}),
    violation: /class efs lets the driver choose/,
  },
  {
    what: "a drain under which driver, nodes and mount targets stay",
    policy: "drivers-drained",
    resources: teardown(nodes, target, addonOnNodes, drainOf(addonOnNodes, nodes, target)),
  },
  {
    what: "a drain that outlives the nodes",
    policy: "drivers-drained",
    resources: teardown(nodes, addonWithoutNodes, drainOf(addonWithoutNodes)),
    violation: /drain drain doesn't depend on NodeGroup nodes/,
  },
  {
    what: "a drain that outlives the mount targets",
    policy: "drivers-drained",
    resources: teardown(nodes, target, addonOnNodes, drainOf(addonOnNodes)),
    violation: /drain drain doesn't depend on MountTarget target/,
  },
  {
    what: "a drain that outlives its add-on",
    policy: "drivers-drained",
    resources: teardown(nodes, addonOnNodes, drainOf(nodes)),
    violation: /drain drain doesn't depend on Addon efs/,
  },
  { what: "an add-on on nodes", policy: "drivers-outlive-volumes", resources: teardown(nodes, addonOnNodes) },
  {
    what: "an add-on that outlives its nodes",
    policy: "drivers-outlive-volumes",
    resources: teardown(nodes, addonWithoutNodes),
    violation: /runs on nodes, and doesn't depend on NodeGroup nodes/,
  },
  { what: "a volume of NFS", policy: "efs-volume-over-tls", resources: [onNfs], violation: /plain NFS/ },
  {
    what: "a pod's own NFS",
    policy: "efs-volume-over-tls",
    resources: [deployment(mounting({}, { name: "data", nfs }))],
    violation: /volume data is plain NFS of 10.0.0.1/,
  },
  { what: "a volume of NFS", policy: "volumes-retained", resources: [onNfs], violation: /is Delete/ },
  {
    what: "a database on a volume of NFS",
    policy: "no-database-on-shared-storage",
    resources: [onNfs, bound, deployment(mounting(database, ofClaim("data")))],
    violation: /is on nfs/,
  },
  {
    what: "a database on its pod's own NFS",
    policy: "no-database-on-shared-storage",
    resources: [deployment(mounting(database, { name: "data", nfs }))],
    violation: /is on nfs/,
  },
  {
    what: "a database on the default class",
    policy: "no-database-on-shared-storage",
    resources: [
      storageClass("ebs", EBS),
      storageClass("efs", EFS, { metadata: { name: "efs", annotations: DEFAULT } }),
      unclassed,
      deployment(mounting(database, ofClaim("data"))),
    ],
    violation: /is on efs/,
  },
  {
    what: "a database on one of two default classes",
    policy: "no-database-on-shared-storage",
    resources: [
      storageClass("ebs", EBS, { metadata: { name: "ebs", annotations: DEFAULT } }),
      storageClass("efs", EFS, { metadata: { name: "efs", annotations: DEFAULT } }),
      unclassed,
      deployment(mounting(database, ofClaim("data"))),
    ],
    isNotKnown: true,
  },
  {
    what: "a policy of other pods",
    policy: "workload-has-network-policy",
    resources: [networkPolicy("others", { ...both, podSelector: ofOthers }), deployment({})],
    violation: /no network policy of its namespace/,
  },
  {
    what: "a policy whose expressions find the pods",
    policy: "workload-has-network-policy",
    resources: [networkPolicy("own", { ...both, podSelector: ofShop }), deployment({})],
  },
  {
    what: "a policy of all pods",
    policy: "workload-has-network-policy",
    resources: [networkPolicy("all", both), deployment({})],
  },
  ...["Exists", "In"].map((operator) => ({
    what: `a budget of what ${operator === "In" ? "is in no tier" : "has a tier"}`,
    policy: "budget-lets-nodes-drain",
    resources: [
      budget("others", { maxUnavailable: 1, selector: expressions({ key: "tier", operator, values: [] }) }),
      deployment({}),
    ],
    violation: /no budget/,
  })),
  ...[
    { key: "app", operator: "NotIn", values: ["shop"] },
    { key: "app", operator: "DoesNotExist" },
  ].map((expression) => ({
    what: `a budget of what has ${expression.operator}`,
    policy: "budget-lets-nodes-drain",
    resources: [budget("others", { maxUnavailable: 1, selector: expressions(expression) }), deployment({})],
    violation: /no budget/,
  })),
  {
    what: "a budget without a selector",
    policy: "budget-lets-nodes-drain",
    resources: [budget("none", { maxUnavailable: 1 }), deployment({})],
    violation: /no budget/,
  },
  {
    what: "a budget of all pods",
    policy: "budget-lets-nodes-drain",
    resources: [budget("all", { maxUnavailable: 1, selector: {} }), deployment({})],
  },
  ...[{ minAvailable: "51%" }, { minAvailable: 2 }, { maxUnavailable: "0%" }, { maxUnavailable: 0 }, {}].map(
    (spec) => ({
      what: `a budget of ${JSON.stringify(spec)} of 2`,
      policy: "budget-lets-nodes-drain",
      resources: [budget("all", { ...spec, selector: {} }), deployment({})],
      violation: /never allows an eviction/,
    }),
  ),
  ...[{ minAvailable: "50%" }, { minAvailable: 1 }, { maxUnavailable: "1%" }].map((spec) => ({
    what: `a budget of ${JSON.stringify(spec)} of 2`,
    policy: "budget-lets-nodes-drain",
    resources: [budget("all", { ...spec, selector: {} }), deployment({})],
  })),
  {
    what: "a budget of one of two workloads' pods",
    policy: "budget-lets-nodes-drain",
    resources: [
      budget("all", { minAvailable: 1, selector: {} }),
      deployment({}, 1),
      object("apps/v1:StatefulSet")("other", { ...pod({}), replicas: 1 }),
    ],
  },
  {
    what: "a workload at rest",
    policy: "budget-lets-nodes-drain",
    resources: [budget("all", { selector: {} }), deployment({}, 0)],
  },
  ...["kubernetes.io/aws-ebs", "ebs.csi.eks.amazonaws.com"].flatMap((provisioner) =>
    [
      { policy: "ebs-class-encrypted", violation: /encrypted is left out/ },
      { policy: "ebs-class-waits", violation: /means Immediate/ },
      { policy: "volumes-retained", violation: /means Delete/ },
    ].map((it) => ({ ...it, what: `a class of ${provisioner}`, resources: [storageClass("gp2", provisioner)] })),
  ),
  {
    what: "a class of the in-tree provisioner, with the EBS add-on",
    policy: "drivers-outlive-volumes",
    resources: [
      resource("aws:eks/addon:Addon", "ebs", { addonName: "aws-ebs-csi-driver" }),
      storageClass("gp2", "kubernetes.io/aws-ebs"),
    ],
    violation: /doesn't depend on Addon ebs/,
  },
  { what: "a pod that waits for a database", policy: "database-time-to-stop", resources: [deployment(waits)] },
  { what: "a job that dumps a database", policy: "database-time-to-stop", resources: [job(mounting(database))] },
  {
    what: "a database in a sidecar",
    policy: "database-time-to-stop",
    resources: [
      deployment({ initContainers: [{ name: "db", restartPolicy: "Always", image: "mysql:8.4" }], containers: [] }),
    ],
    violation: /left out, which means 30/,
  },
  {
    what: "data on an ephemeral volume",
    policy: "no-data-on-empty-dir",
    resources: [deployment(mounting({}, { name: "data", ephemeral: { volumeClaimTemplate: { spec: {} } } }))],
    violation: /the ephemeral volume data at \/data/,
  },
  {
    what: "a claim that names no class where there is none",
    policy: "one-default-class",
    resources: [cluster, unclassed],
    violation: /it stays pending/,
  },
  {
    what: "a set's claims that name no class where there is none",
    policy: "one-default-class",
    resources: [
      cluster,
      object("apps/v1:StatefulSet")("shop", { ...pod({}), volumeClaimTemplates: [{ metadata: {}, spec: {} }] }),
    ],
    violation: /it stays pending/,
  },
  { what: "a cluster that needs no class", policy: "one-default-class", resources: [cluster, bound] },
  { what: "a claim in a cluster of another stack", policy: "one-default-class", resources: [unclassed] },
  {
    what: "claims named by their outputs",
    policy: "claims-outlive-workloads",
    preview: true,
    resources: [
      first,
      second,
      deployment(mounting({}, ofClaim(unknown), ofClaim(unknown, "more")), 2, from(first, second)),
    ],
  },
  {
    what: "a claim named by its output, of one node",
    policy: "shared-volume-read-write-many",
    preview: true,
    resources: [unclassed, deployment(mounting({}, ofClaim(unknown)), 2, from(unclassed))],
    violation: /2 replicas share the claim default\/data/,
  },
  {
    what: "one of two claims",
    policy: "shared-volume-read-write-many",
    preview: true,
    resources: [first, second, deployment(mounting({}, ofClaim(unknown)), 2, from(first, second))],
    isNotKnown: true,
  },
];

describe("policies, on resources of other programs", () => hold(cases));
