/** What DescribeInstanceTypes says, of the types that tests use. */
interface InstanceType {
  vcpus: number;
  /** In MiB. */
  memorySize: number;
  interfaces: number;
  /** Of each interface. */
  addresses: number;
  architecture?: "x86_64" | "arm64";
  gpus?: number;
}

/**
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html (vCPUs, memory),
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/vpc/vpc_ip_resource_limit.go (interfaces, addresses)
 */
const TYPES: Record<string, InstanceType> = {
  "g4dn.xlarge": { vcpus: 4, memorySize: 16_384, interfaces: 3, addresses: 10, gpus: 1 },
  "m4.large": { vcpus: 2, memorySize: 8192, interfaces: 2, addresses: 10 },
  "m6i.large": { vcpus: 2, memorySize: 8192, interfaces: 3, addresses: 10 },
  "m7g.large": { vcpus: 2, memorySize: 8192, interfaces: 3, addresses: 10, architecture: "arm64" },
  "m7i.large": { vcpus: 2, memorySize: 8192, interfaces: 3, addresses: 10 },
  "m7i.xlarge": { vcpus: 4, memorySize: 16_384, interfaces: 4, addresses: 15 },
  "t3.medium": { vcpus: 2, memorySize: 4096, interfaces: 3, addresses: 6 },
  "t3.micro": { vcpus: 2, memorySize: 1024, interfaces: 2, addresses: 2 },
};

/** @throws in EC2's words, for a type that isn't in the table above. */
export function findInstanceType(name: string): InstanceType {
  const found = TYPES[name];
  if (!found) throw new Error(`InvalidInstanceType: The following supplied instance types do not exist: [${name}]`);
  return found;
}

/**
 * What a node of a type has, and what its kubelet leaves to pods, in millicores and MiB.
 * https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 */
export function nodeResources(name: string) {
  const { vcpus, memorySize, interfaces, addresses } = findInstanceType(name);
  const pods = interfaces * (addresses - 1) + 2;
  // Of the first core 6 %, of the second 1 %, of the next two half a percent.
  const keptCpu = [60, 10, 5, 5].slice(0, vcpus).reduce((sum, part) => sum + part, 0);
  const keptMemory = 11 * pods + 255 + 100;
  return {
    capacity: { cpu: String(vcpus), memory: `${memorySize}Mi`, pods: String(pods), "ephemeral-storage": "50Gi" },
    left: { cpu: vcpus * 1000 - keptCpu, memory: memorySize - keptMemory, pods },
  };
}
