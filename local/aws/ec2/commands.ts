import { type Commands, tagList } from "../cli/command";

/** https://docs.aws.amazon.com/cli/latest/reference/ec2/ */
export const commands: Commands = {
  DescribeSnapshots: {
    required: ["snapshot-ids"],
    request: ({ snapshotIds }) => ({ id: snapshotIds }),
    run: ({ id }, account) => {
      const { volumeId, volumeSize, tags } = account.find("ebs/snapshot", id)!.properties;
      const snapshot = { SnapshotId: id, VolumeId: volumeId, VolumeSize: volumeSize, State: "completed" };
      return { Snapshots: [{ ...snapshot, Tags: tagList(tags) }] };
    },
  },
  CreateTags: {
    required: ["resources", "tags"],
    request: ({ resources, tags = "" }) => {
      const [, key, value] = /^Key=([^,]+),Value=(.*)$/.exec(tags) ?? [];
      if (!key) throw new Error(`Error parsing parameter '--tags': expected Key=…,Value=…, received: ${tags}`);
      return { id: resources, properties: { tags: { [key]: value } } };
    },
    run: ({ id, properties: { tags } }, { records }) => {
      const { properties } = records.find((record) => record.id === id)!;
      properties.tags = { ...(properties.tags as object | undefined), ...(tags as object) };
      return undefined;
    },
  },
};
