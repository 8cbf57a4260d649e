import * as fs from "node:fs";
import * as path from "node:path";
import { controlPlaneApi, type Fields, type KubernetesObject } from "../../kubernetes/client";
import { cloudDirectory, readControlPlane } from "../../stack/directory";
import { type Account, readAccount } from "../account";

// The drivers' own pods, where a spec asks how long an association takes to be effective. Otherwise it is effective at once, and
// there are no such pods: nothing else in a local cloud depends on them.

const NAMESPACE = "kube-system";

/** By add-on, the service accounts of its pods that call AWS. */
const SERVICE_ACCOUNTS: Record<string, string[]> = {
  "aws-ebs-csi-driver": ["ebs-csi-controller-sa"],
  "aws-efs-csi-driver": ["efs-csi-controller-sa", "efs-csi-node-sa"],
  "aws-mountpoint-s3-csi-driver": ["s3-csi-driver-sa"],
};

const delayFile = (cloud: string) => path.join(cloud, "pod-identity-delay");

/** Has associations take so many seconds. */
export const delayPodIdentity = (cloud: string, seconds: number) => fs.writeFileSync(delayFile(cloud), String(seconds));

const delayInSeconds = (): number | undefined => {
  const file = delayFile(cloudDirectory());
  return fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : undefined;
};

/** What EKS's admission webhook gives to the containers of a pod, when the pod is made and it knows an association. */
const CREDENTIALS = {
  name: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  value: "http://169.254.170.23/v1/credentials",
};

/** Whether a pod of the service account started with credentials. */
export const hasCredentials = (serviceAccount: string, pods: KubernetesObject[]): boolean =>
  delayInSeconds() === undefined ||
  pods.some(
    ({ metadata, spec }) =>
      metadata.namespace === NAMESPACE &&
      !metadata.deletionTimestamp &&
      spec?.serviceAccountName === serviceAccount &&
      (spec.containers as Fields[]).some(({ env = [] }) =>
        (env as Fields[]).some((it) => it.name === CREDENTIALS.name),
      ),
  );

/** Whether EKS's webhook knows the service account's association by now. */
function isEffective(serviceAccount: string, seconds: number, account: Account): boolean {
  const [association] = account.where("eks/podIdentityAssociation", "serviceAccount", serviceAccount);
  return association?.createdAt !== undefined && Date.now() - Date.parse(association.createdAt) >= seconds * 1000;
}

/** Makes the pods that an add-on lacks, as its Deployments and DaemonSets do. */
export async function makeDriverPods(addonName: unknown): Promise<void> {
  const seconds = delayInSeconds();
  if (seconds === undefined) return;
  const api = controlPlaneApi(readControlPlane());
  for (const serviceAccountName of SERVICE_ACCOUNTS[String(addonName)] ?? []) {
    const name = serviceAccountName.replace(/-sa$/, "");
    if (await api.find({ apiVersion: "v1", kind: "Pod", namespace: NAMESPACE, name })) continue;
    const account = { apiVersion: "v1", kind: "ServiceAccount", namespace: NAMESPACE, name: serviceAccountName };
    const metadata = { namespace: NAMESPACE, name: serviceAccountName };
    if (!(await api.find(account))) await api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
    const env = isEffective(serviceAccountName, seconds, readAccount()) ? [CREDENTIALS] : [];
    const containers = [{ name: "driver", image: "driver", env }];
    await api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: NAMESPACE, name },
      spec: { serviceAccountName, containers, terminationGracePeriodSeconds: 0 },
    });
  }
}

/** Goes on doing so for every active add-on. */
export async function keepDriverPods(): Promise<void> {
  for (const { status, properties } of readAccount().all("eks/addon"))
    if (status === "ACTIVE") await makeDriverPods(properties.addonName);
}
