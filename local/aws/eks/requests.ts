import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/eks */
export const members: Record<string, Members> = {
  "eks/cluster": {
    vpcConfig: "resourcesVpcConfig",
    enabledClusterLogTypes: "logging.clusterLogging[].types",
    defaultAddonsToRemoves: NOT_SENT,
    forceUpdateVersion: NOT_SENT,
  },
  "eks/nodeGroup": {
    nodeRoleArn: "nodeRole",
    subnetIds: "subnets",
    labels: { CreateNodegroup: "labels", UpdateNodegroupConfig: "labels.addOrUpdateLabels" },
    taints: { CreateNodegroup: "taints", UpdateNodegroupConfig: "taints.addOrUpdateTaints" },
    "remoteAccess.sourceSecurityGroupIds": "sourceSecurityGroups",
    forceUpdateVersion: "force",
  },
  "eks/addon": {
    resolveConflictsOnCreate: { CreateAddon: "resolveConflicts" },
    resolveConflictsOnUpdate: { UpdateAddon: "resolveConflicts" },
    preserve: NOT_SENT,
  },
};
