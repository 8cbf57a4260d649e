import type { Account } from "../account";

/** Whether the route that a subnet's addresses take to the internet leads anywhere. */
export function hasWayOut(subnetId: string, account: Account): boolean {
  return account
    .where("ec2/routeTableAssociation", "subnetId", subnetId)
    .flatMap(({ properties }) => account.where("ec2/route", "routeTableId", properties.routeTableId))
    .some(
      ({ properties }) =>
        properties.destinationCidrBlock === "0.0.0.0/0" &&
        (account.find("ec2/natGateway", properties.natGatewayId) ??
          account.find("ec2/internetGateway", properties.gatewayId)) !== undefined,
    );
}
