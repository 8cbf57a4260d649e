import assert from "node:assert/strict";
import { mockId } from "../support/mockIds";
import { type Registration, unknown } from "../support/registrations";

/** A change of the real program that violates a policy. */
export interface Violation {
  /** The policy that it violates. */
  policy: string;
  /** The resource's type, and its name where there are several. */
  type: string;
  name?: string;
  /** The path of the input that changes; a number is an index of a list. Left out where something else changes. */
  path?: string;
  value?: unknown;
  /** The property refers to this resource instead, by its id. */
  refersTo?: string;
  /** The resource is removed. */
  isRemoved?: boolean;
  /** The resource is not protected. */
  isUnprotected?: boolean;
  /** The resource loses its dependencies: those on a type, or with an empty text all of them. */
  dropsDependenciesOn?: string;
  /** The value that the policy can't be checked without, where that isn't `path`. */
  unknownAt?: { type: string; name?: string; path: string };
  /** Whether a first preview reports that it can't check this yet. */
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

/** At least one for every policy. */
export const violations: Violation[] = [
  { policy: "efs-encrypted", type: aws.fileSystem, path: "encrypted", value: false },
  { policy: "efs-not-one-zone", type: aws.fileSystem, path: "availabilityZoneName", value: "eu-west-1a" },
  { policy: "efs-not-bursting", type: aws.fileSystem, path: "throughputMode", value: "bursting" },
  { policy: "efs-access-point-identity", type: aws.accessPoint, path: "posixUser.uid", value: 0 },
  { policy: "efs-access-point-path", type: aws.accessPoint, path: "rootDirectory.path", value: "/" },
  {
    policy: "efs-volume-by-access-point",
    type: kubernetes.volume,
    name: ASSETS,
    path: "spec.csi.volumeHandle",
    value: "fs-0123456789abcdef0",
  },
  { policy: "efs-identity-matches-pod", ...assets, path: `${POD}.securityContext.runAsUser`, value: 1000 },
  {
    policy: "efs-refuses-plain-transport",
    type: "aws:efs/fileSystemPolicy:FileSystemPolicy",
    path: "policy",
    value: ALLOWS_ALL,
  },
  {
    policy: "efs-volume-over-tls",
    type: kubernetes.volume,
    name: ASSETS,
    path: "spec.csi.volumeAttributes",
    value: { encryptInTransit: "false" },
  },
  { policy: "volumes-retained", ...ebs, path: "reclaimPolicy", value: "Delete" },
  {
    policy: "one-default-class",
    type: kubernetes.storageClass,
    name: "efs",
    path: "metadata.annotations",
    value: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  { policy: "static-volume-bound", type: kubernetes.volume, name: ASSETS, path: "spec.claimRef.name", value: "other" },
  {
    policy: "volume-handle-unique",
    type: kubernetes.volume,
    name: "second",
    path: "spec.csi.volumeHandle",
    value: "first",
  },
  {
    policy: "claims-kept-with-set",
    ...mysql,
    path: "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
    value: "Delete",
  },
  { policy: "durable-objects-named", type: kubernetes.claim, name: "catalog-mysql-data", path: "metadata.name" },
  {
    policy: "shared-volume-read-write-many",
    type: kubernetes.claim,
    name: ASSETS,
    path: "spec.accessModes",
    value: ["ReadWriteOnce"],
  },
  {
    policy: "single-writer-recreates",
    type: kubernetes.claim,
    name: ASSETS,
    path: "spec.accessModes",
    value: ["ReadWriteOnce"],
  },
  { policy: "no-data-on-empty-dir", ...assets, path: `${POD}.volumes.0`, value: { name: "images", emptyDir: {} } },
  { policy: "no-host-path", ...assets, path: `${POD}.volumes.0`, value: { name: "images", hostPath: { path: "/x" } } },
  { policy: "no-empty-dir-over-claim", ...mysql, path: `${POD}.volumes.1.name`, value: "data" },
  {
    policy: "no-database-on-shared-storage",
    type: kubernetes.claim,
    name: "catalog-mysql-data",
    path: "spec.storageClassName",
    value: "efs",
  },
  {
    policy: "stateful-set-headless-service",
    type: "kubernetes:core/v1:Service",
    name: "catalog-mysql",
    path: "spec.clusterIP",
    value: "10.100.0.10",
  },
  { policy: "database-time-to-stop", ...mysql, path: `${POD}.terminationGracePeriodSeconds`, value: 10 },
  { policy: "replicas-spread", ...catalog, path: `${POD}.topologySpreadConstraints`, value: [] },
  {
    policy: "budget-lets-nodes-drain",
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "catalog",
    path: "spec.maxUnavailable",
    value: 0,
  },
  {
    policy: "nodes-in-the-disks-zone",
    ...mysql,
    path: `${POD}.nodeSelector`,
    value: { "topology.kubernetes.io/zone": "eu-west-1d" },
  },
  {
    policy: "no-secret-in-plain-text",
    ...catalog,
    path: `${POD}.containers.0.env.0`,
    value: { name: "DATABASE_PASSWORD", value: "chosen" },
  },
  {
    policy: "no-secret-in-plain-text",
    type: "aws:ssm/parameter:Parameter",
    path: "type",
    value: "String",
    onlyAtUpdate: true,
  },
  { policy: "namespace-restricted", type: kubernetes.namespace, name: "assets", path: "metadata.labels", value: {} },
  {
    policy: "pod-restricted",
    ...assets,
    path: `${POD}.containers.0.securityContext.allowPrivilegeEscalation`,
    value: true,
  },
  { policy: "ebs-class-encrypted", ...ebs, path: "parameters.encrypted", value: "false" },
  { policy: "ebs-class-waits", ...ebs, path: "volumeBindingMode", value: "Immediate" },
  { policy: "ebs-class-expandable", ...ebs, path: "allowVolumeExpansion", value: false },
  { policy: "ebs-class-tagged-for-backup", ...ebs, path: "parameters.tagSpecification_1", value: "other=tag" },
  { policy: "disk-encrypted", type: aws.launchTemplate, path: "blockDeviceMappings.0.ebs.encrypted", value: "false" },
  { policy: "bucket-closed", ...bucketOf("BucketPublicAccessBlock"), path: "blockPublicPolicy", value: false },
  {
    policy: "bucket-versioned",
    ...bucketOf("BucketVersioning"),
    path: "versioningConfiguration.status",
    value: "Suspended",
  },
  { policy: "bucket-encrypted", ...bucketOf("BucketServerSideEncryptionConfiguration"), path: "rules", value: [] },
  { policy: "bucket-tls-only", ...bucketOf("BucketPolicy"), path: "policy", value: ALLOWS_ALL },
  { policy: "cluster-api-not-open", type: aws.cluster, path: "publicAccessCidrs", value: ["0.0.0.0/0"] },
  { policy: "cluster-logs", type: aws.cluster, path: "enabledClusterLogTypes", value: ["api"] },
  {
    policy: "cluster-secrets-encrypted",
    type: aws.cluster,
    path: "encryptionConfigKeyArn",
  },
  { policy: "cluster-protected", type: aws.cluster, path: "deletionProtection", value: false },
  {
    policy: "addons-pinned",
    type: "aws:eks/addon:Addon",
    name: "efs-csi",
    path: "addonVersion",
  },
  { policy: "addons-pinned", type: aws.cluster, path: "kubeProxyAddonOptions", value: { enabled: true } },
  {
    policy: "network-policies-enforced",
    type: "aws:eks/addon:Addon",
    name: "eks-storage-prod-vpc-cni",
    path: "configurationValues",
    value: '{"enableNetworkPolicy":"false"}',
  },
  {
    policy: "roles-least-privilege",
    type: "aws:iam/role:Role",
    name: "efs-csi-node",
    path: "managedPolicyArns",
    value: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  },
  {
    policy: "roles-least-privilege",
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "ebs-csi-controller-kms",
    path: "policy",
    value: ALLOWS_ALL,
  },
  {
    policy: "roles-trust-somebody",
    type: "aws:iam/role:Role",
    name: "efs-csi-node",
    path: "assumeRolePolicy",
    value: ALLOWS_ALL,
  },
  {
    policy: "nodes-keep-their-role",
    type: aws.launchTemplate,
    path: "metadataOptions.httpPutResponseHopLimit",
    value: 2,
  },
  {
    policy: "efs-mount-target-per-zone",
    type: aws.mountTarget,
    name: "eks-storage-prod-customer-key-eu-west-1c",
    isRemoved: true,
    unknownAt: { type: aws.mountTarget, name: "eks-storage-prod-customer-key-eu-west-1a", path: "subnetId" },
  },
  {
    policy: "efs-mount-target-private",
    type: aws.mountTarget,
    name: "eks-storage-prod-customer-key-eu-west-1a",
    path: "subnetId",
    refersTo: "eks-storage-prod-public-eu-west-1a",
  },
  { policy: "efs-reachable-from-nodes-alone", type: aws.ingress, path: "cidrIpv4", value: "10.0.0.0/16" },
  { policy: "efs-reachable-from-nodes-alone", type: aws.ingress, path: "prefixListId", value: "pl-1" },
  {
    policy: "efs-reachable-from-nodes-alone",
    type: aws.ingress,
    path: "referencedSecurityGroupId",
    refersTo: "eks-storage-prod",
  },
  {
    policy: "efs-reachable-from-nodes-alone",
    type: aws.ingress,
    path: "referencedSecurityGroupId",
    value: "sg-of-a-bastion",
  },
  { policy: "security-group-not-open", type: aws.ingress, path: "cidrIpv4", value: "0.0.0.0/0" },
  { policy: "vpc-flow-logs", type: "aws:ec2/flowLog:FlowLog", path: "trafficType", value: "ACCEPT" },
  {
    policy: "workload-has-network-policy",
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "catalog",
    path: "spec.policyTypes",
    value: ["Ingress"],
  },
  { policy: "keys-rotate", type: aws.key, name: "eks-storage-prod-secrets", path: "enableKeyRotation", value: false },
  {
    policy: "keys-outlive-data",
    type: aws.key,
    name: "eks-storage-prod-backups",
    isUnprotected: true,
    unknownAt: { type: aws.key, name: "eks-storage-prod-backups", path: "deletionWindowInDays" },
  },
  {
    policy: "efs-backed-up",
    type: aws.selection,
    name: "eks-storage-prod-file-system",
    isRemoved: true,
    unknownAt: { type: aws.selection, name: "eks-storage-prod-file-system", path: "resources" },
  },
  {
    policy: "vault-locked",
    type: "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    path: "minRetentionDays",
  },
  {
    policy: "durable-protected",
    type: aws.fileSystem,
    isUnprotected: true,
    unknownAt: { type: kubernetes.claim, name: ASSETS, path: "spec.storageClassName" },
  },
  { policy: "nothing-force-destroyed", type: aws.vault, path: "forceDestroy", value: true },
  {
    policy: "kubernetes-provider-careful",
    type: "pulumi:providers:kubernetes",
    path: "deleteUnreachable",
    value: "true",
  },
  { policy: "claims-outlive-workloads", ...assets, dropsDependenciesOn: "", unknownAt: claimName },
  {
    policy: "volumes-outlive-claims",
    type: kubernetes.claim,
    name: ASSETS,
    dropsDependenciesOn: "",
    unknownAt: { type: kubernetes.claim, name: ASSETS, path: "spec.volumeName" },
  },
  {
    policy: "drivers-outlive-volumes",
    type: "eks-storage:index:EfsStorageClass",
    dropsDependenciesOn: "",
    unknownAt: provisioner,
  },
  {
    policy: "drivers-drained",
    type: "eks-storage:index:EbsStorageClass",
    dropsDependenciesOn: "pulumi-nodejs:dynamic:Resource",
    unknownAt: provisioner,
  },
  {
    policy: "mount-targets-outlive-users",
    type: "eks-storage:index:EfsStorageClass",
    dropsDependenciesOn: "",
    unknownAt: provisioner,
  },
  { policy: "tagged", type: "pulumi:providers:aws", path: "defaultTags", value: '{"tags":{}}' },
  { policy: "one-account", type: "pulumi:providers:aws", path: "allowedAccountIds", value: "[]" },
  { policy: "one-account", type: "pulumi:providers:aws", path: "allowedAccountIds" },
];

/** The resources of a program with one violation. */
export function withViolation(registrations: Registration[], it: Violation, preview: boolean): Registration[] {
  const index = indexOf(registrations, it);
  const result = [...registrations];
  if (it.isRemoved) result.splice(index, 1);
  else result[index] = changedResource(registrations, registrations[index]!, it, preview);
  return result;
}

function changedResource(
  registrations: Registration[],
  registration: Registration,
  it: Violation,
  preview: boolean,
): Registration {
  const { inputs, dependencies, propertyDependencies } = registration;
  if (it.isUnprotected) return { ...registration, protect: false };
  if (it.dropsDependenciesOn !== undefined) {
    const kept = (urns: string[]) =>
      urns.filter((urn) => it.dropsDependenciesOn !== "" && !urn.includes(`$${it.dropsDependenciesOn}::`));
    const properties = Object.entries(propertyDependencies).map(([property, urns]) => [property, kept(urns)] as const);
    return { ...registration, dependencies: kept(dependencies), propertyDependencies: Object.fromEntries(properties) };
  }
  const keys = it.path!.split(".");
  if (it.refersTo === undefined) {
    // A plain value comes from no other resource.
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
    inputs: changed(inputs, keys, preview ? unknown : mockId(other)),
    propertyDependencies: { ...propertyDependencies, [keys[0]!]: [other.urn] },
  };
}

/** The resources of a program with one value that isn't known, and that comes from no other resource. */
export function withUnknown(registrations: Registration[], at: { type: string; name?: string; path: string }) {
  const index = indexOf(registrations, at);
  const registration = registrations[index]!;
  const keys = at.path.split(".");
  const result = [...registrations];
  result[index] = {
    ...registration,
    inputs: changed(registration.inputs, keys, unknown),
    propertyDependencies: { ...registration.propertyDependencies, [keys[0]!]: [] },
  };
  return result;
}

function indexOf(registrations: Registration[], { type, name }: { type: string; name?: string }): number {
  const index = registrations.findIndex((it) => it.type === type && (name === undefined || it.name === name));
  assert.notEqual(index, -1, `no ${type} ${name ?? ""}`);
  return index;
}

/** A copy with another value at a path; undefined leaves it out. */
export function changed(document: any, [key, ...rest]: string[], value: unknown): any {
  const copy = Array.isArray(document) ? [...document] : { ...document };
  const next = rest.length > 0 ? changed(copy[key!], rest, value) : value;
  if (next === undefined && !Array.isArray(copy)) delete copy[key!];
  else copy[key!] = next;
  return copy;
}
