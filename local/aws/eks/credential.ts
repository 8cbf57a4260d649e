import { readControlPlane } from "../../stack/directory";

/**
 * What `aws eks get-token` answers: the client certificate of the stack's control plane instead of a token.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function credential(): object {
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
