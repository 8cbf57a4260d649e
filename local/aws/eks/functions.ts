import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

export const functions: Record<string, ProviderFunction> = {
  "eks/getCluster": ({ name }, _, account) => {
    call({ errors, page }, ["DescribeCluster"], { id: String(name), properties: { name }, olds: {} }, account);
    const { status, properties } = account.find("eks/cluster", name)!;
    const { arn, endpoint, certificateAuthority, vpcConfig, version } = properties;
    const certificateAuthorities = [certificateAuthority];
    return { id: name, name, arn, endpoint, version, status, certificateAuthorities, vpcConfig };
  },
  "eks/getAddonVersion": ({ addonName, kubernetesVersion }) => ({
    id: addonName,
    addonName,
    kubernetesVersion,
    version: `v${String(kubernetesVersion)}.0-eksbuild.1`,
  }),
};
