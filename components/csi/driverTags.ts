import type { Violation } from "../checks/violations";

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
