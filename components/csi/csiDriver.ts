import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CsiDriverKind } from "./csiDriverKind";
import { validateDriverVersion } from "../eks/addonVersions";
import { type CsiDriverData, csiDrivers, DEFAULT_ATTACH_LIMIT, type Identity } from "./csiDriverData";
import { type DiskSourceArgs, sourceKeyPolicy } from "./diskKey";
import { Drain } from "./drain";
import { PodCredentials } from "./podCredentials";
import { addon } from "../eks/addon";
import { serviceRole } from "../iam/role";
import { type RoleRulesArgs, validateRoleRules } from "../iam/roleRules";
import { podIdentityTrust } from "../eks/podIdentityTrust";
import { assertArguments } from "../checks/assertValid";
import { validateExactlyOne } from "../checks/exactlyOne";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { partitionOf } from "../partitions";
import { Tagged, validateTags } from "../tags/tagRules";
import { typeTokens } from "../typeTokens";

export interface CsiDriverArgs {
  /** The driver: EFS's, EBS's, or Mountpoint for S3. Plain. */
  kind: CsiDriverKind;
  /** The cluster's name in AWS. */
  clusterName: pulumi.Input<string>;
  /** The add-on's version, such as `v1.64.0-eksbuild.1`: `aws eks describe-addon-versions` lists them. */
  version: pulumi.Input<string>;
  /** The cluster's region, such as `eu-west-1`. With an IMDS hop limit of 1, `Cluster`'s, a pod can't ask its instance for it. */
  region: pulumi.Input<string>;
  /** Tags by name for the disks and snapshots that the driver makes; EBS only. Plain names. Default: none. */
  tags?: Record<string, pulumi.Input<string>>;
  /**
   * ARN of a customer's KMS key that encrypts the driver's volumes, which the driver gets the right to use; EBS and S3. AWS's
   * own keys need no right. Default: S3's own keys; for EBS the account's default key, with the right to use it where it is a
   * customer's.
   */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * How many volumes a node takes, at most; `Cluster` has it as an output. With an IMDS hop limit of 1 the driver can't ask.
   * EBS only. Default: 25.
   */
  volumeAttachLimit?: pulumi.Input<number>;
  /** A snapshot or an adopted disk whose KMS key the driver may use as well; EBS only. Whether it is given is plain. Default: none. */
  diskSource?: DiskSourceArgs;
  /**
   * A kubeconfig, JSON or YAML. For the drain, at a destroy, it may list persistentvolumes, volumeattachments (of the group
   * storage.k8s.io) and volumesnapshotcontents (of snapshot.storage.k8s.io); for the restart of pods that started without
   * credentials it may list and delete pods in kube-system. Secret.
   */
  kubeconfig: pulumi.Input<string>;
  /** How long a destroy waits for the driver's dynamic volumes to go, in minutes. Default: 10. */
  drainTimeoutInMinutes?: pulumi.Input<number>;
  /** ARNs of the buckets that the S3 driver may mount, by a name of your choice: required there, S3 only. Plain keys. Default: none. */
  bucketArns?: Record<string, pulumi.Input<string>>;
  /** What the account asks of IAM roles: a permissions boundary, a path, how names begin. Plain. Default: nothing. */
  roles?: RoleRulesArgs;
}

/**
 * One CSI driver: its EKS add-on, with a role and a Pod Identity association for each of its service accounts that calls
 * AWS; pods that started without are restarted. Everything that uses the driver must depend on this component. At a destroy its
 * last child, the drain, keeps the driver until the dynamic volumes are deleted, and fails after `drainTimeoutInMinutes` with
 * their names.
 *
 * Use one for each driver that a cluster's volumes need. Where somebody else has installed the driver, volumes and classes need
 * none. Tags, attach limits and disk sources are for EBS alone, buckets for S3.
 *
 * @throws pulumi.RunError for a version that doesn't know Pod Identity, for an argument that is another driver's, for the S3
 *   driver without buckets, and for tags that AWS or the driver doesn't accept.
 */
export class CsiDriver extends pulumi.ComponentResource {
  /** The driver's name in Kubernetes, such as `efs.csi.aws.com`. */
  public readonly driverName: pulumi.Output<string>;
  /** The add-on's version, once it is installed. */
  public readonly addonVersion: pulumi.Output<string>;

  constructor(name: string, args: CsiDriverArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("CsiDriver", name, args, () => validate(args));
    super(typeTokens.CsiDriver, name, {}, opts);
    const parent = this;
    const driver = csiDrivers[args.kind];
    const partition = pulumi.output(args.region).apply(partitionOf);

    const before: pulumi.Resource[] = [];
    for (const [key, identity] of Object.entries(driver.identities)) {
      const { serviceAccount, managedPolicies } = identity;
      const role = serviceRole(
        `${name}-${key}`,
        { assumeRolePolicy: podIdentityTrust, description: `${driver.driverName} ${key} of ${name}` },
        args.roles,
        { parent },
      );
      managedPolicies.forEach((policy) => {
        const policyName = policy.split("/").pop();
        const policyArn = pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`;
        before.push(
          new aws.iam.RolePolicyAttachment(`${name}-${key}-${policyName}`, { role: role.name, policyArn }, { parent }),
        );
      });
      for (const [policyName, policy] of Object.entries(ownPolicies(`${name}-${key}`, identity, args, parent))) {
        before.push(new aws.iam.RolePolicy(`${name}-${key}-${policyName}`, { role: role.name, policy }, { parent }));
      }
      before.push(
        new aws.eks.PodIdentityAssociation(
          `${name}-${key}`,
          { clusterName: args.clusterName, namespace: "kube-system", serviceAccount, roleArn: role.arn },
          { parent },
        ),
      );
    }

    const installed = addon(
      name,
      {
        clusterName: args.clusterName,
        addonName: driver.addonName,
        version: args.version,
        configurationValues: configurationValues(args),
      },
      // The drivers read the association from their pods' environment, which is set when a pod starts.
      { parent, dependsOn: before },
    );

    new PodCredentials(
      `${name}-credentials`,
      {
        addonName: driver.addonName,
        serviceAccounts: Object.values(driver.identities).map(({ serviceAccount }) => serviceAccount),
        kubeconfig: args.kubeconfig,
      },
      { parent, dependsOn: [installed] },
    );

    new Drain(
      `${name}-drain`,
      {
        driver: driver.driverName,
        kubeconfig: args.kubeconfig,
        timeoutInMinutes: args.drainTimeoutInMinutes ?? 10,
      },
      // The drain has a timeout of its own: the engine must not give up before it.
      { parent, dependsOn: [installed], customTimeouts: { delete: "24h" } },
    );

    this.driverName = pulumi.output(driver.driverName);
    this.addonVersion = installed.addonVersion;
    this.registerOutputs({ driverName: this.driverName, addonVersion: this.addonVersion });
  }
}

function configurationValues(args: CsiDriverArgs): pulumi.Output<string> | undefined {
  const { kind, region, tags = {}, volumeAttachLimit = DEFAULT_ATTACH_LIMIT } = args;
  const { configuration } = csiDrivers[kind];
  return configuration && pulumi.jsonStringify(configuration({ region, tags, volumeAttachLimit }));
}

/** Policies of our own for one of the driver's roles, by name. */
function ownPolicies(
  roleName: string,
  { bucketPolicy, keyPolicy, defaultKeyPolicy }: Identity,
  { bucketArns = {}, kmsKeyArn, diskSource, region }: CsiDriverArgs,
  parent: pulumi.Resource,
) {
  const policies: Record<string, pulumi.Output<string>> = {};
  for (const [bucket, arn] of Object.entries(bucketArns)) {
    if (bucketPolicy) policies[`bucket-${bucket}`] = bucketPolicy(arn);
  }
  if (keyPolicy && kmsKeyArn !== undefined) policies["kms"] = keyPolicy(kmsKeyArn);
  else if (defaultKeyPolicy) policies["kms"] = defaultKeyPolicy(`${roleName}-kms`, region, parent);
  if (keyPolicy && diskSource) policies["kms-source"] = sourceKeyPolicy(diskSource, region, { parent });
  return policies;
}

function validate({ kind, version, tags, kmsKeyArn, bucketArns, diskSource, roles }: CsiDriverArgs): Violation[] {
  const driver = csiDrivers[kind] as CsiDriverData | undefined;
  // What isn't typed may say anything.
  if (!driver) return [];
  const { configuration, identities } = driver;
  const useless = (argument: string, actual: unknown, fix: string): Violation => {
    return { argument, expected: `left out for ${kind}`, actual, fix };
  };
  const mounts = Object.values(identities).some(({ bucketPolicy }) => bucketPolicy !== undefined);
  const noBucket = {
    argument: "bucketArns",
    expected: "at least one bucket that the driver may mount",
    actual: bucketArns && Object.keys(bucketArns),
    fix: "Name each bucket that a volume is on: the driver reaches no other.",
  };
  const encrypts = Object.values(identities).some(({ keyPolicy }) => keyPolicy !== undefined);
  return [
    ...validateDriverVersion(kind, known(version)),
    ...validateRoleRules(roles),
    ...validateTags(tags ?? {}, [Tagged.Disks]),
    ...(tags && !configuration ? [useless("tags", tags, "Its driver can't be told which tags to give.")] : []),
    ...(kmsKeyArn !== undefined && !encrypts
      ? [useless("kmsKeyArn", known(kmsKeyArn), "The service encrypts by itself; its driver needs no key.")]
      : []),
    ...(diskSource && kind !== CsiDriverKind.Ebs
      ? [useless("diskSource", diskSource, "Only EBS has disks that are made from something.")]
      : []),
    ...(diskSource && kind === CsiDriverKind.Ebs
      ? validateExactlyOne({
          "diskSource.snapshotId": diskSource.snapshotId,
          "diskSource.volumeId": diskSource.volumeId,
        })
      : []),
    ...(mounts && Object.keys(bucketArns ?? {}).length === 0 ? [noBucket] : []),
    ...(bucketArns && !mounts ? [useless("bucketArns", Object.keys(bucketArns), "Its driver mounts no buckets.")] : []),
  ];
}
