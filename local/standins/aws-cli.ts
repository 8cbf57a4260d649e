import { readControlPlane } from "../cloud";

/**
 * Stands for the AWS CLI where a kubeconfig runs it: `aws eks get-token` answers with the client certificate of the
 * stack's control plane instead of a token.
 */
function main(args: string[]): void {
  if (args.includes("--version")) {
    console.log("aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64 (stand-in of eks-storage)");
  } else if (args.join(" ").includes("eks get-token")) {
    console.log(JSON.stringify(credential(), undefined, 2));
  } else {
    console.error(
      `This is a stand-in for the AWS CLI in a local cloud: it answers "aws --version" and "aws eks get-token" only, not\n` +
        `"aws ${args.join(" ")}". Use the real one, outside npm run local, to talk to AWS.`,
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
