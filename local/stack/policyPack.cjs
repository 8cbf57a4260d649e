// Starts the policy pack of the directory that it is started in, by the pack's own SDK, as Pulumi's script of this name does:
// https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/nodejs/dist/pulumi-analyzer-policy
require(require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [process.cwd()] }));
