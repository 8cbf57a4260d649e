import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_INSTANCE_TYPES, DEFAULT_NODES_PER_ZONE } from "./instanceTypes";
import { AMI_TYPE } from "./nodeSize";
import { serviceRole } from "../iam/role";
import type { RoleRulesArgs } from "../iam/roleRules";
import { partitionOf } from "../partitions";

/** What {@link Cluster} says about its nodes. */
interface NodeGroupsArgs {
  clusterName: string;
  kubernetesVersion: pulumi.Input<string>;
  zones: string[];
  instanceTypes?: pulumi.Input<pulumi.Input<string>[]>;
  nodesPerZone?: pulumi.Input<number>;
  nodeDiskSizeInGib?: pulumi.Input<number>;
  tags?: Record<string, pulumi.Input<string>>;
  roles?: RoleRulesArgs;
}

const NODE_POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/** One managed node group a zone, with a launch template. They are made after everything in `after`. */
export function zonalNodeGroups(
  name: string,
  args: NodeGroupsArgs,
  cluster: { clusterName: pulumi.Output<string>; subnetIds: pulumi.Output<Record<string, string>> },
  after: pulumi.Input<pulumi.Resource>[],
  parent: pulumi.Resource,
): aws.eks.NodeGroup[] {
  const partition = partitionOf(args.zones[0]!);
  // The one name of a service here that differs. EKS refuses a node group whose role trusts the other:
  // https://github.com/pulumi/pulumi-eks/pull/796
  const ec2 = partition === "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com";
  const role = serviceRole(
    `${name}-nodes`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: ec2 }) },
    args.roles,
    { parent },
  );
  // A node that joins before these are attached never becomes ready.
  const attachments = NODE_POLICIES.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-nodes-${policy}`,
        { role: role.name, policyArn: `arn:${partition}:iam::aws:policy/${policy}` },
        { parent },
      ),
  );
  const launchTemplate = new aws.ec2.LaunchTemplate(
    `${name}-nodes`,
    {
      updateDefaultVersion: true,
      // Hop limit 1: a pod can't take the node's role from the instance metadata.
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1, httpEndpoint: "enabled" },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            encrypted: "true",
            volumeType: "gp3",
            volumeSize: args.nodeDiskSizeInGib ?? 50,
            deleteOnTermination: "true",
          },
        },
      ],
      // The provider's default tags stay on the template: what is made from it has only these.
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: { ...args.tags, Name: `${args.clusterName}-node` },
      })),
    },
    { parent },
  );
  const perZone = args.nodesPerZone ?? DEFAULT_NODES_PER_ZONE;
  return args.zones.map(
    (zone) =>
      new aws.eks.NodeGroup(
        `${name}-${zone}`,
        {
          clusterName: cluster.clusterName,
          nodeRoleArn: role.arn,
          subnetIds: [cluster.subnetIds[zone]!],
          version: args.kubernetesVersion,
          amiType: AMI_TYPE,
          instanceTypes: args.instanceTypes ?? DEFAULT_INSTANCE_TYPES,
          scalingConfig: {
            minSize: perZone,
            desiredSize: perZone,
            // Room for an upgrade, which starts new nodes before it drains old ones.
            maxSize: pulumi.output(perZone).apply((count) => count + 1),
          },
          launchTemplate: {
            id: launchTemplate.id,
            version: launchTemplate.latestVersion.apply((version) => version.toFixed(0)),
          },
        },
        { parent, dependsOn: [...after, ...attachments] },
      ),
  );
}
