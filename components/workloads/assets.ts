import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DynamicVolume } from "../volumes/dynamicVolume";
import type { MountAccess } from "../efs/mountAccess";
import { shortHash } from "../volumes/shortHash";
import { HTTP_PORT, IMAGES } from "./locations";
import { nginxConfiguration } from "./nginxConfiguration";
import { restrictedContainer, restrictedPod, spread } from "./podSecurity";
import { validatePosixIdentity, type PosixIdentity } from "../efs/posixIdentity";
import { assertArguments } from "../checks/assertValid";
import { validateExactlyOne } from "../checks/exactlyOne";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { validateReplicas } from "./replicas";
import { SeedingMode, seedingCommand } from "./seeding";
import { StaticVolume, validateVolumeSource } from "../volumes/staticVolume";
import { typeTokens } from "../typeTokens";
import {
  anyNamespace,
  asDeclared,
  disruptionBudget,
  labelsOf,
  networkPolicy,
  restrictedNamespace,
  service,
  serviceAccount,
  temporary,
} from "./workload";

/** The directory of an EFS file system that holds the images. */
export interface AssetsEfsArgs {
  /** The file system, `fs-…`. */
  fileSystemId: pulumi.Input<string>;
  /** The access point, `fsap-…`. */
  accessPointId: pulumi.Input<string>;
  /** The access point's path. Plain: with the identity it decides the claim's name. */
  path: string;
  /** A name of your choice for the file system: it is part of the claim's name. Plain. Default: none. */
  fileSystemName?: string;
  /** The file system's `mountAccess`. Plain. Default: `network`. */
  mountAccess?: MountAccess;
}

/** The EFS class that makes the volume that holds the images. */
export interface AssetsEfsClassArgs {
  /** An `EfsStorageClass` with the same identity. Plain: it decides the claim's name. */
  storageClassName: string;
  /** Id of the class's file system, `fs-…`, so that the claim is deleted before it. Default: none. */
  fileSystemId?: pulumi.Input<string>;
  /** A name of your choice for that file system: it is part of the claim's name. Plain. Default: none. */
  fileSystemName?: string;
}

/** The bucket that holds the images: see `S3VolumeArgs`. All plain: with the identity they decide the claim's name. */
export interface AssetsS3Args {
  /** The bucket's name. Plain. */
  bucketName: string;
  /** The bucket's region. Plain. */
  region: string;
  /** Only objects whose keys begin with this are shown, such as `images/`. It ends with a slash. Plain. Default: all objects. */
  prefix?: string;
}

export interface AssetsArgs {
  /** The namespace that is made for it. Plain. Default: `assets`. */
  namespace?: string;
  /** The image of nginx with the bundled product images, by tag or digest. */
  image: pulumi.Input<string>;
  /** How many pods serve the same images, at least 1. */
  replicas: pulumi.Input<number>;
  /** The user that the pods run as and the files belong to; the access point's or the class's. Plain. */
  identity: PosixIdentity;
  /**
   * The directory of a file system that has the images: this, `efsClass` or `s3`. A change from one to another makes another
   * volume, and copies no files. Plain but for the ids in it. Default: none.
   */
  efs?: AssetsEfsArgs;
  /** A class that makes a volume for the images: this, `efs` or `s3`. Plain but for the id in it. Default: none. */
  efsClass?: AssetsEfsClassArgs;
  /** A bucket that has the images: this, `efs` or `efsClass`. Plain. Default: none. */
  s3?: AssetsS3Args;
}

/**
 * The retail store's `assets`: nginx serving product images from a volume that all replicas share. The images bundled
 * in the image are copied there before nginx starts; nothing there is ever overwritten.
 *
 * Use it as an example of a workload on shared files, or to run the retail store. A program's own workload takes
 * {@link StaticVolume} or {@link DynamicVolume}.
 *
 * @throws pulumi.RunError unless exactly one of `efs`, `efsClass` and `s3` is given.
 */
export class Assets extends pulumi.ComponentResource {
  /** The claim's name. Known at the first preview. */
  public readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: AssetsArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("Assets", name, args, () => validate(args));
    super(typeTokens.Assets, name, {}, opts);
    const namespace = args.namespace ?? "assets";
    const workload = { namespace, labels: labelsOf("assets") };

    const within = restrictedNamespace(name, namespace, { parent: this });
    const inside = { parent: this, dependsOn: [within] };
    const { identity, efs, efsClass, s3 } = args;
    const common = { claimName: "assets", namespace };
    const kind = efs ? { efs: { ...efs, identity } } : { s3: { ...s3!, identity } };
    const volume = efsClass
      ? new DynamicVolume(name, { ...common, ...efsClass, identity }, inside)
      : new StaticVolume(name, { ...common, ...kind }, inside);
    const account = serviceAccount(name, workload, inside);
    // Its name follows its content, so that a change makes a new one and rolls the pods.
    const configurationName = `nginx-${shortHash([nginxConfiguration])}`;
    const configuration = new kubernetes.core.v1.ConfigMap(
      `${name}-${configurationName}`,
      {
        metadata: { name: configurationName, namespace, labels: workload.labels },
        data: { "nginx.conf": nginxConfiguration },
        immutable: true,
      },
      inside,
    );
    networkPolicy(name, workload, { port: HTTP_PORT, from: anyNamespace, egress: [] }, inside);

    const deployment = new kubernetes.apps.v1.Deployment(
      name,
      {
        metadata: { name: "assets", namespace, labels: workload.labels, annotations: asDeclared },
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: workload.labels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          template: {
            metadata: { labels: workload.labels },
            spec: podSpec(args, { claimName: volume.claimName, configurationName }),
          },
        },
      },
      { parent: this, dependsOn: [volume, account, configuration] },
    );
    service(
      name,
      workload,
      { name: "http", port: 80, targetPort: HTTP_PORT },
      { parent: this, dependsOn: [deployment] },
    );
    disruptionBudget(name, workload, inside);

    this.claimName = volume.claimName;
    this.registerOutputs({ claimName: this.claimName });
  }
}

function podSpec(
  args: AssetsArgs,
  names: { claimName: pulumi.Output<string>; configurationName: string },
): kubernetes.types.input.core.v1.PodSpec {
  const resources = { requests: { cpu: "128m", memory: "128Mi" }, limits: { memory: "128Mi" } };
  const health = { httpGet: { path: "/health.html", port: HTTP_PORT }, timeoutSeconds: 3, periodSeconds: 5 };
  return {
    serviceAccountName: "assets",
    automountServiceAccountToken: false,
    securityContext: restrictedPod(args.identity),
    topologySpreadConstraints: spread(labelsOf("assets")),
    initContainers: [
      {
        name: "seed",
        image: args.image,
        command: seedingCommand(IMAGES, "/volume", args.s3 ? SeedingMode.Copy : SeedingMode.Link),
        volumeMounts: [{ name: "images", mountPath: "/volume" }, temporary.mount],
        securityContext: restrictedContainer,
        resources,
      },
    ],
    containers: [
      {
        name: "assets",
        image: args.image,
        command: ["nginx", "-g", "daemon off;"],
        ports: [{ name: "http", containerPort: HTTP_PORT }],
        readinessProbe: health,
        livenessProbe: { ...health, initialDelaySeconds: 30 },
        volumeMounts: [
          { name: "images", mountPath: IMAGES },
          { name: "configuration", mountPath: "/etc/nginx/nginx.conf", subPath: "nginx.conf", readOnly: true },
          temporary.mount,
        ],
        securityContext: restrictedContainer,
        resources,
      },
    ],
    volumes: [
      { name: "images", persistentVolumeClaim: { claimName: names.claimName } },
      { name: "configuration", configMap: { name: names.configurationName } },
      temporary.volume,
    ],
  };
}

function validate({ identity, replicas, efs, efsClass, s3 }: AssetsArgs): Violation[] {
  return [
    ...validateExactlyOne({ efs, efsClass, s3 }),
    ...validatePosixIdentity(identity),
    ...validateVolumeSource({ efs, s3 }),
    ...validateReplicas(known(replicas)),
  ];
}
