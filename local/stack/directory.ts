import * as fs from "node:fs";
import * as path from "node:path";

/** How to reach one stack's control plane: a kubeconfig's fields, base64 where Kubernetes has them so. */
export interface ControlPlane {
  /** URL of the API server, on a loopback address. */
  server: string;
  certificateAuthorityData: string;
  clientCertificateData: string;
  clientKeyData: string;
}

/** The environment variable that tells every stand-in where its stack's cloud lives. */
export const CLOUD_VARIABLE = "EKS_STORAGE_CLOUD";

/** The directory that holds one stack's local cloud: its control plane's address, the AWS stand-in's records. */
export function cloudDirectory(): string {
  const directory = process.env[CLOUD_VARIABLE];
  if (!directory) {
    throw new Error(`${CLOUD_VARIABLE} must name the directory of a stack's local cloud; npm run up:local sets it`);
  }
  return directory;
}

/** Where the engine keeps the states of a project's stacks, each in STACK.json. */
export const statesDirectory = (cloud: string, project: string): string =>
  path.join(cloud, "state", ".pulumi", "stacks", project);

export const controlPlaneFile = (cloud: string) => path.join(cloud, "control-plane.json");

/** What `aws eks get-token` prints, ready to be read, by the version of Kubernetes' interface. */
export const credentialFile = (cloud: string, version: string) => path.join(cloud, `credential.${version}.json`);

export function readControlPlane(cloud = cloudDirectory()): ControlPlane {
  return JSON.parse(fs.readFileSync(controlPlaneFile(cloud), "utf8")) as ControlPlane;
}

export function writeControlPlane(cloud: string, controlPlane: ControlPlane): void {
  fs.writeFileSync(controlPlaneFile(cloud), JSON.stringify(controlPlane), { mode: 0o600 });
}
