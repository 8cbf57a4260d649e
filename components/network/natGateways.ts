/** How many NAT gateways carry the nodes' traffic out: one, in the first zone, or one per zone. Each is paid by the hour. */
export const NatGateways = { Single: "single", PerZone: "perZone" } as const;
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];
