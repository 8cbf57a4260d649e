import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { checkConfiguration } from "../../../config/check";
import { constraints } from "../../../config/constraints";
import { configurationOf, defaults, runProgram } from "../../support/program";

type Changes = Record<string, unknown>;

interface Case {
  stack?: string;
  accepts: Changes;
  refuses: Changes;
  /** The message about it: the mistake and how to fix it, without the project's name. */
  says: [mistake: string, fix: string];
}

const role = (name: string) => `arn:aws:iam::111101013333:role/${name}`;
const kept = {
  adoptMysqlVolumeId: "vol-11111111",
  adoptMysqlZone: "eu-west-1b",
  adoptMysqlCredentials: "/old/passwords",
};
const vpc = {
  existingVpcId: "vpc-11111111",
  existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111", "eu-west-1b": "subnet-22222222" },
};
const IN_CHINA = "arn:aws-cn:iam::111101013333:role/a";
const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const TOPIC = "arn:aws:sns:eu-west-1:111101013333:storage";
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, ""]));
const networks = (count: number) => Array.from({ length: count }, (_, index) => `198.18.100.${index}/32`);
const FIX_ID = "Choose the number that the workload's image runs as, never 0 (root).";
const FIX_REPLICAS =
  "To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.";
const SHORT_PATH =
  "assetsPath must be an absolute path of at most 100 characters and four directories, none beginning with a dot, without a trailing slash";
const FIX_PATH =
  "Give each workload a directory of its own, such as /assets; the root of the file system is shared by all.";
const PRIVATE = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10";

/** Each constraint with what it accepts and what it refuses, in dev unless another stack is named. */
const cases: Record<string, Case[]> = {
  zones: [
    {
      accepts: { zones: ["eu-west-1b", "eu-west-1a"] },
      refuses: { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1a"] },
      says: [
        "zones must be a list that names each zone once; it is [ 'eu-west-1a', 'eu-west-1b', 'eu-west-1a' ].",
        "Remove the repeated eu-west-1a.",
      ],
    },
    {
      accepts: { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1h"] },
      refuses: { zones: ["eu-west-1a", "eu-west-1b", "euw1-az1"] },
      says: [
        "zones must be availability zones by name, such as eu-west-1a; it is [ 'eu-west-1a', 'eu-west-1b', 'euw1-az1' ].",
        "Not accepted: euw1-az1. A name is the region's and a letter from a to h; no zone ids, Local or Wavelength Zones.",
      ],
    },
  ],
  name: [
    {
      accepts: { name: `a${"b".repeat(42)}` },
      refuses: { name: `a${"b".repeat(43)}` },
      says: [
        `name must be at most 43 characters here; it is 'a${"b".repeat(43)}'.`,
        `AWS takes no IAM role a${"b".repeat(43)}-eksRole-role-1a2b3c4 (65 characters, at most 64). ` +
          "Set another name before the first up: pulumi config set name NAME",
      ],
    },
  ],
  "instance-types": [
    {
      accepts: { instanceTypes: Array.from({ length: 20 }, (_, index) => `m${index + 5}i.large`) },
      refuses: { instanceTypes: ["m7i.large", "m7i.large"] },
      says: [
        "instanceTypes must be 1 to 20 instance types, each once; it is [ 'm7i.large', 'm7i.large' ].",
        "Remove the repeated m7i.large.",
      ],
    },
  ],
  "vpc-cni-version": [
    {
      accepts: { vpcCniVersion: "v1.22.4-eksbuild.1" },
      refuses: { vpcCniVersion: "v1.21.1-eksbuild.8" },
      says: [
        "vpcCniVersion must be another version than v1.21.1-eksbuild.7 and v1.21.1-eksbuild.8; it is 'v1.21.1-eksbuild.8'.",
        "These drop packets of pods that no network policy selects. aws eks describe-addon-versions lists others.",
      ],
    },
  ],
  "backup-schedule": [
    {
      accepts: { backupSchedule: "cron(30 8-18,22 ? JAN-MAR MON#2 2026/2)" },
      refuses: { backupSchedule: "cron(0 2 * * * *)" },
      says: [
        "backupSchedule must be a schedule of AWS's own form, such as cron(0 2 * * ? *); it is 'cron(0 2 * * * *)'.",
        "Exactly one of the two days, of the month and of the week, must be ?.",
      ],
    },
    {
      accepts: { backupSchedule: "cron(15 10 L * ? *)" },
      refuses: { backupSchedule: "cron(60 25 * * ? *)" },
      says: [
        "backupSchedule must be a schedule of AWS's own form, such as cron(0 2 * * ? *); it is 'cron(60 25 * * ? *)'.",
        "AWS doesn't take its minutes, hours.",
      ],
    },
    {
      accepts: { backupSchedule: "cron(5 * ? * * *)" },
      refuses: { backupSchedule: "cron(0/30 8-18 ? * * *)" },
      says: [
        "backupSchedule must be a schedule of AWS's own form, such as cron(0 2 * * ? *); it is 'cron(0/30 8-18 ? * * *)'.",
        "AWS Backup makes at most one backup an hour: the minutes are one number.",
      ],
    },
  ],
  "driver-versions": [
    {
      accepts: { ebsCsiDriverVersion: "v1.26.0-eksbuild.1" },
      refuses: { ebsCsiDriverVersion: "v1.25.0-eksbuild.1" },
      says: [
        "ebsCsiDriverVersion must be v1.26.0 or later; it is 'v1.25.0-eksbuild.1'.",
        "Earlier drivers don't know EKS Pod Identity, and would stay without credentials. aws eks describe-addon-versions lists newer ones.",
      ],
    },
    {
      accepts: { s3CsiDriverVersion: "v2.0.0-eksbuild.1" },
      refuses: { s3CsiDriverVersion: "v1.15.0-eksbuild.1" },
      says: [
        "s3CsiDriverVersion must be v2.0.0 or later; it is 'v1.15.0-eksbuild.1'.",
        "Earlier drivers don't know EKS Pod Identity, and would stay without credentials. aws eks describe-addon-versions lists newer ones.",
      ],
    },
  ],
  "zones-in-region": [
    {
      accepts: {
        region: "us-east-2",
        zones: ["us-east-2a", "us-east-2b"],
        controlPlaneZones: ["us-east-2a", "us-east-2b"],
        mysqlZone: "us-east-2a",
      },
      refuses: { region: "us-east-2" },
      says: [
        "zones must be zones of the region us-east-2; it is [ 'eu-west-1a', 'eu-west-1b' ].",
        "eu-west-1a, eu-west-1b: in another region. List zones of us-east-2, or set region.",
      ],
    },
  ],
  "control-plane-zones": [
    {
      accepts: { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
      refuses: { controlPlaneZones: ["eu-west-1a", "eu-west-1a"] },
      says: [
        "controlPlaneZones must be at least two of the zones eu-west-1a, eu-west-1b; it is [ 'eu-west-1a', 'eu-west-1a' ].",
        "EKS can't change them later: list the zones that the cluster was, or will be, created with.",
      ],
    },
  ],
  "vpc-range": [
    {
      accepts: { vpcCidr: "10.8.0.0/20" },
      refuses: { vpcCidr: "10.8.0.0/24" },
      says: [
        "vpcCidr must be a range from /16 to /22; it is '10.8.0.0/24'.",
        "Each zone gets an eighth of the VPC: in a smaller one that is too little for its pods and a load balancer.",
      ],
    },
    {
      accepts: { vpcCidr: "172.20.0.0/16" },
      refuses: { vpcCidr: "10.0.0.1/16" },
      says: ["vpcCidr must be written by its first address; it is '10.0.0.1/16'.", "Write 10.0.0.0/16."],
    },
  ],
  "vpc-private": [
    {
      accepts: { vpcCidr: "100.64.0.0/16" },
      refuses: { vpcCidr: "198.19.0.0/16" },
      says: [
        `vpcCidr must be within ${PRIVATE}; it is '198.19.0.0/16'.`,
        "With others, its nodes couldn't reach the hosts on the internet that have these addresses.",
      ],
    },
  ],
  "vpc-addresses": [
    {
      accepts: { vpcCidr: "10.0.0.0/22", nodesPerZone: 2 },
      refuses: { vpcCidr: "10.0.0.0/22", nodesPerZone: 3 },
      says: [
        "nodesPerZone must be at most 2 with vpcCidr 10.0.0.0/22, which gives the nodes of a zone a /26; it is 3.",
        "Each node and its pods take 29 addresses: choose fewer nodes, or a larger vpcCidr before the first up.",
      ],
    },
  ],
  "kubernetes-version": [
    {
      accepts: { kubernetesVersion: "1.36" },
      refuses: { kubernetesVersion: "1.33", kubeProxyVersion: "v1.33.0-eksbuild.1" },
      says: [
        "kubernetesVersion must be one of 1.34 (in standard support until 2026-12-02), 1.35 (in standard support until " +
          "2027-03-27), 1.36 (in standard support until 2027-08-02); it is '1.33'.",
        "Extended support costs six times as much, and is turned off. A newer version must be added to " +
          "components/versions.ts first.",
      ],
    },
  ],
  "kube-proxy-version": [
    {
      accepts: { kubeProxyVersion: "v1.32.0-eksbuild.1" },
      refuses: { kubeProxyVersion: "v1.36.0-eksbuild.1" },
      says: [
        "kubeProxyVersion must be a version for Kubernetes 1.35, or up to three minors older; it is 'v1.36.0-eksbuild.1'.",
        "List them: aws eks describe-addon-versions --addon-name kube-proxy --kubernetes-version 1.35",
      ],
    },
  ],
  "api-networks": [
    {
      accepts: { apiAccess: "private", runnerInsideVpc: true, apiAccessCidrs: [] },
      refuses: { apiAccessCidrs: [] },
      says: [
        "apiAccessCidrs must be the networks that may reach the Kubernetes API; it is [].",
        "Without any, AWS lets the whole internet reach it: list your networks, or set apiAccess to private.",
      ],
    },
  ],
  "api-networks-apart": [
    {
      accepts: { apiAccessCidrs: ["198.18.100.0/25", "198.18.100.128/25"] },
      refuses: { apiAccessCidrs: ["198.18.100.0/24", "198.18.100.7/32"] },
      says: [
        "apiAccessCidrs must be networks that don't overlap; it is [ '198.18.100.0/24', '198.18.100.7/32' ].",
        "Overlapping an earlier one: 198.18.100.7/32.",
      ],
    },
    {
      accepts: { apiAccessCidrs: networks(40) },
      refuses: { apiAccessCidrs: networks(41) },
      says: [
        `apiAccessCidrs must be at most 40 networks, EKS's limit; it is [ ${networks(20)
          .map((network) => `'${network}'`)
          .join(", ")}, ... 21 more items ].`,
        "Combine them into fewer, larger networks.",
      ],
    },
  ],
  "api-networks-public": [
    {
      accepts: { apiAccessCidrs: ["198.18.100.7/32"] },
      refuses: { apiAccessCidrs: ["192.168.1.0/24"] },
      says: [
        "apiAccessCidrs must be public networks; it is [ '192.168.1.0/24' ].",
        "Nobody on the internet has an address in 192.168.1.0/24: list your public one, or set apiAccess to private.",
      ],
    },
    {
      accepts: { apiAccessCidrs: ["198.18.100.0/24"] },
      refuses: { apiAccessCidrs: ["198.18.100.7/24"] },
      says: [
        "apiAccessCidrs must be networks written by their first address; it is [ '198.18.100.7/24' ].",
        "Write 198.18.100.0/24.",
      ],
    },
  ],
  "api-networks-few": [
    {
      accepts: { apiAccessCidrs: ["0.0.0.0/0"] },
      refuses: { apiAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"], retention: "retain" },
      says: [
        "apiAccessCidrs must be networks of a /8 or smaller with retention retain; it is [ '0.0.0.0/1', '128.0.0.0/1' ].",
        "0.0.0.0/1, 128.0.0.0/1: no organization's network is as large. List yours, or set apiAccess to private.",
      ],
    },
    {
      stack: "prod",
      accepts: { apiAccessCidrs: ["44.0.0.0/8"] },
      refuses: { apiAccessCidrs: ["0.0.0.0/0"] },
      says: [
        "apiAccessCidrs must be networks of a /8 or smaller with retention retain; it is [ '0.0.0.0/0' ].",
        "0.0.0.0/0: no organization's network is as large. List yours, or set apiAccess to private.",
      ],
    },
  ],
  "private-api-runner": [
    {
      accepts: { apiAccess: "private", runnerInsideVpc: true },
      refuses: { apiAccess: "private" },
      says: [
        "runnerInsideVpc must be true with apiAccess private; it is false.",
        "From outside, up and refresh fail and previews are wrong. Run Pulumi inside the VPC and set this to true, or set " +
          "apiAccess to public.",
      ],
    },
  ],
  "administrators-once": [
    {
      accepts: { administrators: [role("a"), role("b")] },
      refuses: { administrators: [role("a"), role("a")] },
      says: [
        `administrators must be a list that names each role once; it is [ '${role("a")}', '${role("a")}' ].`,
        `Remove ${role("a")}.`,
      ],
    },
  ],
  "viewers-once": [
    {
      accepts: { administrators: [role("a")], viewers: [role("b")] },
      refuses: { administrators: [role("a")], viewers: [role("b"), role("a")] },
      says: [
        `viewers must be roles that aren't in administrators; it is [ '${role("b")}', '${role("a")}' ].`,
        `Administrators may read everything already: remove ${role("a")}.`,
      ],
    },
    {
      accepts: { viewers: [role("b"), role("c")] },
      refuses: { viewers: [role("b"), role("b")] },
      says: [
        `viewers must be a list that names each role once; it is [ '${role("b")}', '${role("b")}' ].`,
        `Remove ${role("b")}.`,
      ],
    },
  ],
  "administrators-partition": [
    {
      accepts: { administrators: [role("a")] },
      refuses: { administrators: [IN_CHINA] },
      says: [
        `administrators must be of the partition aws, as the region eu-west-1; it is [ '${IN_CHINA}' ].`,
        `Each ARN begins with arn:aws: there. Not ${IN_CHINA}.`,
      ],
    },
  ],
  "viewers-partition": [
    {
      accepts: { viewers: [role("a")] },
      refuses: { viewers: [IN_CHINA] },
      says: [
        `viewers must be of the partition aws, as the region eu-west-1; it is [ '${IN_CHINA}' ].`,
        `Each ARN begins with arn:aws: there. Not ${IN_CHINA}.`,
      ],
    },
  ],
  "deployer-partition": [
    {
      accepts: { deployerRoleArn: role("a") },
      refuses: { deployerRoleArn: IN_CHINA },
      says: [
        `deployerRoleArn must be of the partition aws, as the region eu-west-1; it is '${IN_CHINA}'.`,
        `Each ARN begins with arn:aws: there. Not ${IN_CHINA}.`,
      ],
    },
  ],
  "deployer-named": [
    {
      accepts: { deployerRoleArn: role("deployer"), administrators: [role("a")], viewers: [role("b")] },
      refuses: { deployerRoleArn: role("deployer"), viewers: [role("deployer")] },
      says: [
        `deployerRoleArn must be in neither administrators nor viewers; it is '${role("deployer")}'.`,
        "The role that creates the cluster administers it already, and EKS refuses a second entry: remove it there.",
      ],
    },
  ],
  "role-permissions-boundary": [
    {
      accepts: { rolePermissionsBoundaryArn: "arn:aws:iam::111101013333:policy/team/boundary" },
      refuses: { rolePermissionsBoundaryArn: "arn:aws:iam::999901017777:policy/boundary" },
      says: [
        "rolePermissionsBoundaryArn must be of the stack's account, arn:aws:iam::111101013333:…; it is 'arn:aws:iam::999901017777:policy/boundary'.",
        "Name the one in that account.",
      ],
    },
    {
      accepts: { rolePermissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
      refuses: { rolePermissionsBoundaryArn: "arn:aws-cn:iam::aws:policy/PowerUserAccess" },
      says: [
        "rolePermissionsBoundaryArn must be of the stack's account, arn:aws:iam::111101013333:…; it is 'arn:aws-cn:iam::aws:policy/PowerUserAccess'.",
        "Name the one in that account.",
      ],
    },
  ],
  "assume-role": [
    {
      accepts: { assumeRoleArn: role("deployer") },
      refuses: { assumeRoleArn: "arn:aws:iam::999901017777:role/deployer" },
      says: [
        "assumeRoleArn must be of the stack's account, arn:aws:iam::111101013333:…; it is 'arn:aws:iam::999901017777:role/deployer'.",
        "Name the one in that account.",
      ],
    },
  ],
  "assume-role-deploys": [
    {
      accepts: { assumeRoleArn: role("deployer"), deployerRoleArn: role("deployer"), viewers: [role("b")] },
      refuses: { assumeRoleArn: role("deployer"), administrators: [role("deployer")] },
      says: [
        `assumeRoleArn must be in neither administrators nor viewers; it is '${role("deployer")}'.`,
        "It creates the cluster and administers it already, and EKS refuses a second entry: remove it there.",
      ],
    },
    {
      accepts: { assumeRoleArn: role("deployer"), deployerRoleArn: role("deployer") },
      refuses: { assumeRoleArn: role("deployer"), deployerRoleArn: role("other") },
      says: [
        `assumeRoleArn must be ${role("other")}, as deployerRoleArn; it is '${role("deployer")}'.`,
        "Whoever is assumed deploys: name one role.",
      ],
    },
  ],
  "assume-role-replica": [
    {
      accepts: { assumeRoleArn: role("deployer") },
      refuses: { assumeRoleArn: role("deployer"), efsReplicaRegion: "eu-central-1" },
      says: [
        `assumeRoleArn must be left out with efsReplicaRegion; it is '${role("deployer")}'.`,
        "To make the copy the AWS CLI is called, which assumes none: set AWS_PROFILE to a profile with this role_arn.",
      ],
    },
  ],
  "delete-in-prod": [
    {
      stack: "prod",
      accepts: { retention: "delete", confirmDeleteInProd: "prod" },
      refuses: { retention: "delete" },
      says: [
        "retention must be retain or release in prod; it is 'delete'.",
        "With delete, a destroy deletes the data. To allow that: pulumi config set confirmDeleteInProd prod",
      ],
    },
    {
      stack: "prod",
      accepts: { retention: "release" },
      refuses: { retention: "delete", confirmDeleteInProd: "yes" },
      says: [
        "retention must be retain or release in prod; it is 'delete'.",
        "With delete, a destroy deletes the data. To allow that: pulumi config set confirmDeleteInProd prod",
      ],
    },
  ],
  "ebs-iops": [
    {
      accepts: { ebsIops: 10_000 },
      refuses: { ebsIops: 10_001 },
      says: [
        "ebsIops must be at most 500 for each GiB of mysqlStorage, which is 20Gi; it is 10001.",
        "EBS makes no such disk: choose fewer IOPS or a larger mysqlStorage.",
      ],
    },
  ],
  "ebs-throughput": [
    {
      accepts: { ebsThroughputInMibps: 750 },
      refuses: { ebsThroughputInMibps: 751 },
      says: [
        "ebsThroughputInMibps must be at most 750, a quarter of the IOPS; it is 751.",
        "Set ebsIops to 3004 or more.",
      ],
    },
  ],
  "mysql-storage": [
    {
      accepts: { mysqlStorage: "64Ti" },
      refuses: { mysqlStorage: "65537Gi" },
      says: ["mysqlStorage must be at most 64Ti; it is '65537Gi'.", "EBS makes no larger gp3 disk."],
    },
  ],
  "mysql-zone": [
    {
      accepts: { mysqlZone: "eu-west-1b" },
      refuses: { mysqlZone: "eu-west-1c" },
      says: [
        "mysqlZone must be one of the zones, eu-west-1a, eu-west-1b; it is 'eu-west-1c'.",
        "A disk can't leave its zone, and only nodes of that zone can attach it.",
      ],
    },
  ],
  "backup-lock": [
    {
      stack: "prod",
      accepts: { backupLock: "compliance", backupComplianceConfirmation: "irrevocable" },
      refuses: { backupLock: "compliance" },
      says: [
        "backupComplianceConfirmation must be irrevocable with backupLock compliance; it is missing.",
        "After its days of grace nobody, AWS included, can undo this lock. Most stacks want governance.",
      ],
    },
    {
      accepts: { backupLock: "governance" },
      refuses: { backupLock: "compliance", backupComplianceConfirmation: "irrevocable" },
      says: [
        "backupLock must be none or governance with retention delete; it is 'compliance'.",
        "A destroy would have to empty the vault, which AWS refuses until the last backup has expired.",
      ],
    },
  ],
  "alarm-topic": [
    {
      accepts: { alarmTopicArn: TOPIC },
      refuses: { alarmTopicArn: "storage" },
      says: [
        "alarmTopicArn must be the ARN of a standard SNS topic; it is 'storage'.",
        "aws sns list-topics lists them. Subscribe to the topic, too: without a subscription nobody is notified.",
      ],
    },
    {
      accepts: { alarmTopicArn: "arn:aws:sns:eu-west-1:444401016666:storage" },
      refuses: { alarmTopicArn: "arn:aws:sns:us-east-1:111101013333:storage" },
      says: [
        "alarmTopicArn must be a topic in eu-west-1; it is 'arn:aws:sns:us-east-1:111101013333:storage'.",
        "CloudWatch refuses a topic of another region; its subscribers may be anywhere.",
      ],
    },
    {
      accepts: { alarmTopicArn: TOPIC },
      refuses: { alarmTopicArn: TOPIC.replace("arn:aws:", "arn:aws-cn:") },
      says: [
        "alarmTopicArn must be a topic in eu-west-1; it is 'arn:aws-cn:sns:eu-west-1:111101013333:storage'.",
        "CloudWatch refuses a topic of another region; its subscribers may be anywhere.",
      ],
    },
  ],
  "disk-alarm": [
    {
      accepts: { containerInsightsVersion: "v6.2.0-eksbuild.1", alarmTopicArn: TOPIC },
      refuses: { containerInsightsVersion: "v6.1.9-eksbuild.1", alarmTopicArn: TOPIC },
      says: [
        "containerInsightsVersion must be v6.2.0 or later; it is 'v6.1.9-eksbuild.1'.",
        "Earlier versions don't report how full disks are. aws eks describe-addon-versions lists newer ones.",
      ],
    },
    {
      accepts: { containerInsightsVersion: "v10.0.0-eksbuild.1", alarmTopicArn: TOPIC },
      refuses: { containerInsightsVersion: "v10.0.0-eksbuild.1" },
      says: [
        "containerInsightsVersion must be left out unless alarmTopicArn is set; it is 'v10.0.0-eksbuild.1'.",
        "It is installed for the alarms on disks, and without a topic there are no alarms.",
      ],
    },
  ],
  "adopt-backup-vault": [
    {
      accepts: { adoptBackupVault: "old", adoptBackupKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
      refuses: { adoptBackupVault: "old" },
      says: [
        "adoptBackupKeyId must be set with adoptBackupVault, and only with it; it is missing.",
        "A vault can't change its key: name the one that was kept with it.",
      ],
    },
    {
      accepts: {
        adoptBackupVault: "old",
        adoptBackupKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
        adoptBackupRole: "old-backup-1a2b3c4",
      },
      refuses: { adoptBackupRole: "old-backup-1a2b3c4" },
      says: [
        "adoptBackupRole must be set with adoptBackupVault only; it is 'old-backup-1a2b3c4'.",
        "It deletes the backups of the vault that was kept with it: name that, too.",
      ],
    },
  ],
  "adopt-encryption-key": [
    {
      accepts: { adoptEncryptionKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab", encryptionKey: "customer" },
      refuses: { adoptEncryptionKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
      says: [
        "adoptEncryptionKeyId must be left out unless encryptionKey is customer; it is '1234abcd-12ab-34cd-56ef-1234567890ab'.",
        "What it encrypted can't be read without it: set encryptionKey to customer.",
      ],
    },
  ],
  "assets-provisioning": [
    {
      accepts: { assetsProvisioning: "dynamic" },
      refuses: { assetsProvisioning: "dynamic", assetsStorage: "s3" },
      says: [
        "assetsProvisioning must be static with assetsStorage s3; it is 'dynamic'.",
        "The S3 driver has no dynamic provisioning: set assetsProvisioning to static, or assetsStorage to efs.",
      ],
    },
  ],
  "efs-throughput": [
    {
      accepts: { efsThroughputMode: "provisioned", efsProvisionedThroughputInMibps: 64 },
      refuses: { efsProvisionedThroughputInMibps: 64 },
      says: [
        "efsProvisionedThroughputInMibps must be left out with elastic throughput; it is 64.",
        "Remove it, or choose provisioned throughput.",
      ],
    },
    {
      accepts: { efsToArchive: "AFTER_90_DAYS" },
      refuses: { efsToArchive: "AFTER_30_DAYS" },
      says: [
        "efsToArchive must be later than the move to Infrequent Access, which is AFTER_30_DAYS; it is 'AFTER_30_DAYS'.",
        "Files move to Archive from Infrequent Access.",
      ],
    },
  ],
  "efs-replica-region": [
    {
      accepts: { efsReplicaRegion: "eu-central-1" },
      refuses: { efsReplicaRegion: "eu-west-1" },
      says: [
        "efsReplicaRegion must be a region other than eu-west-1; it is 'eu-west-1'.",
        "A replica in the same region would be lost with it. For no replica, leave this out.",
      ],
    },
    {
      accepts: { efsReplicaRegion: "us-east-1" },
      refuses: { efsReplicaRegion: "us-gov-west-1" },
      says: [
        "efsReplicaRegion must be a region of the partition aws, as eu-west-1; it is 'us-gov-west-1'.",
        "An account is in one partition, and EFS replicates within it.",
      ],
    },
  ],
  "adopt-replica": [
    {
      accepts: {
        adoptReplicaFileSystemId: "fs-11111111",
        adoptFileSystemId: "fs-22222222",
        efsReplicaRegion: "eu-central-1",
      },
      refuses: { adoptReplicaFileSystemId: "fs-11111111", adoptFileSystemId: "fs-22222222" },
      says: [
        "adoptReplicaFileSystemId must be left out unless adoptFileSystemId and efsReplicaRegion are set; it is 'fs-11111111'.",
        "Without the replica: pulumi config rm adoptReplicaFileSystemId. To adopt it alone, name it as " +
          "adoptFileSystemId in a stack of its region.",
      ],
    },
  ],
  "adopt-replica-key": [
    {
      accepts: {
        adoptReplicaEncryptionKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
        encryptionKey: "customer",
        efsReplicaRegion: "eu-central-1",
      },
      refuses: { adoptReplicaEncryptionKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab", encryptionKey: "customer" },
      says: [
        "adoptReplicaEncryptionKeyId must be left out unless encryptionKey is customer and efsReplicaRegion is set; it is " +
          "'1234abcd-12ab-34cd-56ef-1234567890ab'.",
        "It is the key of the replica. Without it: pulumi config rm adoptReplicaEncryptionKeyId.",
      ],
    },
  ],
  "adopt-access-point": [
    {
      accepts: { adoptFileSystemId: "fs-11111111", adoptAssetsAccessPointId: "fsap-11111111" },
      refuses: { adoptAssetsAccessPointId: "fsap-11111111" },
      says: [
        "adoptFileSystemId must be set with adoptAssetsAccessPointId; it is missing.",
        "An access point belongs to one file system: the destroy that kept them printed both ids.",
      ],
    },
  ],
  "adopt-bucket": [
    {
      accepts: { adoptBucketName: "images", assetsStorage: "s3" },
      refuses: { adoptBucketName: "images" },
      says: [
        "adoptBucketName must be left out unless assetsStorage is s3; it is 'images'.",
        "The kept images are in that bucket: set assetsStorage to s3.",
      ],
    },
  ],
  "adopt-database": [
    {
      accepts: kept,
      refuses: { adoptMysqlZone: "eu-west-1b", adoptMysqlCredentials: kept.adoptMysqlCredentials },
      says: [
        "adoptMysqlVolumeId must be set with adoptMysqlZone and adoptMysqlCredentials; it is missing.",
        "The destroy that kept the disk printed all three.",
      ],
    },
    {
      accepts: { mysqlSnapshotId: "snap-11111111", adoptMysqlCredentials: kept.adoptMysqlCredentials },
      refuses: { adoptMysqlCredentials: kept.adoptMysqlCredentials },
      says: [
        "adoptMysqlVolumeId must be set with adoptMysqlZone and adoptMysqlCredentials; it is missing.",
        "The destroy that kept the disk printed all three.",
      ],
    },
    {
      accepts: kept,
      refuses: { ...kept, adoptMysqlZone: "" },
      says: [
        "adoptMysqlZone must be set with adoptMysqlVolumeId; it is missing.",
        "The destroy that kept the disk printed all three.",
      ],
    },
    {
      accepts: kept,
      refuses: { ...kept, adoptMysqlCredentials: "" },
      says: [
        "adoptMysqlCredentials must be set with adoptMysqlVolumeId; it is missing.",
        "A disk knows only the passwords that it was made with: adopt the parameter that holds them, too.",
      ],
    },
  ],
  "one-database-disk": [
    {
      accepts: { mysqlSnapshotId: "snap-11111111", adoptMysqlCredentials: kept.adoptMysqlCredentials },
      refuses: { ...kept, mysqlSnapshotId: "snap-11111111" },
      says: [
        "mysqlSnapshotId must be left out with adoptMysqlVolumeId; it is 'snap-11111111'.",
        "The database has one disk. Remove mysqlSnapshotId, or, to restore the snapshot, adoptMysqlVolumeId.",
      ],
    },
  ],
  "adopt-database-zone": [
    {
      accepts: { ...kept, mysqlZone: "eu-west-1c" },
      refuses: { ...kept, adoptMysqlZone: "eu-west-1c" },
      says: [
        "adoptMysqlZone must be one of the zones, eu-west-1a, eu-west-1b; it is 'eu-west-1c'.",
        "Add the disk's zone to zones, so that nodes there can attach it.",
      ],
    },
  ],
  "assets-path": [
    {
      accepts: { assetsPath: "/a/b/c/d" },
      refuses: { assetsPath: "/" },
      says: [`${SHORT_PATH}; it is '/'.`, FIX_PATH],
    },
    {
      accepts: { assetsPath: `/${"a".repeat(99)}` },
      refuses: { assetsPath: `/${"a".repeat(100)}` },
      says: [`${SHORT_PATH}; it is '/${"a".repeat(100)}'.`, FIX_PATH],
    },
  ],
  "assets-identity": [
    {
      accepts: { assetsUid: 1 },
      refuses: { assetsUid: 0 },
      says: ["assetsUid must be a whole number from 1 to 4294967295; it is 0.", FIX_ID],
    },
    {
      accepts: { assetsGid: 4294967295 },
      refuses: { assetsGid: 4294967296 },
      says: ["assetsGid must be a whole number from 1 to 4294967295; it is 4294967296.", FIX_ID],
    },
  ],
  "assets-replicas": [
    {
      accepts: { assetsReplicas: 1 },
      refuses: { assetsReplicas: 0 },
      says: ["assetsReplicas must be a whole number of at least 1; it is 0.", FIX_REPLICAS],
    },
  ],
  "catalog-replicas": [
    {
      accepts: { catalogReplicas: 1000 },
      refuses: { catalogReplicas: 0 },
      says: ["catalogReplicas must be a whole number of at least 1; it is 0.", FIX_REPLICAS],
    },
  ],
  "existing-vpc": [
    {
      accepts: vpc,
      refuses: { ...vpc, existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111" } },
      says: [
        "existingPrivateSubnetIds must be a record with a subnet for eu-west-1b; it is [ 'eu-west-1a' ].",
        "Name the same zones in zones and in existingPrivateSubnetIds.",
      ],
    },
    {
      accepts: { existingPrivateSubnetIds: {} },
      refuses: { existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111" } },
      says: [
        "existingPrivateSubnetIds must be left out unless existingVpcId is set; it is { 'eu-west-1a': 'subnet-11111111' }.",
        "Set existingVpcId to the VPC of these subnets.",
      ],
    },
  ],
  "existing-cluster": [
    {
      accepts: { ...vpc, existingClusterName: "shop", apiAccessCidrs: [] },
      refuses: { existingClusterName: "shop" },
      says: [
        "existingClusterName must be left out unless existingVpcId and existingPrivateSubnetIds are set; it is 'shop'.",
        "Its nodes reach a file system in their own VPC only: set both to the cluster's VPC.",
      ],
    },
  ],
  "existing-cluster-access": [
    {
      accepts: { ...vpc, existingClusterName: "shop" },
      refuses: { ...vpc, existingClusterName: "shop", viewers: [role("previewer")] },
      says: [
        "existingClusterName must be left out unless administrators and viewers are empty; it is 'shop'.",
        "The cluster's owner decides who may use it: remove administrators and viewers.",
      ],
    },
  ],
  "existing-file-system": [
    {
      accepts: { existingFileSystemId: "fs-11111111", efsThroughputMode: "elastic", efsBackOnAccess: true },
      refuses: { existingFileSystemId: "fs-11111111", adoptFileSystemId: "fs-22222222", efsThroughputMode: "bursting" },
      says: [
        "existingFileSystemId must be left out with adoptFileSystemId, efsThroughputMode; it is 'fs-11111111'.",
        "The file system's owner decides these: remove them, or remove existingFileSystemId for a file system of the stack's own.",
      ],
    },
    {
      accepts: {
        existingFileSystemId: "fs-11111111",
        adoptAssetsAccessPointId: "fsap-11111111",
        efsMountAccess: "roles",
      },
      refuses: { existingFileSystemId: "fs-11111111", efsReplicaRegion: "eu-central-1", efsToArchive: "AFTER_90_DAYS" },
      says: [
        "existingFileSystemId must be left out with efsReplicaRegion, efsToArchive; it is 'fs-11111111'.",
        "The file system's owner decides these: remove them, or remove existingFileSystemId for a file system of the stack's own.",
      ],
    },
  ],
  "existing-mount-targets": [
    {
      accepts: { ...vpc, existingFileSystemId: "fs-11111111", existingFileSystemSecurityGroupId: "sg-11111111" },
      refuses: { existingFileSystemId: "fs-11111111", existingFileSystemSecurityGroupId: "sg-11111111" },
      says: [
        "existingFileSystemSecurityGroupId must be left out unless existingFileSystemId and existingVpcId are set; it is 'sg-11111111'.",
        "Nodes reach mount targets in their own VPC only. For a file system without mount targets, leave this out.",
      ],
    },
  ],
  "existing-bucket": [
    {
      accepts: { existingBucketName: "images", assetsStorage: "s3" },
      refuses: { existingBucketName: "images" },
      says: [
        "existingBucketName must be left out unless assetsStorage is s3 and adoptBucketName is left out; it is 'images'.",
        "The images are in one bucket, an existing one or an adopted one, and only with assetsStorage s3.",
      ],
    },
  ],
  "existing-key": [
    {
      accepts: { existingKeyArn: KEY, encryptionKey: "customer" },
      refuses: { existingKeyArn: KEY },
      says: [
        `existingKeyArn must be left out unless encryptionKey is customer and adoptEncryptionKeyId is left out; it is '${KEY}'.`,
        "One key encrypts the data, an existing one or an adopted one, and only with encryptionKey customer.",
      ],
    },
  ],
  "existing-key-region": [
    {
      accepts: { existingKeyArn: KEY, encryptionKey: "customer" },
      refuses: { existingKeyArn: KEY.replace("eu-west-1", "us-east-1"), encryptionKey: "customer" },
      says: [
        `existingKeyArn must be the ARN of a key in eu-west-1; it is '${KEY.replace("eu-west-1", "us-east-1")}'.`,
        "AWS services can't use a key of another region.",
      ],
    },
  ],
  tags: [
    {
      accepts: { tags: { team: "web", owner: "" } },
      refuses: { tags: { "AWS:owner": "web" } },
      says: [
        "tags must be names of 1 to 128 characters that don't begin with aws:, values of at most 256; it is { 'AWS:owner': 'web' }.",
        'Change "AWS:owner".',
      ],
    },
    {
      accepts: { tags: { "größe:1": "a b_.:/=+-@" } },
      refuses: { tags: { team: "R&D" } },
      says: [
        "tags must be letters, digits, spaces and _ . : / = + - @, in names and in values; it is { team: 'R&D' }.",
        'IAM and EFS refuse others. Change "team".',
      ],
    },
    {
      accepts: { tags: { Environment: "dev", Project: "shop" } },
      refuses: { tags: { Team: "web", team: "web" } },
      says: [
        "tags must be names that differ in more than case; it is { Team: 'web', team: 'web' }.",
        "To IAM these are one tag: Team, team.",
      ],
    },
    {
      accepts: { tags: { "shop.example/kubernetes.io": "dev" } },
      refuses: { tags: { "kubernetes.io/cluster/shop": "owned" } },
      says: [
        "tags must be tags that the EBS driver doesn't give by itself; it is { 'kubernetes.io/cluster/shop': 'owned' }.",
        "It wouldn't start, or makes no disk: remove kubernetes.io/cluster/shop.",
      ],
    },
    {
      accepts: { tags: { formula: "a=b" } },
      refuses: { tags: { "a=b": "formula" } },
      says: [
        "tags must be names without =, names and values without a space at either end; it is { 'a=b': 'formula' }.",
        'The EBS driver would give other tags. Change "a=b".',
      ],
    },
    {
      accepts: { tags: { name: "shop" } },
      refuses: { tags: { Name: "shop" } },
      says: [
        "tags must be tags that aren't given a value of their own for each thing; it is { Name: 'shop' }.",
        "What you say would be overwritten on some, and stay on others: remove Name.",
      ],
    },
    {
      accepts: { tags: many(39) },
      refuses: { tags: many(40) },
      says: [
        `tags must be at most 39 tags; it is { ${Object.keys(many(40))
          .map((name) => `${name}: ''`)
          .join(", ")} }.`,
        "AWS allows 50 on a thing, and a disk has others: CSIVolumeName, ebs.csi.aws.com/cluster, " +
          "kubernetes.io/created-for/pvc/name, kubernetes.io/created-for/pvc/namespace, kubernetes.io/created-for/pv/name, " +
          "kubernetes.io/cluster/CLUSTER, KubernetesCluster, Name, eks-storage:backup, project, environment. Remove some.",
      ],
    },
  ],
};

describe("the table of constraints", () => {
  const count = { passed: 0, failed: 0 };
  afterEach(function () {
    count[this.currentTest?.state === "passed" ? "passed" : "failed"] += 1;
  });
  after(() => console.log(`\n    constraints: ${count.passed} passed, ${count.failed} failed`));

  it("is tested both ways, every constraint", () => {
    assert.deepEqual(Object.keys(cases).sort(), constraints.map(({ id }) => id).sort());
  });

  for (const { id, key, reads } of constraints) {
    for (const { stack = "dev", accepts, refuses, says } of cases[id] ?? []) {
      it(`${id} accepts ${JSON.stringify(accepts).slice(0, 80)}`, () => {
        const values = configurationOf(stack, accepts);
        assert.deepEqual(checkConfiguration({ project: "eks-storage", stack, values, defaults }).violations, []);
      });

      it(`${id} refuses ${JSON.stringify(refuses).slice(0, 80)} before anything is made`, async () => {
        assert.ok((reads as string[]).includes(key));
        const { registrations, error } = await runProgram(stack, { changes: refuses });
        assert.deepEqual(
          registrations.map(({ type }) => type),
          ["pulumi:pulumi:Stack"],
        );
        assert.ok(pulumi.RunError.isInstance(error), error?.stack);
        const expected = `  - eks-storage:${says[0]}\n    ${says[1]}`;
        assert.ok(error.message.includes(`\n${expected}\n`), error.message);
      });
    }
  }
});
