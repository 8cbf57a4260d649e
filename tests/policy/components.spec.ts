import assert from "node:assert/strict";
import { levelsOf } from "../../policy/documentation";
import { policies } from "../../policy/policies";
import { environments, program } from "../support/program";
import { asEksPlugin } from "./eksPlugin";
import { evaluateAll } from "./evaluation";
import { resource } from "./resources";

const [CLUSTER, VPC_CNI, ADDON, NODE_GROUP, NODE_GROUP_V2] = [
  "eks:index:Cluster",
  "eks:index:VpcCniAddon",
  "eks:index:Addon",
  "eks:index:ManagedNodeGroup",
  "eks:index:NodeGroupV2",
] as const;

const logs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const cluster = { private: true, cidrs: ["198.18.113.0/24"], logs, keyArn: "arn:aws:kms:mock", isProtected: true };
/** The child of a cluster with some settings, and the same settings as inputs of the component. */
const childCluster = (change: Partial<typeof cluster>) => {
  const { private: endpointPrivateAccess, cidrs, logs: enabledClusterLogTypes, ...rest } = { ...cluster, ...change };
  return {
    vpcConfig: { endpointPrivateAccess, publicAccessCidrs: cidrs },
    encryptionConfig: { provider: { keyArn: rest.keyArn } },
    enabledClusterLogTypes,
    deletionProtection: rest.isProtected,
  };
};
const clusterInputs = (change: Partial<typeof cluster>) => {
  const { private: endpointPrivateAccess, cidrs, logs: enabledClusterLogTypes, ...rest } = { ...cluster, ...change };
  return {
    ...{ endpointPrivateAccess, publicAccessCidrs: cidrs, enabledClusterLogTypes },
    ...{ encryptionConfigKeyArn: rest.keyArn, deletionProtection: rest.isProtected },
  };
};
const addonVersion = "v1.21.1-eksbuild.1";
const cniValues = (isOn: boolean) => JSON.stringify({ enableNetworkPolicy: String(isOn) });
const allows = (Action: string, Principal: object) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Principal }] });
const trusts = (Principal: unknown) => allows("sts:AssumeRole", Principal as object);
const disk = (encrypted: string) => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted } }] });
const metadata = (httpPutResponseHopLimit: number) => ({
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit },
});

interface Case {
  policy: string;
  component: string;
  /** The type of the component's child. */
  child: string;
  compliant: object;
  violating: object;
  /** The component's own inputs that violate the policy, where it reads them. */
  violatingInputs?: object;
}

const ofCluster = (policy: string, change: Partial<typeof cluster>): Case => ({
  ...{ policy, component: CLUSTER, child: "aws:eks/cluster:Cluster" },
  ...{ compliant: childCluster({}), violating: childCluster(change), violatingInputs: clusterInputs(change) },
});
const ofAddon = (component: string, addonName: string, violatingInputs: object): Case => ({
  ...{ policy: "addons-pinned", component, child: "aws:eks/addon:Addon" },
  ...{ compliant: { addonName, addonVersion }, violating: { addonName }, violatingInputs },
});

/** Every policy that is about a component's inputs, or about the children of a component that takes them over. */
const cases: Case[] = [
  ofCluster("cluster-api-not-open", { cidrs: ["0.0.0.0/0"] }),
  ofCluster("cluster-logs", { logs: ["api"] }),
  ofCluster("cluster-secrets-encrypted", { keyArn: "" }),
  ofCluster("cluster-protected", { isProtected: false }),
  ofAddon(CLUSTER, "kube-proxy", { useDefaultVpcCni: true, kubeProxyAddonOptions: { enabled: true } }),
  ofAddon(ADDON, "coredns", { addonName: "coredns" }),
  ofAddon(VPC_CNI, "vpc-cni", { clusterName: "shop", clusterVersion: "1.35" }),
  {
    ...{ policy: "network-policies-enforced", component: VPC_CNI, child: "aws:eks/addon:Addon" },
    compliant: { addonName: "vpc-cni", configurationValues: cniValues(true) },
    violating: { addonName: "vpc-cni", configurationValues: cniValues(false) },
  },
  {
    ...{ policy: "nodes-keep-their-role", component: NODE_GROUP, child: "aws:eks/nodeGroup:NodeGroup" },
    ...{ compliant: { launchTemplate: { id: "lt-1" } }, violating: {} },
  },
  ...[NODE_GROUP, NODE_GROUP_V2].flatMap((component) => [
    {
      ...{ policy: "nodes-keep-their-role", component, child: "aws:ec2/launchTemplate:LaunchTemplate" },
      ...{ compliant: metadata(1), violating: metadata(2) },
    },
    {
      ...{ policy: "disk-encrypted", component, child: "aws:ec2/launchTemplate:LaunchTemplate" },
      ...{ compliant: disk("true"), violating: disk("false") },
    },
  ]),
  {
    ...{ policy: "roles-trust-somebody", component: CLUSTER, child: "aws:iam/role:Role" },
    compliant: { assumeRolePolicy: trusts({ Service: "eks.amazonaws.com" }) },
    violating: { assumeRolePolicy: trusts("*") },
  },
];

describe("components whose inputs the engine doesn't show", () => {
  for (const { policy, component, child, compliant, violating, violatingInputs } of cases) {
    const only = policies.filter(({ name }) => name === policy);
    const parent = (inputs: object) => ({ ...resource(component, "shop", inputs), custom: false });
    const childOf = (inputs: object) => resource(child, "shop-child", inputs, { parent: parent({}).urn });
    const what = `${component} with its child ${child.split(":").pop()}`;

    it(`pass ${policy}: ${what}`, () =>
      assert.deepEqual(evaluateAll([parent({}), childOf(compliant)], false, only), []));
    it(`violate ${policy} by their child: ${what}`, () => {
      const [outcome, ...more] = evaluateAll([parent({}), childOf(violating)], false, only);
      assert.deepEqual(more, []);
      assert.equal(outcome!.urn, childOf({}).urn);
      assert.ok(outcome!.violations.length > 0);
    });
    if (!violatingInputs) continue;
    it(`violate ${policy} by their inputs, where the engine shows them: ${what}`, () => {
      const [outcome] = evaluateAll([parent(violatingInputs)], false, only);
      assert.equal(outcome!.urn, parent({}).urn);
      assert.ok(outcome!.violations.length > 0);
    });
  }

  for (const environment of environments) {
    for (const preview of [true, false]) {
      it(`are no violation in ${environment} at ${preview ? "a first preview" : "an update"}`, async () => {
        const enabled = policies.filter(({ name }) => levelsOf(environment)[name] !== "disabled");
        const outcomes = evaluateAll(asEksPlugin(await program(environment, { preview })), preview, enabled);
        assert.deepEqual(
          outcomes.filter(({ violations }) => violations.length > 0),
          [],
        );
        if (!preview) assert.deepEqual(outcomes, []);
      });
    }
  }
});
