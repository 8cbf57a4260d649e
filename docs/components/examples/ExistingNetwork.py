"""A network of another team's, in which a cluster is made."""

import pulumi
import pulumi_eks_storage as storage

config = pulumi.Config()
office_cidr = config.require("officeCidr")

network = storage.ExistingNetwork(
    "network",
    vpc_id="vpc-0123456789abcdef0",
    private_subnet_ids={
        "eu-west-1a": "subnet-0123456789abcdef0",
        "eu-west-1b": "subnet-0fedcba9876543210",
    },
    zones=["eu-west-1a", "eu-west-1b"],
    nodes_per_zone=1,
)
storage.Cluster(
    "cluster",
    cluster_name="shop",
    kubernetes_version="1.35",
    vpc_id=network.vpc_id,
    zones=["eu-west-1a", "eu-west-1b"],
    control_plane_zones=["eu-west-1a", "eu-west-1b"],
    private_subnet_ids=network.private_subnet_ids,
    api_access_cidrs=[office_cidr],
    addon_versions=storage.ClusterAddonVersionsArgs(
        vpc_cni="v1.21.1-eksbuild.1",
        kube_proxy="v1.35.0-eksbuild.2",
        coredns="v1.13.1-eksbuild.1",
        pod_identity_agent="v1.3.10-eksbuild.2",
    ),
    retention=storage.Retention.RETAIN,
)
