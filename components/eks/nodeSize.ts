import type { GetInstanceTypeResult } from "@pulumi/aws/ec2";
import type { Violation } from "../checks/violations";

/** The nodes' image, as EKS calls it: for x86, without drivers of accelerators. */
export const AMI_TYPE = "AL2023_x86_64_STANDARD";
const ARCHITECTURE = "x86_64";

/** What EC2 says of an instance type, as far as nodes depend on it. */
export type InstanceType = Pick<
  GetInstanceTypeResult,
  | "instanceType"
  | "supportedArchitectures"
  | "memorySize"
  | "maximumNetworkInterfaces"
  | "maximumIpv4AddressesPerInterface"
  | "hypervisor"
  | "bareMetal"
  | "gpuses"
  | "inferenceAccelerators"
  | "neuronDevices"
  | "instanceDisks"
>;

/**
 * Pods of a node, as the VPC CNI gives them addresses. Every interface keeps its first address, and the pods of the CNI and of
 * kube-proxy need none.
 * https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/eni-max-pods.txt
 */
export const podsOf = ({ maximumNetworkInterfaces, maximumIpv4AddressesPerInterface }: InstanceType): number =>
  maximumNetworkInterfaces * (maximumIpv4AddressesPerInterface - 1) + 2;

/**
 * Memory that pods of a node may ask for, in MiB: less what the kubelet keeps for itself and before it evicts.
 * https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go (kubeReserved, evictionHard)
 */
export const memoryOf = (type: InstanceType): number => type.memorySize - (11 * podsOf(type) + 255) - 100;

/**
 * What the add-ons run on each node: aws-node, kube-proxy, the Pod Identity agent, and the node pods of the three drivers; and
 * what they ask for. https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml
 */
const ON_EACH_NODE = { pods: 6, memoryInMib: 120 };
/** And once a cluster: two pods each of coredns, the controllers of EBS and EFS, and the snapshot controller. */
const IN_CLUSTER = { pods: 8, memoryInMib: 620 };

/** What the pods of the workloads ask for. All plain. */
export interface NodeLoad {
  /** How many pods there are. Plain. */
  pods: number;
  /** How much memory all of them ask for, in MiB. Plain. */
  memoryInMib: number;
  /** How much memory the pod asks for that asks for most, in MiB: it must fit on one node. Plain. */
  largestPodInMib: number;
}

/** What is wrong with the types of a cluster's nodes; AWS may choose any of them, so each must do. */
export function validateInstanceTypeSizes(
  types: InstanceType[],
  nodes: number,
  load: NodeLoad = { pods: 0, memoryInMib: 0, largestPodInMib: 0 },
  argument = "instanceTypes",
): Violation[] {
  const violation = (expected: string, of: InstanceType[], found: (type: InstanceType) => string, fix: string) =>
    of.length === 0
      ? []
      : [{ argument, expected, actual: of.map((type) => `${type.instanceType}: ${found(type)}`), fix }];
  const foreign = types.filter(({ supportedArchitectures }) => !supportedArchitectures.includes(ARCHITECTURE));
  const accelerated = types.filter((type) => acceleratorsOf(type) > 0);
  const pods = Math.ceil((IN_CLUSTER.pods + load.pods) / nodes) + ON_EACH_NODE.pods;
  const shared = Math.ceil((IN_CLUSTER.memoryInMib + load.memoryInMib) / nodes);
  const memory = Math.max(shared, load.largestPodInMib) + ON_EACH_NODE.memoryInMib;
  const crowded = types.filter((type) => podsOf(type) < pods);
  const small = types.filter((type) => memoryOf(type) < memory);
  return [
    ...violation(
      `types of ${ARCHITECTURE}`,
      foreign,
      (type) => type.supportedArchitectures.join(", "),
      `The nodes' image, ${AMI_TYPE}, starts on no other.`,
    ),
    ...violation(
      "types without accelerators",
      accelerated,
      (type) => String(acceleratorsOf(type)),
      `The nodes' image, ${AMI_TYPE}, has no drivers for them: they would be paid for and not used.`,
    ),
    ...violation(
      `types with room for ${pods} pods, with ${nodes} nodes`,
      crowded,
      (type) => `${podsOf(type)} pods`,
      `Each node runs ${ON_EACH_NODE.pods} pods of add-ons, and shares ${IN_CLUSTER.pods + load.pods} others: larger types or more nodes have room.`,
    ),
    ...violation(
      `types with ${memory} MiB for pods, with ${nodes} nodes`,
      small,
      (type) => `${memoryOf(type)} MiB`,
      "That is what add-ons and workloads ask for; the kubelet keeps its own part. Larger types or more nodes have it.",
    ),
  ];
}

const counted = (devices: { count: number }[] | undefined) =>
  (devices ?? []).reduce((sum, { count }) => sum + count, 0);

const acceleratorsOf = ({ gpuses, inferenceAccelerators, neuronDevices }: InstanceType): number =>
  counted(gpuses) + counted(inferenceAccelerators) + counted(neuronDevices);

/**
 * EBS volumes that a node of a type takes beside its root disk. Of most x86 types from the seventh generation on the limit is
 * EBS's own, 32 or more. Others share 28 attachments with network interfaces, of which the VPC CNI attaches as many as it
 * may, instance stores and accelerators. Older ones, on Xen, take 39.
 * https://docs.aws.amazon.com/ebs/latest/userguide/volume_limits.html,
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/cloud/limits/volume_limits_table.go
 */
export function attachmentsOf(type: InstanceType): number {
  if (type.hypervisor === "xen") return 39;
  const [, family, generation] = /^([a-z]+)(\d+)/.exec(type.instanceType) ?? [];
  if (Number(generation) >= 7 && family !== "hpc" && !type.bareMetal) return 32 - 1;
  const others = type.maximumNetworkInterfaces + counted(type.instanceDisks) + acceleratorsOf(type);
  return Math.max(1, 28 - others - 1);
}
