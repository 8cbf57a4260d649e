import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ApiAccess, Cluster, type ClusterArgs, Retention } from "../../../../components/index";
import { clusterArgs } from "../../../support/clusterArgs";
import { arnOf, idOf } from "../../../support/mockIds";
import { CLUSTER_GROUP } from "../../../support/mockState";
import { all, assertOrder, one, refused, registered } from "../../../support/queries";
import { type Registration, Secret, unknown } from "../../../support/registrations";

const args = clusterArgs({
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  privateSubnetIds: {
    "eu-west-1a": "subnet-aaaaaaaa",
    "eu-west-1b": "subnet-bbbbbbbb",
    "eu-west-1c": "subnet-cccccccc",
  },
});
const cluster = (changes: Partial<ClusterArgs> = {}) => new Cluster("eks", { ...args, ...changes });
const eksCluster = async (changes: Partial<ClusterArgs> = {}) =>
  one(await registered(() => cluster(changes)), "eks:index:Cluster").inputs;
const addonOf = (resources: Registration[], name: string) => {
  const found = all(resources, "Addon").filter(({ inputs }) => inputs.addonName === name);
  assert.equal(found.length, 1, name);
  return found[0]!;
};

describe("Cluster", () => {
  it("refuses all its wrong arguments at once, before anything is registered", async () => {
    const message = await refused(() => cluster({ zones: [], apiAccessCidrs: undefined }));
    assert.match(message, /^Cluster "eks" has 3 arguments that can't work:/);
    assert.match(message, /zones must be at least one availability zone; it is \[\]/);
    assert.match(message, /apiAccessCidrs must be the networks that may reach the Kubernetes API; it is missing/);
    assert.match(
      await refused(() => cluster({ zones: ["eu-west-1a", "eu-west-1b", "eu-west-1d"] })),
      /privateSubnetIds must be a record with a subnet for eu-west-1d; it is \[ 'eu-west-1a', 'eu-west-1b', 'eu-west-1c' \]/,
    );
    assert.match(await refused(() => cluster({ apiAccessCidrs: [] })), /it is \[\]/);
    const vpcCni = "v1.21.1-eksbuild.7";
    const addonVersions = {
      vpcCni,
      kubeProxy: "v1.64.0-eksbuild.1",
      coredns: "v1.64.0-eksbuild.1",
      podIdentityAgent: "v1.64.0-eksbuild.1",
    };
    assert.match(await refused(() => cluster({ addonVersions })), /addonVersions\.vpcCni must be another version than/);
    const types = Array.from({ length: 21 }, (_, index) => `m${index}i.large`);
    assert.match(await refused(() => cluster({ instanceTypes: types })), /must be 1 to 20 instance types, each once/);
  });

  for (const controlPlaneZones of [["eu-west-1a"], ["eu-west-1a", "eu-west-1d"]]) {
    it(`refuses a control plane in ${controlPlaneZones.join(" and ")}`, async () => {
      assert.match(
        await refused(() => cluster({ controlPlaneZones })),
        /controlPlaneZones must be at least two of the zones eu-west-1a, eu-west-1b, eu-west-1c; it is \[ 'eu-west-1a'/,
      );
    });
  }

  it("needs no networks for a private API", async () => {
    assert.equal(
      (await eksCluster({ apiAccess: ApiAccess.Private, apiAccessCidrs: undefined })).publicAccessCidrs,
      undefined,
    );
  });

  it("keeps what it depends on while there are nodes, where a zone goes and the cluster stays, too", async () => {
    const resources = await registered(() => {
      const wayOut = new aws.ec2.Route("way-out", { routeTableId: "rtb-1" });
      new Cluster("eks", args, { dependsOn: [wayOut] });
    });
    const wayOut = one(resources, "Route").urn;
    const groups = all(resources, "NodeGroup");
    assert.equal(groups.length, 3);
    for (const { name, dependencies } of groups) assert.ok(dependencies.includes(wayOut), name);
  });

  it("by default: our name and version, all logs, secrets encrypted, standard support", async () => {
    const inputs = await eksCluster();
    assert.deepEqual([inputs.name, inputs.version, inputs.vpcId], ["shop", "1.35", "vpc-11111111"]);
    assert.deepEqual(inputs.privateSubnetIds, ["subnet-aaaaaaaa", "subnet-bbbbbbbb"]);
    assert.deepEqual([...inputs.enabledClusterLogTypes].sort(), [
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    assert.equal(inputs.encryptionConfigKeyArn, arnOf("kms/key", "eks-secrets"));
    assert.deepEqual(inputs.upgradePolicy, { supportType: "STANDARD" });
    assert.equal(inputs.authenticationMode, "API");
  });

  it("is reachable from the named networks, and privately", async () => {
    const inputs = await eksCluster();
    assert.deepEqual(
      [inputs.endpointPublicAccess, inputs.publicAccessCidrs, inputs.endpointPrivateAccess],
      [true, ["198.18.113.0/24"], true],
    );
  });

  it("is reachable privately only, on request", async () => {
    const inputs = await eksCluster({ apiAccess: ApiAccess.Private });
    assert.deepEqual(
      [inputs.endpointPublicAccess, inputs.publicAccessCidrs, inputs.endpointPrivateAccess],
      [false, undefined, true],
    );
  });

  it("pins the version of every add-on, and leaves no copies that nobody manages", async () => {
    const resources = await registered(() => cluster());
    assert.deepEqual(
      Object.fromEntries(all(resources, "Addon").map(({ inputs }) => [inputs.addonName, inputs.addonVersion])),
      {
        "vpc-cni": "v1.1.0-eksbuild.1",
        "kube-proxy": "v1.2.0-eksbuild.1",
        "eks-pod-identity-agent": "v1.4.0-eksbuild.1",
        coredns: "v1.3.0-eksbuild.1",
      },
    );
    const { inputs } = one(resources, "eks:index:Cluster");
    assert.equal(inputs.bootstrapSelfManagedAddons, false);
    assert.deepEqual(
      [inputs.useDefaultVpcCni, inputs.kubeProxyAddonOptions.enabled, inputs.corednsAddonOptions.enabled],
      [true, false, false],
      "the eks component would make them a second time",
    );
  });

  it("enforces network policies", async () => {
    const { configurationValues } = addonOf(await registered(() => cluster()), "vpc-cni").inputs;
    assert.deepEqual(JSON.parse(configurationValues as string), { enableNetworkPolicy: "true" });
  });

  it("makes the log group before EKS would, with an end", async () => {
    const resources = await registered(() => cluster());
    const logs = one(resources, "LogGroup");
    assert.deepEqual([logs.inputs.name, logs.inputs.retentionInDays], ["/aws/eks/shop/cluster", 30]);
    assertOrder(resources, [logs], [one(resources, "eks:index:Cluster")]);
    // Under delete, too: EKS would make it anew after the cluster's end, without one.
    assert.equal(logs.retainOnDelete, true);
    const longer = await registered(() => cluster({ logRetentionInDays: 365 }));
    assert.equal(one(longer, "LogGroup").inputs.retentionInDays, 365);
  });

  it("makes cluster, network add-ons, Pod Identity agent and the nodes' permissions, then nodes, then coredns", async () => {
    const resources = await registered(() => cluster());
    const nodeGroups = all(resources, "NodeGroup");
    const early = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"].map((name) => addonOf(resources, name));
    assertOrder(resources, [one(resources, "eks:index:Cluster")], early);
    assertOrder(resources, [...early, ...all(resources, "RolePolicyAttachment")], nodeGroups);
    assertOrder(resources, nodeGroups, [addonOf(resources, "coredns")]);
  });

  it("has a node group a zone, in the zone's subnet", async () => {
    const resources = await registered(() => cluster());
    assert.deepEqual(
      all(resources, "NodeGroup").map(({ name, inputs }) => [name, inputs.subnetIds, inputs.instanceTypes]),
      [
        ["eks-eu-west-1a", ["subnet-aaaaaaaa"], ["m7i.large"]],
        ["eks-eu-west-1b", ["subnet-bbbbbbbb"], ["m7i.large"]],
        ["eks-eu-west-1c", ["subnet-cccccccc"], ["m7i.large"]],
      ],
    );
    const { minSize, desiredSize, maxSize } = one(resources, "NodeGroup", "eks-eu-west-1a").inputs.scalingConfig;
    assert.deepEqual([minSize, desiredSize], [1, 1]);
    assert.ok(maxSize > 1, "an upgrade starts new nodes before it drains old ones");
  });

  it("takes more, other and larger nodes", async () => {
    const changes = { nodesPerZone: 3, instanceTypes: ["c7i.large"], nodeDiskSizeInGib: 100 };
    const resources = await registered(() => cluster(changes));
    for (const { inputs } of all(resources, "NodeGroup")) {
      assert.deepEqual([inputs.scalingConfig.minSize, inputs.scalingConfig.desiredSize], [3, 3]);
      assert.ok(inputs.scalingConfig.maxSize > 3);
      assert.deepEqual(inputs.instanceTypes, ["c7i.large"]);
    }
    assert.equal(one(resources, "LaunchTemplate").inputs.blockDeviceMappings[0].ebs.volumeSize, 100);
  });

  it("keeps pods away from the node's role, and encrypts the node's disk", async () => {
    const resources = await registered(() => cluster());
    const { metadataOptions, blockDeviceMappings } = one(resources, "LaunchTemplate").inputs;
    assert.deepEqual([metadataOptions.httpTokens, metadataOptions.httpPutResponseHopLimit], ["required", 1]);
    assert.equal(blockDeviceMappings[0].ebs.encrypted, "true");
    for (const { inputs } of all(resources, "NodeGroup")) {
      assert.deepEqual(inputs.launchTemplate, { id: idOf("ec2/launchTemplate", "eks-nodes"), version: "1" });
    }
  });

  it("tags nodes, their disks and their network interfaces, which no provider's default tags reach", async () => {
    const resources = await registered(() => cluster({ tags: { team: "web" } }));
    assert.deepEqual(
      one(resources, "LaunchTemplate").inputs.tagSpecifications,
      ["instance", "volume", "network-interface"].map((resourceType) => {
        return { resourceType, tags: { team: "web", Name: "shop-node" } };
      }),
    );
  });

  it("gives nodes the three policies that they need", async () => {
    const attachments = all(await registered(() => cluster()), "RolePolicyAttachment");
    assert.deepEqual(attachments.map(({ inputs }) => inputs.policyArn).sort(), [
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
    ]);
  });

  it("can't be deleted under retain, and only then", async () => {
    for (const [retention, deletionProtection, deletionWindowInDays] of [
      [Retention.Delete, false, 7],
      [Retention.Retain, true, 30],
      [Retention.Release, false, 30],
    ] as const) {
      const resources = await registered(() => cluster({ retention }));
      assert.equal(one(resources, "eks:index:Cluster").inputs.deletionProtection, deletionProtection, retention);
      assert.equal(one(resources, "Key").inputs.deletionWindowInDays, deletionWindowInDays, retention);
    }
  });

  it("ends with a known name, the nodes' security group, and a secret kubeconfig", async () => {
    const outputsOf = async (preview: boolean) =>
      one(await registered(() => cluster(), { preview }), "eks-storage:index:Cluster").outputs ?? {};
    const applied = await outputsOf(false);
    assert.deepEqual([applied["clusterName"], applied["nodeSecurityGroupId"]], ["shop", CLUSTER_GROUP]);
    assert.ok(applied["kubeconfig"] instanceof Secret);
    const previewed = await outputsOf(true);
    assert.deepEqual([previewed["clusterName"], previewed["kubeconfig"]], ["shop", unknown]);
  });

  it("is previewed with everything that is then made", async () => {
    const urns = async (preview: boolean) => (await registered(() => cluster(), { preview })).map(({ urn }) => urn);
    assert.deepEqual(new Set(await urns(true)), new Set(await urns(false)));
  });
});
