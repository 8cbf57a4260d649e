import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "./csiDrivers";
import { databaseCredentials } from "./databaseCredentials";
import { restrictedContainer, restrictedPod } from "./podSecurity";
import { durable, reclaimPolicyOf, type Retention } from "./retention";
import { asDeclared, disruptionBudget, dnsEgress, labelsOf, networkPolicy, serviceAccount } from "./workload";

/** The name of the StatefulSet, its headless Service, its Secret and its account. */
export const MYSQL = "catalog-mysql";
/** The claim that the set's only pod uses: the template's name, the set's, the pod's ordinal. */
export const MYSQL_CLAIM = `data-${MYSQL}-0`;

const PORT = 3306;
const DATABASE = "catalog";
const USER = "catalog";
/** The user `mysql` of the image. */
const IDENTITY = { uid: 999, gid: 999 };
const SECRETS = "/etc/catalog-mysql";

/** What the catalog's pods need in their environment to reach the database. */
export const mysqlClientEnvironment: kubernetes.types.input.core.v1.EnvVar[] = [
  { name: "RETAIL_CATALOG_PERSISTENCE_PROVIDER", value: "mysql" },
  { name: "RETAIL_CATALOG_PERSISTENCE_ENDPOINT", value: `${MYSQL}:${PORT}` },
  { name: "RETAIL_CATALOG_PERSISTENCE_DB_NAME", value: DATABASE },
  { name: "RETAIL_CATALOG_PERSISTENCE_USER", value: USER },
  {
    name: "RETAIL_CATALOG_PERSISTENCE_PASSWORD",
    valueFrom: { secretKeyRef: { name: MYSQL, key: "password" } },
  },
];

/** The way from the catalog's pods to the database. */
export const mysqlEgress: kubernetes.types.input.networking.v1.NetworkPolicyEgressRule = {
  to: [{ podSelector: { matchLabels: labelsOf(MYSQL) } }],
  ports: [{ port: PORT, protocol: "TCP" }],
};

/** An EBS volume that an earlier stack kept. */
export interface KeptDiskArgs {
  /** `vol-…`. It must carry the tag `ebs.csi.aws.com/cluster=true`, as disks that the driver made do. Plain. */
  volumeId: string;
  /** The availability zone that it is in. Plain. */
  zone: string;
}

/** The kept disk that a configuration names, if it names one. */
export function keptDiskOf(volumeId: string | undefined, zone: string | undefined): KeptDiskArgs | undefined {
  return volumeId && zone ? { volumeId, zone } : undefined;
}

export interface MysqlArgs {
  namespace: string;
  image: pulumi.Input<string>;
  storageClassName: string;
  storage: pulumi.Input<string>;
  zone: string;
  clientLabels: Record<string, string>;
  retention: Retention;
  parameterName: string;
  takeUpCredentials: boolean;
  keptDisk?: KeptDiskArgs;
}

/**
 * One MySQL on an EBS disk. Its claim is a resource of ours, which the set adopts by name: so it can be protected, grown
 * and ordered. Returns what clients depend on.
 */
export function mysql(name: string, args: MysqlArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const workload = { namespace: args.namespace, labels: labelsOf(MYSQL) };
  const metadata = { name: MYSQL, ...workload };

  const { parameterName, takeUpCredentials: takeUp, retention } = args;
  const credentials = databaseCredentials(name, { parameterName, takeUp, metadata, retention }, opts);
  const claim = claimOf(name, args, metadata, opts);
  const account = serviceAccount(name, workload, opts);
  networkPolicy(
    name,
    workload,
    { port: PORT, from: [{ podSelector: { matchLabels: args.clientLabels } }], egress: [dnsEgress] },
    opts,
  );
  disruptionBudget(name, workload, opts);
  const headless = new kubernetes.core.v1.Service(
    name,
    {
      // The set needs it for its pod's name, so nobody may wait here until it reaches that pod.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        clusterIP: "None",
        selector: workload.labels,
        ports: [{ name: "mysql", port: PORT, targetPort: PORT, protocol: "TCP" }],
      },
    },
    opts,
  );

  const set = new kubernetes.apps.v1.StatefulSet(
    name,
    {
      metadata: { ...metadata, annotations: asDeclared },
      spec: {
        serviceName: MYSQL,
        replicas: 1,
        selector: { matchLabels: workload.labels },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        template: {
          metadata: { labels: workload.labels },
          spec: podSpec(args.image, args.keptDisk?.zone ?? args.zone),
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: args.storageClassName,
              resources: { requests: { storage: args.storage } },
            },
          },
        ],
      },
    },
    // The claim is there already; a template can't be changed, and a new set would be an outage.
    { ...opts, dependsOn: [claim, credentials, account, headless], ignoreChanges: ["spec.volumeClaimTemplates"] },
  );
  return [set];
}

/** A claim of our own, which the set adopts by name: a new disk, or one that an earlier stack kept. */
function claimOf(
  name: string,
  args: MysqlArgs,
  metadata: { name: string; namespace: string },
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.PersistentVolumeClaim {
  const { keptDisk, storageClassName, retention } = args;
  const spec = {
    accessModes: ["ReadWriteOnce"],
    storageClassName,
    resources: { requests: { storage: args.storage } },
  };
  const volumeName = keptDisk ? `${args.namespace}-${MYSQL_CLAIM}-${keptDisk.volumeId}` : undefined;
  const volume =
    keptDisk &&
    new kubernetes.core.v1.PersistentVolume(
      `${name}-data`,
      {
        // The driver deletes only what it is said to have made.
        metadata: { name: volumeName, annotations: { "pv.kubernetes.io/provisioned-by": csiDrivers.ebs.driverName } },
        spec: {
          accessModes: spec.accessModes,
          storageClassName,
          capacity: { storage: args.storage },
          persistentVolumeReclaimPolicy: reclaimPolicyOf(retention),
          claimRef: { namespace: args.namespace, name: MYSQL_CLAIM },
          csi: { driver: csiDrivers.ebs.driverName, volumeHandle: keptDisk.volumeId, fsType: "ext4" },
          nodeAffinity: inZone(keptDisk.zone),
        },
      },
      { ...opts, ...durable(retention) },
    );
  return new kubernetes.core.v1.PersistentVolumeClaim(
    `${name}-data`,
    {
      // The class waits for the pod, and the pod for its set: nobody may wait for the claim here.
      metadata: { ...metadata, name: MYSQL_CLAIM, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { ...spec, volumeName },
    },
    {
      ...opts,
      ...durable(retention),
      ...(volume ? { dependsOn: [volume] } : {}),
      // Set when a kept disk is taken up; a change would be another, empty disk.
      ignoreChanges: ["spec.volumeName"],
    },
  );
}

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#node-affinity */
function inZone(zone: string): kubernetes.types.input.core.v1.VolumeNodeAffinity {
  const inIt = { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] };
  return { required: { nodeSelectorTerms: [{ matchExpressions: [inIt] }] } };
}

function podSpec(image: pulumi.Input<string>, zone: string): kubernetes.types.input.core.v1.PodSpec {
  // Over TCP, which the image opens only after the first initialisation is complete.
  const ping = { exec: { command: ["mysqladmin", "ping", "--host=127.0.0.1"] }, timeoutSeconds: 5 };
  return {
    serviceAccountName: MYSQL,
    automountServiceAccountToken: false,
    // InnoDB writes its buffers out before it stops; killed earlier, the next start is a recovery.
    terminationGracePeriodSeconds: 120,
    // Where the first pod runs the disk is made, and it stays there: a zone that is named can be kept.
    nodeSelector: { "topology.kubernetes.io/zone": zone },
    securityContext: restrictedPod(IDENTITY, IDENTITY.gid),
    containers: [
      {
        name: "mysql",
        image,
        ports: [{ name: "mysql", containerPort: PORT }],
        env: [
          { name: "MYSQL_ROOT_PASSWORD_FILE", value: `${SECRETS}/root-password` },
          { name: "MYSQL_ROOT_HOST", value: "localhost" },
          { name: "MYSQL_DATABASE", value: DATABASE },
          { name: "MYSQL_USER", value: USER },
          { name: "MYSQL_PASSWORD_FILE", value: `${SECRETS}/password` },
        ],
        // A killed first initialisation leaves a directory that counts as complete: give it ten minutes.
        startupProbe: { ...ping, periodSeconds: 5, failureThreshold: 120 },
        readinessProbe: { ...ping, periodSeconds: 5 },
        livenessProbe: { ...ping, periodSeconds: 10, failureThreshold: 6 },
        volumeMounts: [
          { name: "data", mountPath: "/var/lib/mysql" },
          { name: "credentials", mountPath: SECRETS, readOnly: true },
          { name: "run", mountPath: "/var/run/mysqld" },
          { name: "tmp", mountPath: "/tmp" },
        ],
        securityContext: restrictedContainer,
        resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "1Gi" } },
      },
    ],
    volumes: [
      { name: "credentials", secret: { secretName: MYSQL, defaultMode: 0o440 } },
      { name: "run", emptyDir: { sizeLimit: "16Mi" } },
      // On disk, not in memory: sorts and table changes spill here.
      { name: "tmp", emptyDir: { sizeLimit: "2Gi" } },
    ],
  };
}
