/** How many NAT gateways carry the nodes' traffic out. */
export const NatGateways = { Single: "single", PerZone: "perZone" } as const;
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];
