import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lookUp } from "../checks/lookups";
import { validateInstanceTypeSizes, attachmentsOf, type InstanceType, type NodeLoad } from "./nodeSize";
import { hasOwnNodes } from "./ownCluster";
import type { Adopter } from "../retention/adopter";
import { ownState } from "../retention/ownState";
import { orEnd, refuseTogether } from "../retention/refusals";

/**
 * What EC2 says of instance types, none of them repeated. Those of which it says nothing, as other programs' mocks do, are left
 * out.
 *
 * @throws pulumi.RunError, which ends the program, for a type that EC2 doesn't know in the region, or for one who may not ask.
 */
export function lookUpInstanceTypes(types: string[], parent: pulumi.Resource): Promise<InstanceType[]> {
  const ask = (instanceType: string): Promise<Partial<InstanceType>> => {
    const asked = aws.ec2.getInstanceType({ instanceType }, { parent });
    return lookUp(`The instance type ${instanceType}`, "ec2:DescribeInstanceTypes", asked);
  };
  return orEnd(Promise.all(types.map(ask))).then((all) =>
    all.filter((it): it is InstanceType => it.supportedArchitectures !== undefined),
  );
}

/** What {@link Cluster} says about its nodes' size. */
interface SizeArgs {
  clusterName: string;
  zones: string[];
  /** Undefined where it isn't known yet. */
  nodesPerZone: number | undefined;
  load?: NodeLoad;
}

/**
 * Refuses, at a preview already, first nodes of types that the nodes' image doesn't start on, or that are too small for what
 * the cluster runs.
 *
 * @returns what the cluster must wait for.
 */
export function refuseInstanceTypes(
  { clusterName, zones, nodesPerZone, load }: SizeArgs,
  found: Promise<InstanceType[]>,
  adopter: Adopter,
): Promise<void> {
  const state = ownState();
  return refuseTogether(adopter, async () => {
    if (hasOwnNodes(await state, clusterName) || nodesPerZone === undefined) return [];
    return validateInstanceTypeSizes(await found, zones.length * nodesPerZone, load);
  });
}

/**
 * How many volumes a node of any of the types takes; `otherwise` where EC2 says nothing of them.
 *
 * @param found What EC2 says of them, where they are known.
 */
export function attachLimitOf(
  types: pulumi.Input<pulumi.Input<string>[]>,
  found: Promise<InstanceType[]> | undefined,
  otherwise: number,
  parent: pulumi.Resource,
): pulumi.Output<number> {
  return pulumi.output(types).apply(async (known) => {
    const limits = (await (found ?? lookUpInstanceTypes(known, parent))).map(attachmentsOf);
    return limits.length === 0 ? otherwise : Math.min(...limits);
  });
}
