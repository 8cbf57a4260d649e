import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { validateSubnetIds } from "../network/subnets";

interface MountTargetsArgs {
  fileSystemId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  zones: string[];
  subnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** As of a `FileSystem`. */
  fileSystemName?: string;
}

/** One mount target a zone, in a security group of their own, whose id it returns. */
export function makeMountTargets(name: string, args: MountTargetsArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const securityGroup = new aws.ec2.SecurityGroup(
    name,
    {
      vpcId: args.vpcId,
      description: `Mount targets of the file system ${name}`,
      // Rules are resources of their own: an inline list would fight with them.
      revokeRulesOnDelete: true,
      tags: { Name: `${name}-mount-targets` },
    },
    { parent },
  );
  // Named after the file system, so that those of another one come before these go: pods can then move.
  const named = args.fileSystemName ? `${name}-${args.fileSystemName}` : name;
  for (const zone of args.zones) {
    new aws.efs.MountTarget(
      `${named}-${zone}`,
      {
        fileSystemId: args.fileSystemId,
        // Lifted, not applied: a zone that is being added must not make the others unknown in a preview.
        subnetId: pulumi.output(args.subnetIds)[zone]!,
        securityGroups: [securityGroup.id],
      },
      { parent },
    );
  }
  return securityGroup.id;
}

/** What is wrong with the zones that are to have mount targets, and their subnets. */
export function validateMountTargets({ zones, subnetIds }: Pick<MountTargetsArgs, "zones" | "subnetIds">): Violation[] {
  const noZone = {
    argument: "zones",
    expected: "at least one availability zone",
    actual: zones,
    fix: "Name every zone that has nodes: a pod can't mount from a zone without a mount target.",
  };
  return [...(zones.length === 0 ? [noZone] : []), ...validateSubnetIds(zones, known(subnetIds))];
}
