import type { ControlPlane } from "../../stack/directory";

/** The versions of Kubernetes' interface in which it may be asked for. */
export const VERSIONS = ["v1", "v1beta1"] as const;

/**
 * What `aws eks get-token` answers: the client certificate of the stack's control plane instead of a token.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function credential(
  { clientCertificateData, clientKeyData }: ControlPlane,
  version: (typeof VERSIONS)[number],
): object {
  const pem = (base64: string) => Buffer.from(base64, "base64").toString();
  return {
    kind: "ExecCredential",
    apiVersion: `client.authentication.k8s.io/${version}`,
    spec: {},
    status: { clientCertificateData: pem(clientCertificateData), clientKeyData: pem(clientKeyData) },
  };
}
