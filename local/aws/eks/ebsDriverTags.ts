import { ApiFailure } from "../apiErrors";

/**
 * What the EBS driver makes of the tags that its add-on is configured with. The chart joins them to one flag, which the driver
 * splits again: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/templates/_helpers.tpl
 * (extra-volume-tags), https://github.com/kubernetes/component-base/blob/master/cli/flag/map_string_string.go
 *
 * @throws Error in the driver's words, with which it ends: pkg/driver/validation.go
 */
export function extraTags(configurationValues: unknown): Record<string, string> {
  const { controller } = JSON.parse((configurationValues as string | undefined) || "{}") as {
    controller?: { extraVolumeTags?: Record<string, string> };
  };
  const flag = Object.entries(controller?.extraVolumeTags ?? {})
    .map((pair) => pair.join("="))
    .join(",");
  const tags: Record<string, string> = {};
  for (const pair of flag.split(",").filter(Boolean)) {
    const [, key, value] = /^(.*?)=(.*)$/.exec(pair) ?? [];
    if (key === undefined) throw new Error("malformed pair, expect string=string");
    tags[key.trim()] = value!.trim();
  }
  validate(tags);
  return tags;
}

/** @throws Error in the driver's words, for what the driver gives by itself. */
export function validate(tags: Record<string, string>): void {
  for (const key of Object.keys(tags)) {
    if (["CSIVolumeName", "CSIVolumeSnapshotName", "ebs.csi.aws.com/cluster"].includes(key))
      throw new Error(`Invalid extra tags: Tag key '${key}' is reserved`);
    for (const prefix of ["kubernetes.io", "aws:"])
      if (key.startsWith(prefix)) throw new Error(`Invalid extra tags: Tag key prefix '${prefix}' is reserved`);
  }
}

/** @throws ApiFailure for more tags than EC2 allows on a volume or a snapshot. */
export function refuseTooMany(operation: string, tags: Record<string, string>): void {
  const counted = Object.keys(tags).filter((key) => !key.startsWith("aws:"));
  if (counted.length <= 50) return;
  throw new ApiFailure(
    operation,
    "TagLimitExceeded",
    "You've reached the limit on the number of tags that you can assign to the specified resource.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
  );
}
