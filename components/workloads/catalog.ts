import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { validateDiskCredentials, validateOneDisk } from "./databaseDisk";
import { HTTP_PORT, MYSQL } from "./locations";
import { mysql, mysqlClientEnvironment, mysqlEgress } from "./mysql";
import { type AdoptedDiskArgs, mysqlClaimName } from "./mysqlDisk";
import { restrictedContainer, restrictedPod, spread } from "./podSecurity";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { validateReplicas } from "./replicas";
import { adopted } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { protectAndRetain, type Retention } from "../retention/retention";
import { typeTokens } from "../typeTokens";
import { snapshotHandleOf } from "../volumes/snapshotSource";
import { adoptedDisk, diskMustStay } from "../volumes/adoptedDisk";
import { sayDiskGrows } from "../volumes/diskGrowth";
import {
  anyNamespace,
  asDeclared,
  disruptionBudget,
  dnsEgress,
  labelsOf,
  networkPolicy,
  restrictedNamespace,
  service,
  serviceAccount,
  temporary,
} from "./workload";

export interface CatalogArgs {
  /** The namespace that is made for it. Plain. Default: `catalog`. */
  namespace?: string;
  /** The catalog's image, 1.x, by tag or digest. */
  image: pulumi.Input<string>;
  /** How many pods answer, at least 1. */
  replicas: pulumi.Input<number>;
  /** MySQL's image, 8.4, by tag or digest. */
  mysqlImage: pulumi.Input<string>;
  /** The EBS class of the database's disk. Plain: a claim can't move to another class. */
  storageClassName: string;
  /** Size of the database's disk, such as `20Gi`. It can grow, never shrink. */
  storage: pulumi.Input<string>;
  /** Availability zone of the database and its disk, which can't leave it. Plain. Ignored with `adoptDisk`, which names the disk's zone. */
  databaseZone: string;
  /** Whether the database outlives the stack. Plain. */
  retention: Retention;
  /** Name of the SSM parameter that keeps the database's passwords, such as `/shop-prod/catalog-mysql`. Plain. */
  credentialsParameter: string;
  /** Whether an earlier stack kept that parameter, and this one adopts it, once. Plain. Default: false. */
  adoptCredentials?: boolean;
  /** A database disk that an earlier stack kept, to be adopted. Leave it set afterwards. Plain. Default: a new disk. */
  adoptDisk?: AdoptedDiskArgs;
  /**
   * Id of an EBS snapshot, `snap-…`, that the database's disk is made from; recovery points of AWS Backup are such
   * snapshots. It must have the tag `ebs.csi.aws.com/cluster=true`, and `storage` must not be smaller than it. Another one
   * replaces claim and database. Leave it set afterwards. Plain. Default: an empty disk.
   */
  snapshotId?: string;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/** The user of the catalog's image. */
const IDENTITY = { uid: 1000, gid: 1000 };

/**
 * The retail store's `catalog` with its MySQL database, on an EBS disk that outlives the pod.
 *
 * Use it as an example of a database on a disk of its own, with its passwords in SSM, or to run the retail store.
 *
 * @throws pulumi.RunError for `adoptDisk` without `adoptCredentials`, and for a disk that is both adopted and made from a
 *   snapshot; at a preview already, for a disk or a snapshot that isn't there, lacks the driver's tag or doesn't fit.
 */
export class Catalog extends pulumi.ComponentResource {
  /** The claim of the database's disk. Known at the first preview. */
  public readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("Catalog", name, args, () => validate(args));
    super(typeTokens.Catalog, name, {}, opts);
    const namespace = args.namespace ?? "catalog";
    const labels = labelsOf("catalog");
    const workload = { namespace, labels };
    const { adoptDisk, snapshotId, storage, credentialsParameter, adoptCredentials = false, argumentNames } = args;
    const adopter: Adopter = { type: typeTokens.Catalog, name, component: this, argumentNames };
    const disk = `${name}-mysql-data`;
    const isNew = !adoptDisk && !snapshotId;

    // Deleting a namespace deletes the claims in it, so it lives as long as the data.
    const within = restrictedNamespace(name, namespace, { parent: this, ...protectAndRetain(args.retention) });
    const inside = { parent: this, dependsOn: [within] };
    void sayDiskGrows(adopter, disk, known(storage));
    const database = mysql(
      `${name}-mysql`,
      {
        namespace,
        image: args.mysqlImage,
        storageClassName: args.storageClassName,
        storage: args.storage,
        zone: args.databaseZone,
        clientLabels: labels,
        retention: args.retention,
        parameterName: credentialsParameter,
        ...{ adoptCredentials, adopter, adoptDisk, snapshotId },
        mustStay: isNew ? diskMustStay(adopter, disk, mysqlClaimName(MYSQL, undefined)) : undefined,
        adoptedDisk: adoptDisk && adoptedDisk(adopter, disk, { adoptDisk, storage }),
        snapshotHandle: snapshotId ? snapshotHandleOf(name, { snapshotId, storage }, { parent: this }) : undefined,
      },
      inside,
    );
    const account = serviceAccount(name, workload, inside);
    networkPolicy(name, workload, { port: HTTP_PORT, from: anyNamespace, egress: [dnsEgress, mysqlEgress] }, inside);

    const deployment = new kubernetes.apps.v1.Deployment(
      name,
      {
        metadata: { name: "catalog", namespace, labels, annotations: asDeclared },
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: podSpec(args.image) },
        },
      },
      { parent: this, dependsOn: [database.set, account] },
    );
    service(
      name,
      workload,
      { name: "http", port: 80, targetPort: HTTP_PORT },
      { parent: this, dependsOn: [deployment] },
    );
    disruptionBudget(name, workload, inside);

    this.claimName = pulumi.output(database.claimName);
    this.registerOutputs({
      claimName: this.claimName,
      ...adopted({ credentialsParameter: adoptCredentials ? credentialsParameter : undefined }),
    });
  }
}

function podSpec(image: pulumi.Input<string>): kubernetes.types.input.core.v1.PodSpec {
  const health = { httpGet: { path: "/health", port: HTTP_PORT }, timeoutSeconds: 3, periodSeconds: 5 };
  return {
    serviceAccountName: "catalog",
    automountServiceAccountToken: false,
    securityContext: restrictedPod(IDENTITY),
    topologySpreadConstraints: spread(labelsOf("catalog")),
    containers: [
      {
        name: "catalog",
        image,
        ports: [{ name: "http", containerPort: HTTP_PORT }],
        env: mysqlClientEnvironment,
        startupProbe: { ...health, failureThreshold: 60 },
        readinessProbe: health,
        livenessProbe: { ...health, periodSeconds: 10 },
        volumeMounts: [temporary.mount],
        securityContext: restrictedContainer,
        resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } },
      },
    ],
    volumes: [temporary.volume],
  };
}

function validate({ replicas, adoptDisk, snapshotId, adoptCredentials }: CatalogArgs): Violation[] {
  return [
    ...validateReplicas(known(replicas)),
    ...validateDiskCredentials(adoptDisk, adoptCredentials),
    ...validateOneDisk(adoptDisk, snapshotId),
  ];
}
