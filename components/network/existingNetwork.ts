import * as pulumi from "@pulumi/pulumi";
import { validateExistingNetwork } from "./existingSubnets";
import { validateSubnetIds } from "./subnets";
import { assertArguments } from "../checks/assertValid";
import { lookAtOthers } from "../retention/refusals";
import { typeTokens } from "../typeTokens";

export interface ExistingNetworkArgs {
  /** The VPC's id. Plain. */
  vpcId: string;
  /** A private subnet by zone, `subnet-…`. Plain. */
  privateSubnetIds: Record<string, string>;
  /** The zones that are used, by name. Plain. */
  zones: string[];
  /** Nodes that the stack is going to start in each zone: their addresses must be free. Plain. Default: none. */
  nodesPerZone?: number;
  /** What the arguments are called where they are configured, for messages. Plain. Default: as here. */
  argumentNames?: Record<string, string>;
}

/**
 * A VPC that somebody else manages, with a private subnet in each zone. Both are looked at, and nothing of them is changed.
 *
 * @throws pulumi.RunError, at a preview already, for a VPC without DNS support or DNS hostnames, for a subnet of another VPC or
 *   zone, one with too few free addresses, or one whose nodes have no way out. Once deployed, it is told.
 */
export class ExistingNetwork extends pulumi.ComponentResource {
  /** The VPC's id, once it is looked up. */
  public readonly vpcId: pulumi.Output<string>;
  /** Ids by zone. */
  public readonly privateSubnetIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ExistingNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { vpcId, privateSubnetIds, zones, argumentNames } = args;
    assertArguments("ExistingNetwork", name, args, () =>
      validateSubnetIds(zones, privateSubnetIds, "privateSubnetIds"),
    );
    super(typeTokens.ExistingNetwork, name, {}, opts);

    const adopter = { type: typeTokens.ExistingNetwork, name, component: this, argumentNames };
    const passed = lookAtOthers(adopter, { vpcId }, (state) => validateExistingNetwork(args, state, { parent: this }));
    this.vpcId = pulumi.output(passed.then(() => vpcId));
    this.privateSubnetIds = pulumi.output(passed.then(() => privateSubnetIds));
    this.registerOutputs({ vpcId: this.vpcId, privateSubnetIds: this.privateSubnetIds });
  }
}
