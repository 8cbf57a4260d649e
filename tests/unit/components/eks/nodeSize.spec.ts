import assert from "node:assert/strict";
import { Cluster, type ClusterArgs } from "../../../../components/index";
import { attachmentsOf, type InstanceType, memoryOf, podsOf } from "../../../../components/eks/nodeSize";
import { MEMORY_IN_MIB, nodeLoad } from "../../../../components/workloads/nodeLoad";
import { clusterArgs } from "../../../support/clusterArgs";
import { M7I_LARGE } from "../../../support/mockState";
import { program } from "../../../support/program";
import { all, one } from "../../../support/queries";
import { run, type RunOptions } from "../../../support/registrations";

const LOOKUP = "aws:ec2/getInstanceType:getInstanceType";
const type = (changes: object = {}) => ({ ...M7I_LARGE, ...changes }) as unknown as InstanceType;
const ofTypes = (instanceTypes: string[] | undefined, changes: Partial<ClusterArgs> = {}) =>
  new Cluster("eks", clusterArgs({ instanceTypes, ...changes }));

const instanceTypes = {
  "x9t.large": { supportedArchitectures: ["arm64"] },
  "g4dn.xlarge": { gpuses: [{ count: 1 }], hypervisor: "nitro" },
  "t3.small": { memorySize: 2048, maximumIpv4AddressesPerInterface: 4 },
  "t3.nano": { memorySize: 512, maximumNetworkInterfaces: 2, maximumIpv4AddressesPerInterface: 2 },
};

async function message(types?: string[], changes?: Partial<ClusterArgs>, options: RunOptions = {}) {
  const { error, registrations } = await run(() => ofTypes(types, changes), { instanceTypes, ...options });
  assert.equal(all(registrations, "eks:index:Cluster").length, error ? 0 : 1, "refused before it is made");
  return error?.message;
}

describe("the size of nodes", () => {
  it("is what EC2 and the kubelet leave to pods", () => {
    // eni-max-pods.txt of the nodes' image has 29 for m7i.large, and 11 for t3.small.
    assert.deepEqual([podsOf(type()), podsOf(type(instanceTypes["t3.small"]))], [29, 11]);
    assert.equal(memoryOf(type()), 8192 - (11 * 29 + 255) - 100);
  });

  it("is refused where pods find no room, or the image starts on no such type, all types in one message", async () => {
    const load = { pods: 12, memoryInMib: 3000, largestPodInMib: 1024 };
    assert.equal(
      await message(Object.keys(instanceTypes), { load }, { preview: true }),
      `The configuration doesn't fit what exists already:
  - instanceTypes of Cluster "eks" must be types of x86_64; it is [ 'x9t.large: arm64' ].
    The nodes' image, AL2023_x86_64_STANDARD, starts on no other.
  - instanceTypes of Cluster "eks" must be types without accelerators; it is [ 'g4dn.xlarge: 1' ].
    The nodes' image, AL2023_x86_64_STANDARD, has no drivers for them: they would be paid for and not used.
  - instanceTypes of Cluster "eks" must be types with room for 16 pods, with 2 nodes; it is [ 't3.small: 11 pods', 't3.nano: 4 pods' ].
    Each node runs 6 pods of add-ons, and shares 20 others: larger types or more nodes have room.
  - instanceTypes of Cluster "eks" must be types with 1930 MiB for pods, with 2 nodes; it is [ 't3.small: 1572 MiB', 't3.nano: 113 MiB' ].
    That is what add-ons and workloads ask for; the kubelet keeps its own part. Larger types or more nodes have it.`,
    );
  });

  it("must do for the largest pod, however many nodes there are", async () => {
    const load = { pods: 1, memoryInMib: 8000, largestPodInMib: 8000 };
    assert.match(
      (await message(undefined, { load, nodesPerZone: 10 }))!,
      /types with 8120 MiB for pods, with 20 nodes/,
    );
  });

  it("is accepted as shipped, and where it isn't known yet", async () => {
    assert.equal(await message(), undefined);
    assert.equal(await message(["m7i.large"], { load: nodeLoad({ assets: 3, catalog: 3 }) }), undefined);
  });

  it("is looked up once a type, and refused for the first nodes alone", async () => {
    const urn = "urn:pulumi:test::eks-storage::eks-storage:index:Cluster$aws:eks/nodeGroup:NodeGroup::eks-eu-west-1a";
    const types = ["x9t.large", "t3.nano"];
    const { error, invokes } = await run(() => ofTypes(types), {
      instanceTypes,
      state: { [urn]: { outputs: { clusterName: "shop" } } },
    });
    assert.equal(error, undefined);
    assert.equal(invokes.filter((token) => token === LOOKUP).length, 2);
  });

  it("ends the program where EC2 doesn't answer, with the right that may be missing", async () => {
    const answer = await message(undefined, {}, { failing: [LOOKUP] });
    assert.match(
      answer!,
      /^The instance type m7i\.large can't be looked up\. .* must be allowed ec2:DescribeInstanceTypes\. AWS answered: You/,
    );
  });

  it("is reckoned with what the workloads' pods ask for", async () => {
    const resources = await program("dev");
    const asked = (kind: string, name: string) => {
      const [{ resources: of }] = one(resources, kind, name).inputs.spec.template.spec.containers;
      return of.requests.memory.replace("1Gi", "1024Mi") as string;
    };
    assert.equal(asked("Deployment", "assets"), `${MEMORY_IN_MIB.assets}Mi`);
    assert.equal(asked("Deployment", "catalog"), `${MEMORY_IN_MIB.catalog}Mi`);
    assert.equal(asked("StatefulSet", "catalog-mysql"), `${MEMORY_IN_MIB.mysql}Mi`);
  });
});

describe("how many EBS volumes a node takes", () => {
  // The driver's own table, less the root disk and, where they share, as many interfaces as the VPC CNI may attach.
  const shared = (changes: object) => type({ instanceType: "m6i.large", ...changes });
  for (const [what, of, most] of [
    ["from the seventh generation on", type(), 31],
    ["sharing with three interfaces", shared({}), 24],
    ["sharing with eight", shared({ maximumNetworkInterfaces: 8 }), 19],
    ["sharing with instance stores, too", shared({ instanceDisks: [{ count: 2, size: 900, type: "ssd" }] }), 22],
    ["of a high-performance type, which shares", type({ instanceType: "hpc7a.12xlarge" }), 24],
    ["of bare metal", type({ instanceType: "m7i.metal-24xl", bareMetal: true }), 24],
    ["with nothing left", shared({ instanceDisks: [{ count: 24 }] }), 1],
    ["on Xen", type({ instanceType: "m4.large", hypervisor: "xen" }), 39],
  ] as const) {
    it(`${what}: ${most}`, () => assert.equal(attachmentsOf(of), most));
  }

  it("is what any of a cluster's types takes, and the EBS driver is told", async () => {
    const config = { instanceTypes: ["m7i.large", "m6i.large"] };
    const told = async (changes: Record<string, unknown>) => {
      const { inputs } = one(await program("dev", { changes }), "Addon", "ebs-csi");
      return (JSON.parse(inputs.configurationValues as string) as { node: unknown }).node;
    };
    assert.deepEqual(await told({}), { volumeAttachLimit: 31 });
    assert.deepEqual(await told(config), { volumeAttachLimit: 24 });
  });
});
