import type { Violation } from "../checks/violations";
import { kubernetesVersions } from "../versions";

const DAY_IN_MS = 24 * 60 * 60 * 1000;

/** EKS tells of the end so long before: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#version-faqs */
const NOTICE_IN_DAYS = 60;

export const minorOf = (version: string): number => Number(/^v?1\.(\d+)/.exec(version)?.[1]);

/** Days of standard support that a version has left, none from the day that ends it; undefined where that isn't known. */
function daysLeft(version: string, today: string): number | undefined {
  const end = kubernetesVersions[version];
  return end === undefined ? undefined : (Date.parse(end) - Date.parse(today)) / DAY_IN_MS;
}

/** Those in standard support, each with its end. */
const supported = (today: string) =>
  Object.entries(kubernetesVersions)
    .filter(([version]) => daysLeft(version, today)! > 0)
    .map(([version, end]) => `${version} (until ${end})`);

/**
 * What is to be said of a version whose standard support ends within 60 days, or has ended. The program turns extended support
 * off: EKS then upgrades the control plane by itself, and not the nodes.
 * https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#extended-support-faqs
 */
export function supportNotice(version: string, today: string): string | undefined {
  const days = daysLeft(version, today);
  if (days === undefined || days > NOTICE_IN_DAYS) return undefined;
  const end = kubernetesVersions[version]!;
  const [state, then] =
    days > 0
      ? [`is in EKS's standard support until ${end}, for ${days === 1 ? "one more day" : `${days} more days`}`, " then"]
      : [`has been out of EKS's standard support since ${end}`, ""];
  return (
    `Kubernetes ${version} ${state}. EKS${then} upgrades a cluster's control plane by itself, at any time, and a ` +
    `new cluster of it is refused here. Upgrade it yourself: docs/aws.md, "Upgrading Kubernetes".`
  );
}

/** What is wrong with the version of a cluster that isn't there yet. */
export function validateNewCluster(version: string, today: string, argument = "kubernetesVersion"): Violation[] {
  const oldest = Math.min(...Object.keys(kubernetesVersions).map(minorOf));
  const isOver = (daysLeft(version, today) ?? minorOf(version) - oldest + 1) <= 0;
  const violation = {
    argument,
    expected: `in EKS's standard support for a new cluster: ${supported(today).join(", ") || "no version that this release knows"}`,
    actual: version,
    fix:
      "Extended support costs six times as much, and is turned off: EKS would upgrade the cluster by itself. " +
      "A newer release of this program knows newer versions (components/versions.ts).",
  };
  return isOver ? [violation] : [];
}

/**
 * What is wrong with a version beside that of the living cluster, which EKS may have upgraded by itself: a version behind it
 * previews as a downgrade. Within seven days of an upgrade, EKS takes a minor back, which must begin with the nodes.
 * https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html
 */
export function validateLivingCluster(
  version: string,
  { clusterName, living }: { clusterName: string; living: string },
  argument = "kubernetesVersion",
): Violation[] {
  const ahead = minorOf(version) - minorOf(living);
  const next = `1.${minorOf(living) + 1}`;
  if (ahead < 0) {
    return [
      {
        argument,
        expected: `${living}, which the cluster ${clusterName} has, or ${next}`,
        actual: version,
        fix:
          "EKS upgrades a cluster by itself when its version is out of standard support, and doesn't go back. Follow it: set " +
          `${living}, run pulumi refresh, and pulumi preview then shows the nodes' update. To take a fresh upgrade back: ` +
          "https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html",
      },
    ];
  }
  if (ahead > 1) {
    return [
      {
        argument,
        expected: `${living}, which the cluster ${clusterName} has, or ${next}`,
        actual: version,
        fix: "EKS upgrades by one minor version at a time.",
      },
    ];
  }
  return [];
}
