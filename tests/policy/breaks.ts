import assert from "node:assert/strict";
import { type Registration, unknown } from "../support/registrations";

/** One thing of the real program, broken. */
export interface Break {
  /** The rule that must notice. */
  rule: string;
  /** The resource's type, and its name where there are several. */
  type: string;
  name?: string;
  /** Where, in its inputs; a number is a place in a list. Left out where something other than an input is broken. */
  path?: string;
  value?: unknown;
  /** The property refers to this resource instead, by its id. */
  refersTo?: string;
  /** It isn't there at all. */
  isGone?: boolean;
  /** It isn't protected. */
  isUnprotected?: boolean;
  /** It doesn't depend on what it depended on: on nothing, or on nothing of a type. */
  forgets?: string;
  /** What makes the rule undecided when it isn't known, where that isn't `path`. */
  undecidedBy?: { type: string; name?: string; path: string };
  /** Whether a first preview can't tell, but says so. */
  onlyAtUpdate?: boolean;
}

const aws = {
  fileSystem: "aws:efs/fileSystem:FileSystem",
  accessPoint: "aws:efs/accessPoint:AccessPoint",
  mountTarget: "aws:efs/mountTarget:MountTarget",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  key: "aws:kms/key:Key",
  vault: "aws:backup/vault:Vault",
  selection: "aws:backup/selection:Selection",
  cluster: "eks:index:Cluster",
};
const kubernetes = {
  volume: "kubernetes:core/v1:PersistentVolume",
  claim: "kubernetes:core/v1:PersistentVolumeClaim",
  storageClass: "kubernetes:storage.k8s.io/v1:StorageClass",
  deployment: "kubernetes:apps/v1:Deployment",
  set: "kubernetes:apps/v1:StatefulSet",
  namespace: "kubernetes:core/v1:Namespace",
};
const ASSETS = "assets-assets-e5b7626e";
const POD = "spec.template.spec";
const ebs = { type: kubernetes.storageClass, name: "ebs" };
const assets = { type: kubernetes.deployment, name: "assets" };
const catalog = { type: kubernetes.deployment, name: "catalog" };
const mysql = { type: kubernetes.set, name: "catalog-mysql" };
const bucketOf = (setting: string) => ({ type: `aws:s3/b${setting.slice(1)}:${setting}` });
const ALLOWS_ALL = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';
const claimName = { ...assets, path: `${POD}.volumes.0.persistentVolumeClaim.claimName` };
const provisioner = { type: kubernetes.storageClass, name: "efs", path: "provisioner" };

/** For every rule at least one. */
export const breaks: Break[] = [
  { rule: "efs-encrypted", type: aws.fileSystem, path: "encrypted", value: false },
  { rule: "efs-not-one-zone", type: aws.fileSystem, path: "availabilityZoneName", value: "eu-west-1a" },
  { rule: "efs-not-bursting", type: aws.fileSystem, path: "throughputMode", value: "bursting" },
  { rule: "efs-access-point-identity", type: aws.accessPoint, path: "posixUser.uid", value: 0 },
  { rule: "efs-access-point-path", type: aws.accessPoint, path: "rootDirectory.path", value: "/" },
  {
    rule: "efs-volume-by-access-point",
    type: kubernetes.volume,
    name: ASSETS,
    path: "spec.csi.volumeHandle",
    value: "fs-0123456789abcdef0",
  },
  { rule: "efs-identity-matches-pod", ...assets, path: `${POD}.securityContext.runAsUser`, value: 1000 },
  {
    rule: "efs-refuses-plain-transport",
    type: "aws:efs/fileSystemPolicy:FileSystemPolicy",
    path: "policy",
    value: ALLOWS_ALL,
  },
  {
    rule: "efs-volume-over-tls",
    type: kubernetes.volume,
    name: ASSETS,
    path: "spec.csi.volumeAttributes",
    value: { encryptInTransit: "false" },
  },
  { rule: "volumes-retained", ...ebs, path: "reclaimPolicy", value: "Delete" },
  {
    rule: "one-default-class",
    type: kubernetes.storageClass,
    name: "efs",
    path: "metadata.annotations",
    value: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  { rule: "static-volume-bound", type: kubernetes.volume, name: ASSETS, path: "spec.claimRef.name", value: "other" },
  {
    rule: "volume-handle-unique",
    type: kubernetes.volume,
    name: "second",
    path: "spec.csi.volumeHandle",
    value: "first",
  },
  {
    rule: "claims-kept-with-set",
    ...mysql,
    path: "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
    value: "Delete",
  },
  { rule: "durable-objects-named", type: kubernetes.claim, name: "catalog-mysql-data", path: "metadata.name" },
  {
    rule: "shared-volume-read-write-many",
    type: kubernetes.claim,
    name: ASSETS,
    path: "spec.accessModes",
    value: ["ReadWriteOnce"],
  },
  {
    rule: "single-writer-recreates",
    type: kubernetes.claim,
    name: ASSETS,
    path: "spec.accessModes",
    value: ["ReadWriteOnce"],
  },
  { rule: "no-data-on-empty-dir", ...assets, path: `${POD}.volumes.0`, value: { name: "images", emptyDir: {} } },
  { rule: "no-host-path", ...assets, path: `${POD}.volumes.0`, value: { name: "images", hostPath: { path: "/x" } } },
  { rule: "no-empty-dir-over-claim", ...mysql, path: `${POD}.volumes.1.name`, value: "data" },
  {
    rule: "no-database-on-shared-storage",
    type: kubernetes.claim,
    name: "catalog-mysql-data",
    path: "spec.storageClassName",
    value: "efs",
  },
  {
    rule: "stateful-set-headless-service",
    type: "kubernetes:core/v1:Service",
    name: "catalog-mysql",
    path: "spec.clusterIP",
    value: "10.100.0.10",
  },
  { rule: "database-time-to-stop", ...mysql, path: `${POD}.terminationGracePeriodSeconds`, value: 10 },
  { rule: "replicas-spread", ...catalog, path: `${POD}.topologySpreadConstraints`, value: [] },
  {
    rule: "budget-lets-nodes-drain",
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "catalog",
    path: "spec.maxUnavailable",
    value: 0,
  },
  {
    rule: "nodes-in-the-disks-zone",
    ...mysql,
    path: `${POD}.nodeSelector`,
    value: { "topology.kubernetes.io/zone": "eu-west-1d" },
  },
  {
    rule: "no-secret-in-plain-text",
    ...catalog,
    path: `${POD}.containers.0.env.0`,
    value: { name: "DATABASE_PASSWORD", value: "chosen" },
  },
  {
    rule: "no-secret-in-plain-text",
    type: "aws:ssm/parameter:Parameter",
    path: "type",
    value: "String",
    onlyAtUpdate: true,
  },
  { rule: "namespace-restricted", type: kubernetes.namespace, name: "assets", path: "metadata.labels", value: {} },
  {
    rule: "pod-restricted",
    ...assets,
    path: `${POD}.containers.0.securityContext.allowPrivilegeEscalation`,
    value: true,
  },
  { rule: "ebs-class-encrypted", ...ebs, path: "parameters.encrypted", value: "false" },
  { rule: "ebs-class-waits", ...ebs, path: "volumeBindingMode", value: "Immediate" },
  { rule: "ebs-class-expandable", ...ebs, path: "allowVolumeExpansion", value: false },
  { rule: "ebs-class-tagged-for-backup", ...ebs, path: "parameters.tagSpecification_1", value: "other=tag" },
  { rule: "disk-encrypted", type: aws.launchTemplate, path: "blockDeviceMappings.0.ebs.encrypted", value: "false" },
  { rule: "bucket-closed", ...bucketOf("BucketPublicAccessBlock"), path: "blockPublicPolicy", value: false },
  {
    rule: "bucket-versioned",
    ...bucketOf("BucketVersioning"),
    path: "versioningConfiguration.status",
    value: "Suspended",
  },
  { rule: "bucket-encrypted", ...bucketOf("BucketServerSideEncryptionConfiguration"), path: "rules", value: [] },
  { rule: "bucket-tls-only", ...bucketOf("BucketPolicy"), path: "policy", value: ALLOWS_ALL },
  { rule: "cluster-api-not-open", type: aws.cluster, path: "publicAccessCidrs", value: ["0.0.0.0/0"] },
  { rule: "cluster-logs", type: aws.cluster, path: "enabledClusterLogTypes", value: ["api"] },
  {
    rule: "cluster-secrets-encrypted",
    type: aws.cluster,
    path: "encryptionConfigKeyArn",
  },
  { rule: "cluster-protected", type: aws.cluster, path: "deletionProtection", value: false },
  {
    rule: "addons-pinned",
    type: "aws:eks/addon:Addon",
    name: "efs-csi",
    path: "addonVersion",
  },
  { rule: "addons-pinned", type: aws.cluster, path: "kubeProxyAddonOptions", value: { enabled: true } },
  {
    rule: "network-policies-enforced",
    type: "aws:eks/addon:Addon",
    name: "eks-storage-prod-vpc-cni",
    path: "configurationValues",
    value: '{"enableNetworkPolicy":"false"}',
  },
  {
    rule: "roles-least-privilege",
    type: "aws:iam/role:Role",
    name: "efs-csi-node",
    path: "managedPolicyArns",
    value: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  },
  {
    rule: "roles-least-privilege",
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "ebs-csi-controller-kms",
    path: "policy",
    value: ALLOWS_ALL,
  },
  {
    rule: "roles-trust-somebody",
    type: "aws:iam/role:Role",
    name: "efs-csi-node",
    path: "assumeRolePolicy",
    value: ALLOWS_ALL,
  },
  {
    rule: "nodes-keep-their-role",
    type: aws.launchTemplate,
    path: "metadataOptions.httpPutResponseHopLimit",
    value: 2,
  },
  {
    rule: "efs-mount-target-per-zone",
    type: aws.mountTarget,
    name: "eks-storage-prod-customer-key-eu-west-1c",
    isGone: true,
    undecidedBy: { type: aws.mountTarget, name: "eks-storage-prod-customer-key-eu-west-1a", path: "subnetId" },
  },
  {
    rule: "efs-mount-target-private",
    type: aws.mountTarget,
    name: "eks-storage-prod-customer-key-eu-west-1a",
    path: "subnetId",
    refersTo: "eks-storage-prod-public-eu-west-1a",
  },
  { rule: "efs-reachable-from-nodes-alone", type: aws.ingress, path: "cidrIpv4", value: "10.0.0.0/16" },
  { rule: "efs-reachable-from-nodes-alone", type: aws.ingress, path: "prefixListId", value: "pl-1" },
  {
    rule: "efs-reachable-from-nodes-alone",
    type: aws.ingress,
    path: "referencedSecurityGroupId",
    refersTo: "eks-storage-prod",
  },
  {
    rule: "efs-reachable-from-nodes-alone",
    type: aws.ingress,
    path: "referencedSecurityGroupId",
    value: "sg-of-a-bastion",
  },
  { rule: "security-group-not-open", type: aws.ingress, path: "cidrIpv4", value: "0.0.0.0/0" },
  { rule: "vpc-flow-logs", type: "aws:ec2/flowLog:FlowLog", path: "trafficType", value: "ACCEPT" },
  {
    rule: "workload-has-network-policy",
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "catalog",
    path: "spec.policyTypes",
    value: ["Ingress"],
  },
  { rule: "keys-rotate", type: aws.key, name: "eks-storage-prod-secrets", path: "enableKeyRotation", value: false },
  {
    rule: "keys-outlive-data",
    type: aws.key,
    name: "eks-storage-prod-backups",
    isUnprotected: true,
    undecidedBy: { type: aws.key, name: "eks-storage-prod-backups", path: "deletionWindowInDays" },
  },
  {
    rule: "efs-backed-up",
    type: aws.selection,
    name: "eks-storage-prod-file-system",
    isGone: true,
    undecidedBy: { type: aws.selection, name: "eks-storage-prod-file-system", path: "resources" },
  },
  {
    rule: "vault-locked",
    type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    path: "minRetentionDays",
  },
  {
    rule: "durable-protected",
    type: aws.fileSystem,
    isUnprotected: true,
    undecidedBy: { type: kubernetes.claim, name: ASSETS, path: "spec.storageClassName" },
  },
  { rule: "nothing-force-destroyed", type: aws.vault, path: "forceDestroy", value: true },
  {
    rule: "kubernetes-provider-careful",
    type: "pulumi:providers:kubernetes",
    path: "deleteUnreachable",
    value: "true",
  },
  { rule: "claims-outlive-workloads", ...assets, forgets: "", undecidedBy: claimName },
  {
    rule: "volumes-outlive-claims",
    type: kubernetes.claim,
    name: ASSETS,
    forgets: "",
    undecidedBy: { type: kubernetes.claim, name: ASSETS, path: "spec.volumeName" },
  },
  {
    rule: "drivers-outlive-volumes",
    type: "eks-storage:index:EfsStorageClass",
    forgets: "",
    undecidedBy: provisioner,
  },
  {
    rule: "drivers-drained",
    type: "eks-storage:index:EbsStorageClass",
    forgets: "pulumi-nodejs:dynamic:Resource",
    undecidedBy: provisioner,
  },
  {
    rule: "mount-targets-outlive-users",
    type: "eks-storage:index:EfsStorageClass",
    forgets: "",
    undecidedBy: provisioner,
  },
  { rule: "tagged", type: "pulumi:providers:aws", path: "defaultTags", value: '{"tags":{}}' },
  { rule: "one-account", type: "pulumi:providers:aws", path: "allowedAccountIds", value: "[]" },
  { rule: "one-account", type: "pulumi:providers:aws", path: "allowedAccountIds" },
];

/** What the program registers, but for one thing. */
export function broken(registrations: Registration[], it: Break, preview: boolean): Registration[] {
  const place = placeOf(registrations, it);
  const result = [...registrations];
  if (it.isGone) result.splice(place, 1);
  else result[place] = brokenOne(registrations, registrations[place]!, it, preview);
  return result;
}

function brokenOne(
  registrations: Registration[],
  registration: Registration,
  it: Break,
  preview: boolean,
): Registration {
  const { inputs, dependencies, propertyDependencies } = registration;
  if (it.isUnprotected) return { ...registration, protect: false };
  if (it.forgets !== undefined) {
    const kept = (urns: string[]) => urns.filter((urn) => it.forgets !== "" && !urn.includes(`$${it.forgets}::`));
    const properties = Object.entries(propertyDependencies).map(([property, urns]) => [property, kept(urns)] as const);
    return { ...registration, dependencies: kept(dependencies), propertyDependencies: Object.fromEntries(properties) };
  }
  const keys = it.path!.split(".");
  if (it.refersTo === undefined) {
    // A value that is written down comes from nowhere.
    const origins = keys.length === 1 ? { [keys[0]!]: [] } : {};
    return {
      ...registration,
      inputs: changed(inputs, keys, it.value),
      propertyDependencies: { ...propertyDependencies, ...origins },
    };
  }
  const types = ["aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"];
  const other = registrations.find(({ name, type }) => name === it.refersTo && types.includes(type))!;
  return {
    ...registration,
    inputs: changed(inputs, keys, preview ? unknown : `${it.refersTo}-id`),
    propertyDependencies: { ...propertyDependencies, [keys[0]!]: [other.urn] },
  };
}

/** What the program registers, with one value that isn't known and comes from nowhere in particular. */
export function obscured(registrations: Registration[], at: { type: string; name?: string; path: string }) {
  const place = placeOf(registrations, at);
  const registration = registrations[place]!;
  const keys = at.path.split(".");
  const result = [...registrations];
  result[place] = {
    ...registration,
    inputs: changed(registration.inputs, keys, unknown),
    propertyDependencies: { ...registration.propertyDependencies, [keys[0]!]: [] },
  };
  return result;
}

function placeOf(registrations: Registration[], { type, name }: { type: string; name?: string }): number {
  const place = registrations.findIndex((it) => it.type === type && (name === undefined || it.name === name));
  assert.notEqual(place, -1, `no ${type} ${name ?? ""}`);
  return place;
}

/** A copy with another value at a path; undefined leaves it out. */
export function changed(document: any, [key, ...rest]: string[], value: unknown): any {
  const copy = Array.isArray(document) ? [...document] : { ...document };
  const next = rest.length > 0 ? changed(copy[key!], rest, value) : value;
  if (next === undefined && !Array.isArray(copy)) delete copy[key!];
  else copy[key!] = next;
  return copy;
}
