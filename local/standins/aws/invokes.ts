import type { Properties } from "../provider";
import type { Place } from "./model";

type Invoke = (args: Properties, place: Place) => Properties;

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
      "Add it to local/standins/aws/invokes.ts, or install the real aws plugin.",
  );
}
