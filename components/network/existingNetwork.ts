import * as pulumi from "@pulumi/pulumi";
import { validateExistingNetwork } from "./existingSubnets";
import { validateSubnetIds } from "./subnets";
import { assertArguments } from "../checks/assertValid";
import { lookAtOthers } from "../retention/refusals";
import { typeTokens } from "../typeTokens";

export interface ExistingNetworkArgs {
  /** The VPC's id, `vpc-…`. Plain. */
  vpcId: string;
  /** A private subnet by zone, `subnet-…`. Plain. */
  privateSubnetIds: Record<string, string>;
  /** The zones that are used, by name. Plain. */
  zones: string[];
  /** Nodes that the stack is going to start in each zone: their addresses must be free. Plain. Default: none. */
  nodesPerZone?: number;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * A VPC that somebody else manages, with a private subnet in each zone. Both are looked at, and nothing of them is changed.
 *
 * Use it before a cluster or a file system is made in another team's VPC: what would fail there later is refused here.
 *
 * @throws pulumi.RunError for a zone without a subnet; at a preview already, for a VPC without DNS support or DNS hostnames, for
 *   a subnet of another VPC or zone, one with too few free addresses, or one whose nodes have no way out. Once deployed, previews
 *   only warn of it.
 */
export class ExistingNetwork extends pulumi.ComponentResource {
  /** The VPC's id, once it is looked up. */
  public readonly vpcId: pulumi.Output<string>;
  /** The private subnets' ids by zone, once they are looked up. */
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
