import { EC2Client, type ResourceType } from "@aws-sdk/client-ec2";
import type { Owner } from "../../audit/findings";

/** What an audit should tell of something: whose, what, its id; and `going` where AWS is deleting it. */
export type Expected = string;

export const REGION = "eu-west-1";
export const NAME = "eks-storage-dev";

export type Tags = Record<string, string>;
export const own: Tags = { project: "eks-storage", environment: "dev" };
/** Another stack's, of the same project in the same account. */
export const theirs: Tags = { project: "eks-storage", environment: "prod" };
export const ofCluster = (cluster: string): Tags => ({ [`kubernetes.io/cluster/${cluster}`]: "owned" });
/** What the EBS driver gives. */
export const ofDisk = (cluster: string): Tags => ({
  ...ofCluster(cluster),
  KubernetesCluster: cluster,
  CSIVolumeName: "pvc-1",
  "ebs.csi.aws.com/cluster": "true",
});

/** Tags as most services take them. */
export const list = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Tags as KMS takes them. */
export const ofKey = (tags: Tags) => Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/** Tags as EC2 takes them, of what is being made. */
export const tagged = (ResourceType: ResourceType, tags: Tags) => ({
  TagSpecifications: Object.keys(tags).length === 0 ? [] : [{ ResourceType, Tags: list(tags) }],
});

/** Plants in moto what a stack left, and beside it what is others'. */
export class Planter {
  /** What an audit must find: all of it, and nothing else. */
  readonly expected: Expected[] = [];
  /** What is in vaults, by vault: moto has none of it, so the tests' door answers it. */
  readonly points: Record<string, object[]> = {};
  readonly ec2: EC2Client;

  constructor(private readonly endpoint: string) {
    this.ec2 = new EC2Client(this.settings());
  }

  /** A client's settings. */
  settings(region = REGION) {
    return { region, endpoint: this.endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  }

  expect(owner: Owner, kind: string, id: string | undefined, more = ""): void {
    if (!id) throw new Error(`moto gave the ${kind} no id`);
    this.expected.push(`${owner} ${kind} ${id}${more}`);
  }
}
