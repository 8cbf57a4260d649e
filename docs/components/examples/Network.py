"""A network in two zones, with a NAT gateway in each."""

import pulumi_eks_storage as storage

storage.Network(
    "network",
    cidr_block="10.0.0.0/16",
    zones=["eu-west-1a", "eu-west-1b"],
    region="eu-west-1",
    nat_gateways=storage.NatGateways.PER_ZONE,
)
