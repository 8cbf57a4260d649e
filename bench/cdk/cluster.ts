import { CfnOutput, Duration, type Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as eks from "aws-cdk-lib/aws-eks";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as logs from "aws-cdk-lib/aws-logs";

const NAME = "eks-storage-prod";

/** Service accounts with a role of their own, by add-on: what it may do comes from AWS's own policies. */
const DRIVERS: Record<string, { serviceAccount: string; policies: string[] }> = {
  "aws-efs-csi-driver": {
    serviceAccount: "efs-csi-controller-sa",
    policies: ["service-role/AmazonEFSCSIDriverPolicy"],
  },
  "aws-ebs-csi-driver": {
    serviceAccount: "ebs-csi-controller-sa",
    policies: ["service-role/AmazonEBSCSIDriverPolicy"],
  },
  "amazon-cloudwatch-observability": { serviceAccount: "cloudwatch-agent", policies: ["CloudWatchAgentServerPolicy"] },
};
const ADDONS = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "snapshot-controller"];
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const awsPolicies = (...names: string[]) => names.map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name));

/** The cluster with a node group in each zone, the add-ons, and a role for each driver. */
export function cluster(stack: Stack, vpc: ec2.Vpc): { nodes: ec2.ISecurityGroup; name: string } {
  new logs.LogGroup(stack, "ControlPlaneLogs", {
    logGroupName: `/aws/eks/${NAME}/cluster`,
    retention: logs.RetentionDays.THREE_MONTHS,
  });
  const key = new kms.Key(stack, "Secrets", { enableKeyRotation: true, pendingWindow: Duration.days(30) });
  const role = new iam.Role(stack, "ClusterRole", {
    assumedBy: new iam.ServicePrincipal("eks.amazonaws.com"),
    managedPolicies: awsPolicies("AmazonEKSClusterPolicy"),
  });
  key.grantEncryptDecrypt(role);
  const made = new eks.CfnCluster(stack, "Cluster", {
    name: NAME,
    version: "1.35",
    roleArn: role.roleArn,
    bootstrapSelfManagedAddons: false,
    deletionProtection: true,
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    upgradePolicy: { supportType: "STANDARD" },
    encryptionConfig: [{ provider: { keyArn: key.keyArn }, resources: ["secrets"] }],
    logging: { clusterLogging: { enabledTypes: LOG_TYPES.map((type) => ({ type })) } },
    resourcesVpcConfig: {
      subnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    },
  });
  const groups = nodeGroups(stack, vpc, made);
  for (const addonName of ADDONS) addon(stack, made, addonName, groups);
  for (const [addonName, { serviceAccount, policies }] of Object.entries(DRIVERS)) {
    const roleArn = podRole(stack, `${addonName}-role`, policies).roleArn;
    addon(stack, made, addonName, groups).podIdentityAssociations = [{ roleArn, serviceAccount }];
  }
  // The agent on each node mounts with rights of its own.
  new eks.CfnPodIdentityAssociation(stack, "EfsNode", {
    clusterName: made.ref,
    namespace: "kube-system",
    serviceAccount: "efs-csi-node-sa",
    roleArn: podRole(stack, "EfsNodeRole", ["AmazonElasticFileSystemClientReadWriteAccess"]).roleArn,
  });
  for (const name of ["admins", "viewers"]) {
    new eks.CfnAccessEntry(stack, `Access-${name}`, {
      clusterName: made.ref,
      principalArn: `arn:aws:iam::777788889999:role/${name}`,
      accessPolicies: [
        {
          policyArn: `arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name === "admins" ? "ClusterAdmin" : "View"}Policy`,
          accessScope: { type: "cluster" },
        },
      ],
    });
  }
  new CfnOutput(stack, "ClusterName", { value: made.ref });
  const { attrClusterSecurityGroupId } = made;
  const nodes = ec2.SecurityGroup.fromSecurityGroupId(stack, "Nodes", attrClusterSecurityGroupId);
  return { nodes, name: NAME };
}

function nodeGroups(stack: Stack, vpc: ec2.Vpc, { ref }: eks.CfnCluster): eks.CfnNodegroup[] {
  const role = new iam.Role(stack, "NodeRole", {
    assumedBy: new iam.ServicePrincipal("ec2.amazonaws.com"),
    managedPolicies: awsPolicies(
      "AmazonEKSWorkerNodePolicy",
      "AmazonEKS_CNI_Policy",
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonSSMManagedInstanceCore",
    ),
  });
  const template = new ec2.LaunchTemplate(stack, "NodeTemplate", {
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    blockDevices: [
      {
        deviceName: "/dev/xvda",
        volume: ec2.BlockDeviceVolume.ebs(50, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3 }),
      },
    ],
  });
  return vpc.privateSubnets.map(
    ({ subnetId, availabilityZone }) =>
      new eks.CfnNodegroup(stack, `NodeGroup-${availabilityZone}`, {
        clusterName: ref,
        nodeRole: role.roleArn,
        subnets: [subnetId],
        instanceTypes: ["m7g.large"],
        amiType: "AL2023_ARM_64_STANDARD",
        scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 3 },
        updateConfig: { maxUnavailable: 1 },
        launchTemplate: { id: template.launchTemplateId!, version: template.latestVersionNumber },
      }),
  );
}

function addon(stack: Stack, { ref }: eks.CfnCluster, addonName: string, nodes: eks.CfnNodegroup[]): eks.CfnAddon {
  const it = new eks.CfnAddon(stack, `Addon-${addonName}`, {
    clusterName: ref,
    addonName,
    resolveConflicts: "OVERWRITE",
  });
  if (["coredns", "snapshot-controller"].includes(addonName)) nodes.forEach((node) => it.addResourceDependency(node));
  return it;
}

function podRole(stack: Stack, id: string, policies: string[]): iam.Role {
  const principal = new iam.ServicePrincipal("pods.eks.amazonaws.com");
  const role = new iam.Role(stack, id, { assumedBy: principal, managedPolicies: awsPolicies(...policies) });
  role.assumeRolePolicy!.addStatements(
    new iam.PolicyStatement({ principals: [principal], actions: ["sts:TagSession"] }),
  );
  return role;
}
