import type { Registration } from "../support/registrations";

/** The type of `@pulumi/eks`'s component for a cluster. */
const CLUSTER = "eks:index:Cluster";

/**
 * What a program registers, as the real eks plugin registers it: components without inputs, and a cluster's child, which
 * the mocks leave out. SDKs before 3.202 show no inputs of components (https://github.com/pulumi/pulumi/pull/20357). The
 * child is that of https://github.com/pulumi/pulumi-eks/blob/v4.3.0/nodejs/eks/cluster/cluster.ts (createCore).
 */
export function asEksPlugin(registrations: Registration[]): Registration[] {
  return registrations.flatMap((it) => (it.type === CLUSTER ? [{ ...it, inputs: {} }, childOf(it)] : [it]));
}

function childOf(component: Registration): Registration {
  const { name, urn, inputs, propertyDependencies } = component;
  const type = "aws:eks/cluster:Cluster";
  return {
    ...component,
    ...{ type, name: `${name}-eksCluster`, urn: urn.replace(CLUSTER, `${CLUSTER}$${type}`), custom: true, parent: urn },
    inputs: {
      name: inputs.name,
      version: inputs.version,
      vpcConfig: {
        subnetIds: inputs.privateSubnetIds,
        endpointPrivateAccess: inputs.endpointPrivateAccess,
        endpointPublicAccess: inputs.endpointPublicAccess,
        publicAccessCidrs: inputs.publicAccessCidrs,
      },
      enabledClusterLogTypes: inputs.enabledClusterLogTypes,
      encryptionConfig: { provider: { keyArn: inputs.encryptionConfigKeyArn }, resources: ["secrets"] },
      deletionProtection: inputs.deletionProtection,
    },
    propertyDependencies: {
      vpcConfig: propertyDependencies["privateSubnetIds"] ?? [],
      encryptionConfig: propertyDependencies["encryptionConfigKeyArn"] ?? [],
    },
  };
}
