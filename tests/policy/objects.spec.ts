import assert from "node:assert/strict";
import { rules } from "../../policy/rules";
import { type Registration, unknown } from "../support/registrations";
import { judge } from "./judgement";

const DEFAULT = { "storageclass.kubernetes.io/is-default-class": "true" };
const EFS = "efs.csi.aws.com";
const EBS = "ebs.csi.aws.com";
const labels = { app: "shop" };

const urnOf = (type: string, name: string) => `urn:pulumi:test::eks-storage::${type}::${name}`;

/** A resource of a program that somebody else wrote. */
function made(type: string, name: string, inputs: object, links: Partial<Registration> = {}): Registration {
  return {
    ...{ type, name, urn: urnOf(type, name), custom: true, inputs, parent: "", dependencies: [] },
    ...{ propertyDependencies: {}, provider: "", providers: {}, protect: false, retainOnDelete: false },
    ...{ deleteBeforeReplace: false, replaceOnChanges: [], ignoreChanges: [], additionalSecretOutputs: [] },
    ...{ importId: "", ...links },
  };
}

/** It waits for others, and its spec comes from some of them. */
const after = (...others: Registration[]) => ({ dependencies: others.map(({ urn }) => urn) });
const from = (...others: Registration[]) => ({ propertyDependencies: { spec: others.map(({ urn }) => urn) } });

const object = (type: string) => (name: string, spec: object, links?: Partial<Registration>) =>
  made(`kubernetes:${type}`, name, { metadata: { name }, spec }, links);
const volume = object("core/v1:PersistentVolume");
const claim = object("core/v1:PersistentVolumeClaim");
const budget = object("policy/v1:PodDisruptionBudget");
const policy = object("networking.k8s.io/v1:NetworkPolicy");
const pod = (spec: object) => ({ template: { metadata: { labels }, spec } });
const deployment = (spec: object, replicas = 2, links?: Partial<Registration>) =>
  object("apps/v1:Deployment")("shop", { replicas, ...pod(spec) }, links);
const job = (spec: object) => object("batch/v1:Job")("shop", pod(spec));
const storageClass = (name: string, provisioner: string, more: object = {}) =>
  made("kubernetes:storage.k8s.io/v1:StorageClass", name, { metadata: { name }, provisioner, ...more });
const point = (name: string, uid: number) =>
  made("aws:efs/accessPoint:AccessPoint", name, { posixUser: { uid, gid: uid } });
const mounting = (container: object, ...volumes: object[]) => ({
  containers: [{ name: "shop", image: "shop:1", volumeMounts: [{ name: "data", mountPath: "/data" }], ...container }],
  volumes,
});
const as = (id: number) => ({ securityContext: { runAsUser: id, runAsGroup: id } });
const ofClaim = (claimName: unknown, name = "data") => ({ name, persistentVolumeClaim: { claimName } });

interface Case {
  what: string;
  rule: string;
  of: Registration[];
  /** What the rule finds wrong; nothing where it is left out. */
  says?: RegExp;
  isOpen?: boolean;
  preview?: boolean;
}

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

const nodes = made("aws:eks/nodeGroup:NodeGroup", "nodes", {});
const target = made("aws:efs/mountTarget:MountTarget", "target", {});
const addon = (...before: Registration[]) =>
  made("aws:eks/addon:Addon", "efs", { addonName: "aws-efs-csi-driver" }, after(...before));
const drainOf = (...before: Registration[]) =>
  made("pulumi-nodejs:dynamic:Resource", "drain", { driver: EFS }, after(...before));
/** A stack torn down in this order, from the end, and a class that uses all of it. */
const teardown = (...stack: Registration[]) => [
  ...stack,
  { ...storageClass("efs", EFS, { parameters: {} }), ...after(...stack) },
];
const addonOnNodes = addon(nodes);
const careless = addon();

const nfs = { server: "10.0.0.1", path: "/" };
const onNfs = volume("data", { nfs, persistentVolumeReclaimPolicy: "Delete" });
const database = { image: "mysql:8.4" };
const unclassed = claim("data", { accessModes: ["ReadWriteOnce"] });
const cluster = made("eks:index:Cluster", "cluster", {});
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
    rule: "efs-volume-by-access-point",
    of: [onEfs("fs-1")],
    says: /fs-1, which names no access point/,
  },
  {
    what: "a volume of a directory without an access point",
    rule: "efs-volume-by-access-point",
    of: [onEfs("fs-1:/data")],
    says: /names no access point/,
  },
  {
    what: "a file system's id though an access point is near",
    rule: "efs-volume-by-access-point",
    of: [own, onEfs("fs-1", from(own))],
    says: /names no access point/,
  },
  {
    what: "a file system's id though an access point's isn't known yet",
    rule: "efs-volume-by-access-point",
    preview: true,
    of: [own, onEfs("fs-1", from(own))],
    says: /names no access point/,
  },
  { what: "an access point of another stack", rule: "efs-volume-by-access-point", of: [onEfs("fs-1::fsap-1")] },
  {
    what: "a handle that comes from an access point",
    rule: "efs-volume-by-access-point",
    preview: true,
    of: [own, onEfs(unknown, from(own))],
  },
  {
    what: "a handle that comes from nowhere",
    rule: "efs-volume-by-access-point",
    preview: true,
    of: [own, onEfs(unknown)],
    isOpen: true,
  },
  {
    what: "a pod that is right for one of two access points",
    rule: "efs-identity-matches-pod",
    preview: true,
    of: [own, other, ofOneRecord, bound, deployment(mounting(as(999), ofClaim("data")))],
    isOpen: true,
  },
  {
    what: "a pod that is wrong for both",
    rule: "efs-identity-matches-pod",
    preview: true,
    of: [own, other, ofOneRecord, bound, deployment(mounting(as(1), ofClaim("data")))],
    says: /runs as 1:1, access point own acts as 999:999/,
  },
  { what: "a pod of the class's user", rule: "efs-identity-matches-pod", of: dynamic({ uid: "999", gid: "999" }) },
  {
    what: "a pod of another user than the class's",
    rule: "efs-identity-matches-pod",
    of: dynamic({ uid: "1000", gid: "999" }),
    says: /runs as 999:999, class efs makes access points of 1000:999/,
  },
  {
    what: "a class that names no user",
    rule: "efs-identity-matches-pod",
    of: dynamic({}),
    says: /class efs lets the driver choose/,
  },
  {
    what: "a drain under which driver, nodes and mount targets stay",
    rule: "drivers-drained",
    of: teardown(nodes, target, addonOnNodes, drainOf(addonOnNodes, nodes, target)),
  },
  {
    what: "a drain that outlives the nodes",
    rule: "drivers-drained",
    of: teardown(nodes, careless, drainOf(careless)),
    says: /drain drain doesn't depend on NodeGroup nodes/,
  },
  {
    what: "a drain that outlives the mount targets",
    rule: "drivers-drained",
    of: teardown(nodes, target, addonOnNodes, drainOf(addonOnNodes)),
    says: /drain drain doesn't depend on MountTarget target/,
  },
  {
    what: "a drain that outlives its add-on",
    rule: "drivers-drained",
    of: teardown(nodes, addonOnNodes, drainOf(nodes)),
    says: /drain drain doesn't depend on Addon efs/,
  },
  { what: "an add-on on nodes", rule: "drivers-outlive-volumes", of: teardown(nodes, addonOnNodes) },
  {
    what: "an add-on that outlives its nodes",
    rule: "drivers-outlive-volumes",
    of: teardown(nodes, careless),
    says: /runs on nodes, and doesn't depend on NodeGroup nodes/,
  },
  { what: "a volume of NFS", rule: "efs-volume-over-tls", of: [onNfs], says: /plain NFS/ },
  {
    what: "a pod's own NFS",
    rule: "efs-volume-over-tls",
    of: [deployment(mounting({}, { name: "data", nfs }))],
    says: /volume data is plain NFS of 10.0.0.1/,
  },
  { what: "a volume of NFS", rule: "volumes-retained", of: [onNfs], says: /is Delete/ },
  {
    what: "a database on a volume of NFS",
    rule: "no-database-on-shared-storage",
    of: [onNfs, bound, deployment(mounting(database, ofClaim("data")))],
    says: /one of nfs/,
  },
  {
    what: "a database on its pod's own NFS",
    rule: "no-database-on-shared-storage",
    of: [deployment(mounting(database, { name: "data", nfs }))],
    says: /one of nfs/,
  },
  {
    what: "a database on the default class",
    rule: "no-database-on-shared-storage",
    of: [
      storageClass("ebs", EBS),
      storageClass("efs", EFS, { metadata: { name: "efs", annotations: DEFAULT } }),
      unclassed,
      deployment(mounting(database, ofClaim("data"))),
    ],
    says: /one of efs/,
  },
  {
    what: "a database on one of two default classes",
    rule: "no-database-on-shared-storage",
    of: [
      storageClass("ebs", EBS, { metadata: { name: "ebs", annotations: DEFAULT } }),
      storageClass("efs", EFS, { metadata: { name: "efs", annotations: DEFAULT } }),
      unclassed,
      deployment(mounting(database, ofClaim("data"))),
    ],
    isOpen: true,
  },
  {
    what: "a policy of other pods",
    rule: "workload-has-network-policy",
    of: [policy("others", { ...both, podSelector: ofOthers }), deployment({})],
    says: /no policy of its namespace/,
  },
  {
    what: "a policy whose expressions find the pods",
    rule: "workload-has-network-policy",
    of: [policy("own", { ...both, podSelector: ofShop }), deployment({})],
  },
  { what: "a policy of all pods", rule: "workload-has-network-policy", of: [policy("all", both), deployment({})] },
  ...["Exists", "In"].map((operator) => ({
    what: `a budget of what ${operator === "In" ? "is in no tier" : "has a tier"}`,
    rule: "budget-lets-nodes-drain",
    of: [
      budget("others", { maxUnavailable: 1, selector: expressions({ key: "tier", operator, values: [] }) }),
      deployment({}),
    ],
    says: /no budget/,
  })),
  ...[
    { key: "app", operator: "NotIn", values: ["shop"] },
    { key: "app", operator: "DoesNotExist" },
  ].map((expression) => ({
    what: `a budget of what has ${expression.operator}`,
    rule: "budget-lets-nodes-drain",
    of: [budget("others", { maxUnavailable: 1, selector: expressions(expression) }), deployment({})],
    says: /no budget/,
  })),
  {
    what: "a budget without a selector",
    rule: "budget-lets-nodes-drain",
    of: [budget("none", { maxUnavailable: 1 }), deployment({})],
    says: /no budget/,
  },
  {
    what: "a budget of all pods",
    rule: "budget-lets-nodes-drain",
    of: [budget("all", { maxUnavailable: 1, selector: {} }), deployment({})],
  },
  ...[{ minAvailable: "51%" }, { minAvailable: 2 }, { maxUnavailable: "0%" }, { maxUnavailable: 0 }, {}].map(
    (spec) => ({
      what: `a budget of ${JSON.stringify(spec)} of 2`,
      rule: "budget-lets-nodes-drain",
      of: [budget("all", { ...spec, selector: {} }), deployment({})],
      says: /never lets a pod of it go/,
    }),
  ),
  ...[{ minAvailable: "50%" }, { minAvailable: 1 }, { maxUnavailable: "1%" }].map((spec) => ({
    what: `a budget of ${JSON.stringify(spec)} of 2`,
    rule: "budget-lets-nodes-drain",
    of: [budget("all", { ...spec, selector: {} }), deployment({})],
  })),
  {
    what: "a budget of one of two workloads' pods",
    rule: "budget-lets-nodes-drain",
    of: [
      budget("all", { minAvailable: 1, selector: {} }),
      deployment({}, 1),
      object("apps/v1:StatefulSet")("other", { ...pod({}), replicas: 1 }),
    ],
  },
  {
    what: "a workload at rest",
    rule: "budget-lets-nodes-drain",
    of: [budget("all", { selector: {} }), deployment({}, 0)],
  },
  ...["kubernetes.io/aws-ebs", "ebs.csi.eks.amazonaws.com"].flatMap((provisioner) =>
    [
      { rule: "ebs-class-encrypted", says: /encrypted is left out/ },
      { rule: "ebs-class-waits", says: /means Immediate/ },
      { rule: "volumes-retained", says: /means Delete/ },
    ].map((it) => ({ ...it, what: `a class of ${provisioner}`, of: [storageClass("gp2", provisioner)] })),
  ),
  {
    what: "a class of the old plugin beside the add-on that does its work",
    rule: "drivers-outlive-volumes",
    of: [
      made("aws:eks/addon:Addon", "ebs", { addonName: "aws-ebs-csi-driver" }),
      storageClass("gp2", "kubernetes.io/aws-ebs"),
    ],
    says: /doesn't depend on Addon ebs/,
  },
  { what: "a pod that waits for a database", rule: "database-time-to-stop", of: [deployment(waits)] },
  { what: "a job that dumps a database", rule: "database-time-to-stop", of: [job(mounting(database))] },
  {
    what: "a database beside the container",
    rule: "database-time-to-stop",
    of: [deployment({ initContainers: [{ name: "db", restartPolicy: "Always", image: "mysql:8.4" }], containers: [] })],
    says: /left out, which means 30/,
  },
  {
    what: "data on an ephemeral volume",
    rule: "no-data-on-empty-dir",
    of: [deployment(mounting({}, { name: "data", ephemeral: { volumeClaimTemplate: { spec: {} } } }))],
    says: /the ephemeral data at \/data/,
  },
  {
    what: "a claim that names no class where there is none",
    rule: "one-default-class",
    of: [cluster, unclassed],
    says: /it stays pending/,
  },
  {
    what: "a set's claims that name no class where there is none",
    rule: "one-default-class",
    of: [
      cluster,
      object("apps/v1:StatefulSet")("shop", { ...pod({}), volumeClaimTemplates: [{ metadata: {}, spec: {} }] }),
    ],
    says: /it stays pending/,
  },
  { what: "a cluster that needs no class", rule: "one-default-class", of: [cluster, bound] },
  { what: "a claim in a cluster of another stack", rule: "one-default-class", of: [unclassed] },
  {
    what: "claims named by their outputs",
    rule: "claims-outlive-workloads",
    preview: true,
    of: [first, second, deployment(mounting({}, ofClaim(unknown), ofClaim(unknown, "more")), 2, from(first, second))],
  },
  {
    what: "a claim named by its output, of one node",
    rule: "shared-volume-read-write-many",
    preview: true,
    of: [unclassed, deployment(mounting({}, ofClaim(unknown)), 2, from(unclassed))],
    says: /2 replicas share the claim default\/data/,
  },
  {
    what: "one of two claims",
    rule: "shared-volume-read-write-many",
    preview: true,
    of: [first, second, deployment(mounting({}, ofClaim(unknown)), 2, from(first, second))],
    isOpen: true,
  },
];

describe("what rules make of objects that somebody else wrote", () => {
  for (const { what, rule, of, says, isOpen, preview } of cases) {
    const verdict = says ? "violates" : isOpen ? "can't be judged by" : "passes";
    it(`${what} ${verdict} ${rule}`, () => {
      const found = judge(of, preview ?? false, [rules.find(({ name }) => name === rule)!]);
      const reasons = found.flatMap((it) => it.reasons);
      const open = found.filter(({ notKnown }) => notKnown !== undefined);
      assert.equal(open.length > 0, isOpen ?? false, JSON.stringify(found));
      if (says) assert.match(reasons.join("\n"), says);
      else assert.deepEqual(reasons, []);
    });
  }
});
