import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { databaseCredentials } from "./databaseCredentials";
import { MYSQL, MYSQL_CONTAINER, MYSQL_DATA } from "./locations";
import { mysqlClaimName, mysqlDisk, type MysqlDiskArgs, mysqlTemplateName } from "./mysqlDisk";
import { restrictedContainer, restrictedPod } from "./podSecurity";
import type { Adopter } from "../retention/adopter";
import { asDeclared, disruptionBudget, dnsEgress, labelsOf, networkPolicy, serviceAccount } from "./workload";

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

export interface MysqlArgs extends MysqlDiskArgs {
  namespace: string;
  image: pulumi.Input<string>;
  zone: string;
  clientLabels: Record<string, string>;
  parameterName: string;
  adoptCredentials: boolean;
  adopter: Adopter;
}

/**
 * One MySQL on an EBS disk. The stack makes its claim, and the StatefulSet finds it by name. So the claim can be protected,
 * grown, and made in order. Clients depend on the set.
 */
export function mysql(
  name: string,
  args: MysqlArgs,
  opts: pulumi.CustomResourceOptions,
): { set: kubernetes.apps.v1.StatefulSet; claimName: string } {
  const workload = { namespace: args.namespace, labels: labelsOf(MYSQL) };
  const metadata = { name: MYSQL, ...workload };

  const { parameterName, adoptCredentials: adopt, adopter, retention } = args;
  const credentials = databaseCredentials(name, { parameterName, adopt, adopter, metadata, retention }, opts);
  const templateName = mysqlTemplateName(args.snapshotId);
  const claim = mysqlDisk(name, args, metadata, opts);
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
      // The set needs this Service for its pod's name, so the engine must not wait here for that pod.
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
      metadata: { ...metadata, annotations: onceThere(claim, asDeclared) },
      spec: {
        serviceName: MYSQL,
        replicas: 1,
        selector: { matchLabels: workload.labels },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        template: {
          metadata: { labels: workload.labels },
          spec: podSpec(args.image, args.adoptDisk?.zone ?? args.zone, templateName),
        },
        volumeClaimTemplates: [
          {
            metadata: { name: templateName },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: args.storageClassName,
              resources: { requests: { storage: args.storage } },
            },
          },
        ],
      },
    },
    {
      ...opts,
      dependsOn: [claim, credentials, account, headless],
      // The claim exists already, and a template can't change: a new set would be an outage. A new set is needed only
      // for another claim, which has another name.
      ignoreChanges: ["spec.volumeClaimTemplates[0].spec"],
    },
  );
  return { set, claimName: mysqlClaimName(MYSQL, args.snapshotId) };
}

/**
 * Annotations that a preview doesn't know where the claim is another one. Pulumi's Kubernetes plugin then leaves out its dry run,
 * which would apply the new set onto the old one, although that is deleted first, and end the preview with `Forbidden`.
 * https://github.com/pulumi/pulumi-kubernetes/issues/3984 and provider/pkg/provider/provider.go (skipPreview)
 */
const onceThere = (claim: pulumi.CustomResource, annotations: Record<string, string>) =>
  claim.id.apply(() => annotations);

function podSpec(
  image: pulumi.Input<string>,
  zone: string,
  dataVolume: string,
): kubernetes.types.input.core.v1.PodSpec {
  // Over TCP, which the image opens only after the first initialisation is complete.
  const ping = { exec: { command: ["mysqladmin", "ping", "--host=127.0.0.1"] }, timeoutSeconds: 5 };
  return {
    serviceAccountName: MYSQL,
    automountServiceAccountToken: false,
    // InnoDB writes its buffers out before it stops; killed earlier, the next start is a recovery.
    terminationGracePeriodSeconds: 120,
    // The disk is made in the zone of the first pod, and can't leave it. So the zone is fixed.
    nodeSelector: { "topology.kubernetes.io/zone": zone },
    securityContext: restrictedPod(IDENTITY, IDENTITY.gid),
    containers: [
      {
        name: MYSQL_CONTAINER,
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
          { name: dataVolume, mountPath: MYSQL_DATA },
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
