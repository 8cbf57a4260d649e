import type { Properties } from "../../plugins/properties";
import type { Account } from "../account";
import type { AwsRecord } from "../records";
import type { ProviderConfig, ProviderFunction } from "../service";
import { awsEbsKey, defaultEbsKey } from "./defaultKey";
import { findInstanceType } from "./instanceTypes";
import { networkFunctions } from "./networkFunctions";
import { zoneId } from "./zones";

/** The property of a resource that a filter compares. */
type Filters = Record<string, (record: AwsRecord) => unknown>;

/** What there is of a type by the one filter that is given; of EC2's filters the stand-in knows few. */
function filtered(type: string, { filters }: Properties, known: Filters, account: Account): AwsRecord[] {
  const [{ name, values }] = filters as [{ name: string; values: unknown[] }];
  const valueOf = known[name];
  if (!valueOf) throw new Error(`The stand-in for AWS knows no filter ${name} of ${type}`);
  return account.all(type).filter((record) => values.includes(valueOf(record)));
}

const SNAPSHOT_FILTERS: Filters = { "snapshot-id": ({ id }) => id };
const VOLUME_FILTERS: Filters = {
  "volume-id": ({ id }) => id,
  "snapshot-id": ({ properties }) => properties.snapshotId,
};

const idsOf = (what: string, found: AwsRecord[]) => ({ id: what, ids: found.map(({ id }) => id) });

/** The key of what names none, and was made when no customer's was the default. */
const ownKey = ({ region, accountId }: ProviderConfig) => awsEbsKey(region, accountId);

const noResults = () => new Error("Your query returned no results. Please change your search criteria and try again.");

export const functions: Record<string, ProviderFunction> = {
  ...networkFunctions,
  "index/getRegion": (_, { region }) => ({
    id: region,
    name: region,
    region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html */
  "index/getAvailabilityZones": (_, { region }) => {
    const names = ["a", "b", "c"].map((letter) => region + letter);
    return { id: region, names, zoneIds: names.map(zoneId), groupNames: [region] };
  },

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html */
  "ec2/getInstanceType": ({ instanceType }) => {
    const name = String(instanceType);
    const { vcpus, memorySize, interfaces, addresses, architecture = "x86_64", gpus } = findInstanceType(name);
    return {
      ...{ id: name, instanceType: name, defaultVcpus: vcpus, memorySize, supportedArchitectures: [architecture] },
      ...{ maximumNetworkInterfaces: interfaces, maximumIpv4AddressesPerInterface: addresses },
      ...{ hypervisor: name.startsWith("m4.") ? "xen" : "nitro", bareMetal: false },
      gpuses: gpus === undefined ? [] : [{ count: gpus }],
    };
  },

  /** Every type in every zone. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html */
  "ec2/getInstanceTypeOfferings": ({ filters }) => {
    const asked = (name: string) =>
      (filters as { name: string; values: string[] }[]).find((it) => it.name === name)!.values;
    const offered = asked("instance-type").flatMap((type) => asked("location").map((zone) => [type, zone] as const));
    return {
      id: "offerings",
      instanceTypes: offered.map(([type]) => type),
      locations: offered.map(([, zone]) => zone),
      locationTypes: offered.map(() => "availability-zone"),
    };
  },

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsDefaultKmsKeyId.html */
  "ebs/getDefaultKmsKey": (_, { region, accountId }, account) => {
    return { id: region, region, keyArn: defaultEbsKey(region, account) ?? awsEbsKey(region, accountId) };
  },

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
  "ebs/getSnapshotIds": (args, _, account) =>
    idsOf("snapshots", filtered("ebs/snapshot", args, SNAPSHOT_FILTERS, account)),

  "ebs/getSnapshot": ({ snapshotIds }, config, account) => {
    const [id] = snapshotIds as string[];
    const snapshot = account.find("ebs/snapshot", id);
    if (!snapshot) throw noResults();
    const { tags = {}, volumeSize, volumeId, kmsKeyId = ownKey(config) } = snapshot.properties;
    return { id, snapshotId: id, tags, volumeSize, volumeId, encrypted: true, kmsKeyId, state: "completed" };
  },

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
  "ebs/getEbsVolumes": (args, _, account) => idsOf("volumes", filtered("ebs/volume", args, VOLUME_FILTERS, account)),

  "ebs/getVolume": (args, config, account) => {
    const volume = filtered("ebs/volume", args, VOLUME_FILTERS, account).at(-1);
    if (!volume) throw noResults();
    const { id, properties } = volume;
    const { tags = {}, size, availabilityZone, snapshotId = "", kmsKeyId = ownKey(config) } = properties;
    return { id, volumeId: id, tags, size, availabilityZone, snapshotId, encrypted: true, kmsKeyId };
  },
};
