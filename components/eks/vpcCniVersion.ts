import type { Violation } from "../checks/violations";

/**
 * Their network-policy agent drops packets of pods that no policy selects, on nodes where it starts before kube-proxy.
 * https://github.com/aws/aws-network-policy-agent/issues/570
 */
const BROKEN = ["v1.21.1-eksbuild.7", "v1.21.1-eksbuild.8"];

/** What is wrong with the version of the add-on vpc-cni. */
export function validateVpcCniVersion(version: string | undefined, argument = "addonVersions.vpcCni"): Violation[] {
  if (version === undefined || !BROKEN.includes(version)) return [];
  const fix =
    "These drop packets of pods that no network policy selects. aws eks describe-addon-versions lists others.";
  return [{ argument, expected: `another version than ${BROKEN.join(" and ")}`, actual: version, fix }];
}
