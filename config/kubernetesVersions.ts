/**
 * Kubernetes versions that this program is for, with the end of their standard support, after which EKS upgrades the
 * cluster by itself. A new one comes here when the add-ons' versions for it are known.
 *
 * https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export const kubernetesVersions: Record<string, string> = {
  "1.34": "until 2026-12-02",
  "1.35": "until 2027-03-27",
  "1.36": "until a date not listed here yet",
};
