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
  "eks/getAddon": ({ clusterName, addonName }, _, account) => {
    const id = `${String(clusterName)}:${String(addonName)}`;
    const addon = account.find("eks/addon", id);
    if (!addon) throw new Error(`reading EKS Add-On (${id}): couldn't find resource`);
    const { arn, addonVersion, serviceAccountRoleArn } = addon.properties;
    return { id, clusterName, addonName, arn, addonVersion, serviceAccountRoleArn };
  },
  "eks/getAddonVersion": ({ addonName, kubernetesVersion }) => ({
    id: addonName,
    addonName,
    kubernetesVersion,
    version: `v${String(kubernetesVersion)}.0-eksbuild.1`,
  }),
};
