import { credential } from "../eks/credential";

/**
 * Stands for the AWS CLI. A kubeconfig runs `aws eks get-token`, which answers with the client certificate of the stack's
 * control plane instead of a token; docs/restore.md and docs/storage.md have the others. Most that is asked for is a token:
 * the others are loaded when one of them is.
 */
function main(args: string[]): void {
  if (args.includes("--version")) {
    console.log("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64 (stand-in of eks-storage)");
  } else if (args.join(" ").includes("eks get-token")) {
    console.log(JSON.stringify(credential(), undefined, 2));
  } else {
    const { runNamed } = require("./commands") as typeof import("./commands");
    process.exitCode = runNamed(args);
  }
}

main(process.argv.slice(2));
