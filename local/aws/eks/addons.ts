import { isObject, type Properties } from "../../plugins/properties";
import type { Account } from "../account";

/** Whether an add-on's pods run. */
export const isActive = (addonName: string, account: Account) =>
  account.where("eks/addon", "addonName", addonName).some(({ status }) => status === "ACTIVE");

/** Add-ons whose Deployments need a node before they are active. */
export const ADDONS_WITH_PODS = [
  "coredns",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
  "aws-mountpoint-s3-csi-driver",
  "snapshot-controller",
  "metrics-server",
  "amazon-cloudwatch-observability",
];

/**
 * The keys that an add-on's configuration may have, as far as this program gives any: `aws eks
 * describe-addon-configuration` prints all of them.
 */
const CONFIGURATION_KEYS: Record<string, string[]> = {
  "vpc-cni": ["enableNetworkPolicy"],
  "aws-ebs-csi-driver": ["controller.region", "controller.extraVolumeTags", "node.volumeAttachLimit"],
  "amazon-cloudwatch-observability": [
    "otelContainerInsights.enabled",
    "otelContainerInsights.logs.enabled",
    "containerInsights.enabled",
    "containerLogs.enabled",
    "applicationSignals.enabled",
    "manager.applicationSignals.autoMonitor.monitorAllServices",
    "agent.otelConfig",
  ],
};

/** The dotted paths of an object's values. */
const pathsOf = (value: unknown, path: string[] = []): string[] =>
  isObject(value) && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))
    : [path.join(".")];

/** Whether an add-on's configuration fits its schema. */
export function isSupportedConfiguration({ addonName, configurationValues }: Properties): boolean {
  if (!configurationValues) return true;
  const allowed = CONFIGURATION_KEYS[String(addonName)] ?? [];
  try {
    const given = pathsOf(JSON.parse(configurationValues as string));
    return given.every((path) => allowed.some((key) => path === key || path.startsWith(`${key}.`)));
  } catch {
    return false;
  }
}
