// A network in two zones, with a NAT gateway in each.
import * as storage from "eks-storage";

new storage.Network("network", {
  cidrBlock: "10.0.0.0/16",
  zones: ["eu-west-1a", "eu-west-1b"],
  region: "eu-west-1",
  natGateways: storage.NatGateways.PerZone,
});
