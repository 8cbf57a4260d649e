import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

// The providers of prod, and one resource of each: what a preview costs before a program has a size.
const provider = new aws.Provider("aws", { region: "eu-west-1" });
const vpc = new aws.ec2.Vpc("one", { cidrBlock: "10.0.0.0/16" }, { provider });
const cluster = new eks.Cluster(
  "one",
  {
    name: "one",
    vpcId: vpc.id,
    privateSubnetIds: ["subnet-0a1000000000000aa", "subnet-0b2000000000000bb"],
    version: "1.35",
    authenticationMode: "API",
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    createOidcProvider: false,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
  },
  { providers: [provider] },
);
const inCluster = new kubernetes.Provider("kubernetes", {
  kubeconfig: cluster.kubeconfigJson,
  clusterIdentifier: "one",
  enableServerSideApply: true,
});
new kubernetes.core.v1.Namespace("one", { metadata: { name: "one" } }, { provider: inCluster });
new random.RandomPassword("one", { length: 32 });

class Dynamic extends pulumi.dynamic.Resource {
  constructor(name: string) {
    super({ create: async () => ({ id: name }) }, name, {});
  }
}
new Dynamic("one");
