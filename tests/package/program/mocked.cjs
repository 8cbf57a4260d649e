// Runs index.ts under Pulumi's mocks, compiled as the SDK's own host compiles it, and prints what it registered, as JSON.
const { builtinModules } = require("node:module");
const path = require("node:path");
const pulumi = require("@pulumi/pulumi");
const { typeScriptRequireStrings } = require("@pulumi/pulumi/tsutils");

const registered = [];

/** What AWS and EKS would add to a resource, as far as the program reads it. */
function stateOf({ type, name, inputs }) {
  const cluster = {
    kubeconfigJson: JSON.stringify({ clusters: [{ name }] }),
    eksCluster: { name: inputs.name, vpcConfig: { clusterSecurityGroupId: "sg-0c1000000000000aa" } },
  };
  const computed = { "eks:index:Cluster": cluster, "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 1 } };
  return { arn: `arn:aws:made:eu-west-1:111101013333:${name}`, name, ...inputs, ...computed[type] };
}

const INSTANCE_TYPE = {
  ...{ supportedArchitectures: ["x86_64"], memorySize: 8192, hypervisor: "nitro", bareMetal: false },
  ...{ maximumNetworkInterfaces: 3, maximumIpv4AddressesPerInterface: 10 },
  ...{ gpuses: [], inferenceAccelerators: [], neuronDevices: [], instanceDisks: [] },
};

function answerOf({ token, inputs }) {
  if (token === "aws:ec2/getInstanceType:getInstanceType") return { ...inputs, ...INSTANCE_TYPE };
  if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
  return inputs;
}

async function main() {
  await pulumi.runtime.setMocks(
    {
      newResource(resource) {
        registered.push(resource);
        return { id: `${resource.name}-id`, state: stateOf(resource) };
      },
      call: answerOf,
    },
    "shop",
    "dev",
  );
  require("eks-storage");
  const atLoad = registered.length;
  const { tsnodeRequire, typescriptRequire } = typeScriptRequireStrings();
  require(tsnodeRequire).register({ compiler: typescriptRequire, transpileOnly: true });
  // Not merely loaded: the SDK asks what the engine can do at the start of a stack only.
  const outputs = await pulumi.runtime.runInPulumiStack(() => require(path.resolve("index.ts")));
  await pulumi.runtime.disconnect();

  const code = registered.filter(({ type }) => type === "pulumi-nodejs:dynamic:Resource");
  const modulesOf = (text) =>
    [...text.matchAll(/\brequire\(["'](.*?)["']\)/g)]
      .map(([, name]) => name)
      .filter((name) => !builtinModules.includes(name.replace("node:", "")));
  const promised = Object.entries(outputs).map(async ([name, output]) => [
    name,
    await new Promise((resolve) => pulumi.output(output).apply(resolve)),
  ]);
  const result = {
    atLoad,
    resources: registered.map(({ type, name }) => `${type} ${name}`),
    modules: Object.fromEntries(code.map(({ name, inputs }) => [name, modulesOf(inputs.__provider)])),
    outputs: Object.fromEntries(await Promise.all(promised)),
  };
  process.stdout.write(JSON.stringify(result));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
