import { readControlPlane } from "../../stack/directory";
import { backupCommands } from "../backup/commands";
import { type Commands, runCommand } from "./command";
import { ec2Commands } from "../ec2/commands";
import { efsCommands } from "../efs/commands";
import { ssmCommands } from "../ssm/commands";

const commands: Commands = { ...backupCommands, ...ec2Commands, ...efsCommands, ...ssmCommands };

/**
 * Stands for the AWS CLI. A kubeconfig runs `aws eks get-token`, which answers with the client certificate of the stack's
 * control plane instead of a token; docs/restore.md has the others.
 */
function main(args: string[]): void {
  const name = args.slice(0, 2).join(" ");
  const command = commands[name];
  if (args.includes("--version")) {
    console.log("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64 (stand-in of eks-storage)");
  } else if (args.join(" ").includes("eks get-token")) {
    console.log(JSON.stringify(credential(), undefined, 2));
  } else if (command) {
    try {
      const answer = runCommand(command, args.slice(2));
      if (answer) console.log(answer);
    } catch (error) {
      console.error((error as Error).message);
      process.exitCode = 254;
    }
  } else {
    const known = ["--version", "eks get-token", ...Object.keys(commands)].map((words) => `  aws ${words}\n`);
    console.error(
      `This is a stand-in for the AWS CLI in a local cloud. It knows no "aws ${args.join(" ")}", but:\n${known.join("")}` +
        "Use the real one, outside npm run local, to talk to AWS.",
    );
    process.exitCode = 2;
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
function credential(): object {
  const { clientCertificateData, clientKeyData } = readControlPlane();
  const pem = (base64: string) => Buffer.from(base64, "base64").toString();
  const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO ?? "{}") as { apiVersion?: string };
  return {
    kind: "ExecCredential",
    apiVersion: apiVersion ?? "client.authentication.k8s.io/v1beta1",
    spec: {},
    status: { clientCertificateData: pem(clientCertificateData), clientKeyData: pem(clientKeyData) },
  };
}

main(process.argv.slice(2));
