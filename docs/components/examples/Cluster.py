"""A cluster in a network of its own, which the office may reach."""

import pulumi
import pulumi_eks_storage as storage

config = pulumi.Config()
office_cidr = config.require("officeCidr")

network = storage.Network(
    "network",
    cidr_block="10.0.0.0/16",
    zones=["eu-west-1a", "eu-west-1b"],
    region="eu-west-1",
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
