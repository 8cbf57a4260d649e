import type { Violation } from "../checks/violations";
import type { CsiDriverKind } from "./csiDriverKind";

/**
 * The first versions that take their credentials from EKS Pod Identity, as all drivers here do; of EFS's it isn't known.
 * https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html, https://docs.aws.amazon.com/eks/latest/userguide/s3-csi.html
 */
const FIRST: Partial<Record<CsiDriverKind, [major: number, minor: number]>> = { ebs: [1, 26], s3: [2, 0] };

/** What is wrong with the version of a driver's add-on. */
export function validateDriverVersion(
  kind: CsiDriverKind,
  version: string | undefined,
  argument = "version",
): Violation[] {
  const first = FIRST[kind];
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version ?? "") ?? [];
  if (!first || major === undefined) return [];
  if (Number(major) > first[0] || (Number(major) === first[0] && Number(minor) >= first[1])) return [];
  return [
    {
      argument,
      expected: `v${first.join(".")}.0 or later`,
      actual: version,
      fix: "Earlier drivers don't know EKS Pod Identity, and would stay without credentials. aws eks describe-addon-versions lists newer ones.",
    },
  ];
}

/**
 * Tags that the EBS driver gives by itself. Told to give one of them, it doesn't start.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/validation.go (validateExtraTags)
 */
const RESERVED = /^(kubernetes\.io|ebs\.csi\.aws\.com\/)|^(CSIVolumeName|CSIVolumeSnapshotName)$/;

/** What is wrong with the names of the tags that a driver is to give. */
export function validateDriverTags(names: string[], argument = "tags"): Violation[] {
  const reserved = names.filter((name) => RESERVED.test(name));
  if (reserved.length === 0) return [];
  return [
    {
      argument,
      expected: "tags that the EBS driver doesn't give by itself",
      actual: names,
      fix: `It wouldn't start: remove ${reserved.join(", ")}.`,
    },
  ];
}
