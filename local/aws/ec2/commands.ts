import { changeRecords, readRecords, token } from "../records";
import type { Commands } from "../cli/command";

const refusal = (error: string, operation: string, says: string) =>
  new Error(`An error occurred (${error}) when calling the ${operation} operation: ${says}`);

/** https://docs.aws.amazon.com/cli/latest/reference/ec2/ */
export const ec2Commands: Commands = {
  "ec2 describe-snapshots": {
    required: ["snapshot-ids"],
    run: ({ "snapshot-ids": id }) => {
      const found = readRecords().find((record) => record.type === token("ebs/snapshot") && record.id === id);
      if (!found) {
        const says = `The snapshot '${id}' does not exist.`;
        throw refusal("InvalidSnapshot.NotFound", "DescribeSnapshots", says);
      }
      const { volumeId, volumeSize, tags } = found.properties;
      const Tags = Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
      return {
        Snapshots: [{ SnapshotId: id, VolumeId: volumeId, VolumeSize: volumeSize, State: "completed", Tags }],
      };
    },
  },
  "ec2 create-tags": {
    required: ["resources", "tags"],
    run: ({ resources: id, tags = "" }) => {
      const [, key, value] = /^Key=([^,]+),Value=(.*)$/.exec(tags) ?? [];
      if (!key) throw new Error(`Error parsing parameter '--tags': expected Key=…,Value=…, received: ${tags}`);
      changeRecords((records) => {
        const record = records.find((it) => it.id === id);
        if (!record) throw refusal("InvalidID", "CreateTags", `The ID '${id}' is not valid`);
        record.properties.tags = { ...(record.properties.tags as object | undefined), [key]: value };
      });
      return undefined;
    },
  },
};
