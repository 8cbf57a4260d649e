import type { ApiServer } from "./apiServer";
import * as pulumi from "@pulumi/pulumi";
import { mockArn, type Mocked, mockName } from "./mockIds";

/** The security groups of the cluster that the program makes, and of one that exists. */
export const CLUSTER_GROUP = "sg-0c1000000000000aa";
export const EXISTING_CLUSTER_GROUP = "sg-0c2000000000000bb";

/** AWS's own key for EBS. */
export const AWS_EBS_KEY = "arn:aws:kms:eu-west-1:111101013333:key/0e0e0e0e-0e0e-0e0e-0e0e-0e0e0e0e0e0e";

/** What EC2 says of it: https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html */
export const M7I_LARGE = {
  instanceType: "m7i.large",
  supportedArchitectures: ["x86_64"],
  memorySize: 8192,
  maximumNetworkInterfaces: 3,
  maximumIpv4AddressesPerInterface: 10,
  hypervisor: "nitro",
  bareMetal: false,
  gpuses: [],
  inferenceAccelerators: [],
  neuronDevices: [],
  instanceDisks: [],
};

/** The VPC of the cluster that exists. */
export const EXISTING_VPC = "vpc-0e1000000000000aa";

/** The computed outputs of an applied resource, as far as the program reads them. */
export function mockState(resource: Mocked, id: string): Record<string, unknown> {
  const { type, name, inputs } = resource;
  const computed: Record<string, Record<string, unknown>> = {
    "eks:index:Cluster": {
      eksCluster: { name: inputs["name"], vpcConfig: { clusterSecurityGroupId: CLUSTER_GROUP } },
      kubeconfigJson: JSON.stringify({ clusters: [{ name }] }),
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
      arn: `arn:aws:iam::111101013333:oidc-provider/${String(inputs["url"]).replace("https://", "")}`,
    },
    "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 1 },
    "random:index/randomPassword:RandomPassword": { result: pulumi.secret(`generated for ${name}`) },
  };
  const named = type.startsWith("aws:") ? { arn: mockArn(resource, id), name: mockName(name) } : {};
  return { ...named, ...computed[type] };
}

/** What a lookup finds of a cluster that exists, in the VPC {@link EXISTING_VPC}: the one that `api` serves. */
export function existingCluster(
  { name }: Record<string, unknown>,
  api?: ApiServer,
  version?: string,
): Record<string, unknown> {
  return {
    name,
    version,
    endpoint: api?.url ?? "https://existing.eks.amazonaws.com",
    certificateAuthorities: [{ data: api?.authority ?? "Y2E=" }],
    vpcConfig: { vpcId: EXISTING_VPC, clusterSecurityGroupId: EXISTING_CLUSTER_GROUP },
  };
}

/** What EC2 finds of the one snapshot that is asked for: its id in a list, its tags and size, or neither. */
export function snapshotsOf(
  { filters, snapshotIds }: Record<string, any>,
  snapshots: Record<string, object>,
): Record<string, unknown> {
  const [id] = (snapshotIds ?? filters[0].values) as [string];
  return { ids: id in snapshots ? [id] : [], ...snapshots[id] };
}

/** What EC2 offers of the types in the zones that are asked for, a pair an offering. */
export function offeringsOf({ filters }: Record<string, any>, offerings: Record<string, string[]>) {
  const asked = (name: string) => filters.find((it: { name: string }) => it.name === name).values as string[];
  const found = asked("instance-type").flatMap((type) =>
    (offerings[type] ?? []).filter((zone) => asked("location").includes(zone)).map((zone) => [type, zone] as const),
  );
  return { instanceTypes: found.map(([type]) => type), locations: found.map(([, zone]) => zone) };
}

/** A disk that a stack's database can adopt. */
const adoptDisk = (stack: string) => ({
  tags: { "ebs.csi.aws.com/cluster": "true", "eks-storage:backup": `eks-storage-${stack}` },
  size: 20,
  availabilityZone: "eu-west-1a",
  kmsKeyId: "",
});

/** What EC2 answers about one volume. By default it finds a volume by its id, and none by a snapshot's id. */
export function volumesOf(
  { filters }: Record<string, any>,
  volumes: Record<string, object | null>,
  stack: string,
): Record<string, unknown> {
  const [{ name, values }] = filters as [{ name: string; values: [string] }];
  const [id] = values;
  if (name === "snapshot-id")
    return { ids: Object.keys(volumes).filter((it) => Object(volumes[it]).snapshotId === id) };
  return { ids: id in volumes && !volumes[id] ? [] : [id], ...adoptDisk(stack), ...volumes[id] };
}

const LOOKUPS = {
  backup: "Vault",
  ec2: "NetworkInterface NetworkInterfaces RouteTable SecurityGroup Subnet Vpc",
  efs: "AccessPoint FileSystem",
  eks: "Addon",
  iam: "Role",
  kms: "Key",
  s3: "Bucket",
  ssm: "Parameter",
};

/** Whether a function looks up a resource that a stack may adopt, or use as it is. By default it is found, and as it should be. */
export const looksUp = (token: string): boolean =>
  Object.entries(LOOKUPS).some(([service, names]) =>
    names.split(" ").some((name) => token.startsWith(`aws:${service}/get${name}:`)),
  );
