import { createHash } from "node:crypto";
import {
  controlPlaneApi,
  type Fields,
  type KubernetesApi,
  type KubernetesObject,
  StatusError,
} from "../../kubernetes/client";
import { hasRealNodes, SIMULATED } from "../../nodes/simulated";
import type { Properties } from "../../plugins/properties";
import { readControlPlane } from "../../stack/directory";
import { readAccount } from "../account";
import { nodeResources } from "../ec2/instanceTypes";
import type { AwsRecord } from "../records";
import { until } from "../until";

/** How a node group's properties look to the nodes. */
interface NodeGroup {
  clusterName: string;
  nodeGroupName: string;
  scalingConfig: { desiredSize: number };
  instanceTypes: string[];
  version: string;
  releaseVersion?: string;
  launchTemplate?: { version: string };
  labels?: Record<string, string>;
  taints?: { key: string; value?: string; effect: string }[];
}

const GROUP_LABEL = "eks.amazonaws.com/nodegroup";
const EFFECTS: Record<string, string> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/**
 * What the pods of add-ons take of each node, in millicores and MiB: six on every node, and a share of those that run twice in
 * a cluster. aws-node asks for 50m, kube-proxy and coredns for 100m, each container of the EBS driver for 10m and 40Mi.
 */
const SYSTEM = { pods: 10, memory: 430, cpu: 350 };

/** The nodes that a group should have. With another version or launch template they are other nodes, as after a rolling update. */
export function nodesOf(properties: Properties, region: string, zones: string[]): Fields[] {
  const group = properties as unknown as NodeGroup;
  const generation = [group.version, group.releaseVersion, group.launchTemplate?.version];
  return Array.from({ length: group.scalingConfig.desiredSize }, (_, index) => {
    const hash = createHash("sha1").update([group.clusterName, group.nodeGroupName, ...generation, index].join());
    const digest = hash.digest();
    const name = `ip-10-${digest[0]}-${digest[1]}-${digest[2]}.${region}.compute.internal`;
    const zone = zones[index % zones.length];
    const { capacity, left } = nodeResources(group.instanceTypes[0]!);
    // No pod of kube-system's runs here: what they would take is taken from what is left.
    const allocatable = {
      ...capacity,
      cpu: `${left.cpu - SYSTEM.cpu}m`,
      memory: `${left.memory - SYSTEM.memory}Mi`,
      pods: String(left.pods - SYSTEM.pods),
    };
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        annotations: SIMULATED,
        labels: {
          ...group.labels,
          [GROUP_LABEL]: group.nodeGroupName,
          "eks.amazonaws.com/capacityType": "ON_DEMAND",
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": name,
          "kubernetes.io/os": "linux",
          "node.kubernetes.io/instance-type": group.instanceTypes[0],
          "topology.kubernetes.io/region": region,
          "topology.kubernetes.io/zone": zone,
          "topology.ebs.csi.aws.com/zone": zone,
        },
      },
      spec: {
        providerID: `aws:///${zone}/i-0${digest.toString("hex").slice(0, 16)}`,
        taints: (group.taints ?? []).map(({ key, value, effect }) => ({
          key,
          value,
          effect: EFFECTS[effect] ?? effect,
        })),
      },
      status: { capacity, allocatable },
    };
  });
}

/** Gives a group that was created or updated its nodes. */
export async function joinNodes(properties: Properties, timeoutInSeconds: number): Promise<void> {
  const account = readAccount();
  const zones = (properties.subnetIds as string[]).map((id) =>
    String(account.find("ec2/subnet", id)?.properties.availabilityZone),
  );
  const nodes = hasRealNodes() ? [] : nodesOf(properties, String(properties.region), zones.sort());
  await syncNodes(String(properties.nodeGroupName), nodes, timeoutInSeconds);
}

/** Takes the nodes of a group that is deleted away. */
export const drainNodes = ({ properties }: AwsRecord, timeoutInSeconds: number): Promise<void> =>
  syncNodes(String(properties.nodeGroupName), [], timeoutInSeconds);

const isReady = ({ status }: KubernetesObject) =>
  ((status?.conditions ?? []) as Fields[]).some(({ type, status }) => type === "Ready" && status === "True");

/** Brings a group's nodes on the API server to the wanted ones: waits for the new ones, then drains the old ones. */
export async function syncNodes(groupName: string, wanted: Fields[], timeoutInSeconds: number): Promise<void> {
  const api = controlPlaneApi(readControlPlane());
  const groupNodes = () =>
    api.list({ apiVersion: "v1", kind: "Node" }, { labelSelector: `${GROUP_LABEL}=${groupName}` });
  const existing = await groupNodes();
  for (const node of wanted) {
    const { name, labels } = node.metadata as { name: string; labels: Fields };
    const { taints } = node.spec as { taints: Fields[] };
    if (!existing.some(({ metadata }) => metadata.name === name)) await api.create(node);
    else await api.merge({ apiVersion: "v1", kind: "Node", name }, { metadata: { labels }, spec: { taints } });
  }
  const names = wanted.map((node) => (node.metadata as { name: string }).name);
  await until(timeoutInSeconds, async () => {
    const ready = (await groupNodes()).filter(isReady).map(({ metadata }) => metadata.name);
    return names.every((name) => ready.includes(name));
  }).catch(() => {
    throw new Error(
      "NodeCreationFailure: Instances failed to join the kubernetes cluster: is the stack's kwok running?",
    );
  });
  const removed = existing.map(({ metadata }) => metadata.name).filter((name) => !names.includes(name));
  for (const name of removed) {
    // An update stops at pods that may not go, https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html
    if (!(await drained(api, name, timeoutInSeconds)) && names.length > 0) {
      throw new Error(
        `PodEvictionFailure: Reached max retries while trying to evict pods from nodes in node group ${groupName}`,
      );
    }
    await api.delete({ apiVersion: "v1", kind: "Node", name });
  }
}

/** Cordons a node and evicts its pods; answers whether they went in time. */
async function drained(api: KubernetesApi, name: string, timeoutInSeconds: number): Promise<boolean> {
  await api.merge({ apiVersion: "v1", kind: "Node", name }, { spec: { unschedulable: true } });
  const pods = () => api.list({ apiVersion: "v1", kind: "Pod" }, { fieldSelector: `spec.nodeName=${name}` });
  const evicted = (await pods()).map(({ metadata }) => metadata.uid);
  const forbidden = (error: unknown) => {
    if (!(error instanceof StatusError && error.status === 429)) throw error;
  };
  return until(timeoutInSeconds, async () => {
    const left = (await pods()).filter(({ metadata }) => evicted.includes(metadata.uid));
    const staying = left.filter(({ metadata }) => !metadata.deletionTimestamp);
    for (const { metadata } of staying) await api.evict(metadata).catch(forbidden);
    return left.length === 0;
  }).then(
    () => true,
    () => false,
  );
}
