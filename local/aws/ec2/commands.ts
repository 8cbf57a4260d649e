import { type Commands, tagList } from "../cli/command";
import { awsEbsKey, defaultEbsKey, SETTING } from "./defaultKey";

/** https://docs.aws.amazon.com/cli/latest/reference/ec2/ */
export const commands: Commands = {
  ModifyEbsDefaultKmsKeyId: {
    required: ["kms-key-id"],
    regional: true,
    run: ({ properties: { kmsKeyId: keyArn, region } }, account) => {
      account.remove(account.where(SETTING, "region", region)[0]);
      account.add(SETTING, String(region), { region, keyArn });
      return { KmsKeyId: keyArn };
    },
  },
  ResetEbsDefaultKmsKeyId: {
    required: [],
    regional: true,
    run: ({ properties: { region } }, account) => {
      account.remove(account.where(SETTING, "region", region)[0]);
      return { KmsKeyId: awsEbsKey(String(region), account.id) };
    },
  },
  GetEbsDefaultKmsKeyId: {
    required: [],
    regional: true,
    run: ({ properties: { region } }, account) => {
      return { KmsKeyId: defaultEbsKey(String(region), account) ?? awsEbsKey(String(region), account.id) };
    },
  },
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
