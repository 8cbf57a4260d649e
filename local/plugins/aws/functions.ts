import type { Properties } from "../plugin";
import type { Place } from "./resource";
import { type AwsRecord, readRecords, token } from "../../aws/records";

type Invoke = (args: Properties, place: Place) => Properties;

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html */
function getCluster({ name }: Properties): Properties {
  const cluster = readRecords().find(({ type, id }) => type === token("eks/cluster") && id === name);
  if (!cluster) throw new Error(`ResourceNotFoundException: No cluster found for name: ${String(name)}.`);
  const { arn, endpoint, certificateAuthority, vpcConfig, version } = cluster.properties;
  return {
    id: name,
    name,
    arn,
    endpoint,
    version,
    status: cluster.status,
    certificateAuthorities: [certificateAuthority],
    vpcConfig,
  };
}

/** The ids of what EC2 has of a type, by the one filter that is given; of filters the stand-in knows few. */
function idsOf(what: string, type: string, { filters }: Properties, known: Record<string, (it: AwsRecord) => string>) {
  const [{ name, values }] = filters as [{ name: string; values: string[] }];
  const valueOf = known[name];
  if (!valueOf) throw new Error(`The stand-in for AWS knows no filter ${name} of ${what}`);
  const found = readRecords().filter((record) => record.type === token(type) && values.includes(valueOf(record)));
  return { id: what, ids: found.map(({ id }) => id) };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html, by ids only. */
const getSnapshotIds = (args: Properties) =>
  idsOf("snapshots", "ebs/snapshot", args, { "snapshot-id": ({ id }) => id });

/** The key of what names none: AWS's own for EBS. */
const ownKey = ({ region, account }: Place) => `arn:aws:kms:${region}:${account}:key/aws-ebs`;

function getSnapshot({ snapshotIds }: Properties, place: Place): Properties {
  const [id] = snapshotIds as string[];
  const snapshot = readRecords().find((record) => record.type === token("ebs/snapshot") && record.id === id);
  if (!snapshot) throw new Error("Your query returned no results. Please change your search criteria and try again.");
  const { tags = {}, volumeSize, volumeId, kmsKeyId = ownKey(place) } = snapshot.properties;
  return { id, snapshotId: id, tags, volumeSize, volumeId, encrypted: true, kmsKeyId, state: "completed" };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html, by the ids of volumes or snapshots. */
const getEbsVolumes = (args: Properties) =>
  idsOf("volumes", "ebs/volume", args, {
    "volume-id": ({ id }) => id,
    "snapshot-id": ({ properties }) => properties.snapshotId as string,
  });

function getVolume(args: Properties, place: Place): Properties {
  const id = getEbsVolumes(args).ids.at(-1);
  const volume = readRecords().find((record) => record.id === id);
  if (!volume) throw new Error("Your query returned no results. Please change your search criteria and try again.");
  const { tags = {}, size, availabilityZone, snapshotId = "", kmsKeyId = ownKey(place) } = volume.properties;
  return { id, volumeId: id, tags, size, availabilityZone, snapshotId, encrypted: true, kmsKeyId };
}

/** The provider's functions that a program or the eks component calls, by token. */
const invokes: Record<string, Invoke> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account }) => ({
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/local-deployer/local`,
    id: account,
    userId: "AROALOCALDEPLOYER:local",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (_, { region }) => ({
    id: region,
    name: region,
    region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, { region }) => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => region + zone),
    zoneIds: ["az1", "az2", "az3"].map((zone) => `${region}-${zone}`),
    groupNames: [region],
  }),
  "aws:eks/getCluster:getCluster": getCluster,
  "aws:ebs/getSnapshotIds:getSnapshotIds": getSnapshotIds,
  "aws:ebs/getSnapshot:getSnapshot": getSnapshot,
  "aws:ebs/getEbsVolumes:getEbsVolumes": getEbsVolumes,
  "aws:ebs/getVolume:getVolume": getVolume,
  "aws:eks/getAddonVersion:getAddonVersion": ({ addonName, kubernetesVersion }) => ({
    id: addonName,
    addonName,
    kubernetesVersion,
    version: `v${String(kubernetesVersion)}.0-eksbuild.1`,
  }),
};

/** @throws when the stand-in doesn't know the function, naming where to add it. */
export function invoke(token: string, args: Properties, place: Place): Properties {
  const function_ = invokes[token];
  if (function_) return function_(args, place);
  throw new Error(
    `The stand-in for AWS doesn't know the function ${token}.\n` +
      "Add it to local/plugins/aws/functions.ts, or install the real aws plugin.",
  );
}
