import { setTimeout as sleep } from "node:timers/promises";
import { readAccount } from "../aws/account";
import { isActive } from "../aws/eks/addons";
import { keepDriverPods } from "../aws/eks/driverPods";
import { controlPlaneApi, type KubernetesObject } from "../kubernetes/client";
import { readControlPlane } from "../stack/directory";
import { runAttacher } from "./attacher";
import { attempt, log } from "./attempt";
import { type ClusterState, readCluster } from "./clusterState";
import { DRIVERS, workingDrivers } from "./csiDrivers";
import { startPods } from "./kubelet";
import { runProvisioner } from "./provisioner";
import { snapshotDefinitions } from "./snapshotDefinitions";
import { runSnapshots } from "./snapshotter";

// Plays, for one stack's control plane, what runs on nodes: the CSI drivers' controllers, and the kubelets. It keeps
// nothing in memory that it needs: killed and started again, it goes on from what the API server and AWS's records say.

/** Milliseconds between two looks. */
const POLL = 500;

const api = controlPlaneApi(readControlPlane());

/** An add-on brings its CSIDriver object, and takes it away. */
async function registerDrivers({ drivers }: ClusterState, running: string[]): Promise<void> {
  for (const [name, { attaches }] of Object.entries(DRIVERS)) {
    const reference = { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", name };
    const isThere = drivers.some(({ metadata }) => metadata.name === name);
    if (running.includes(name) && !isThere) {
      const { apiVersion, kind } = reference;
      const driver = { apiVersion, kind, metadata: { name }, spec: { attachRequired: attaches } };
      await attempt(`registers driver ${name}`, () => api.create(driver));
    } else if (!running.includes(name) && isThere) {
      await attempt(`removes driver ${name}`, () => api.delete(reference));
    }
  }
}

/** The snapshot controller brings its kinds, and takes them away with all that is of them. */
async function defineSnapshots(isControllerActive: boolean): Promise<void> {
  for (const definition of snapshotDefinitions) {
    const { apiVersion, kind, metadata } = definition as KubernetesObject;
    const reference = { apiVersion, kind, name: metadata.name };
    const found = await api.find(reference);
    if (isControllerActive && !found) {
      await attempt(`defines ${metadata.name}`, () => api.create(definition));
    } else if (!isControllerActive && found && !found.metadata.deletionTimestamp) {
      await attempt(`removes the definition of ${metadata.name}`, () => api.delete(reference));
    }
  }
}

async function run(): Promise<void> {
  log("started");
  let wasControllerActive: boolean | undefined;
  for (let logged = ""; ; await sleep(POLL)) {
    try {
      const cluster = await readCluster(api);
      const { running, provisioning } = workingDrivers(cluster.pods);
      await keepDriverPods();
      const isControllerActive = isActive("snapshot-controller", readAccount());
      await registerDrivers(cluster, running);
      if (isControllerActive !== wasControllerActive) await defineSnapshots(isControllerActive);
      wasControllerActive = isControllerActive;
      await runSnapshots(api, cluster, isControllerActive, provisioning, attempt);
      await runProvisioner(api, cluster, provisioning, attempt);
      await runAttacher(api, cluster, provisioning, attempt);
      await startPods(api, cluster, running, attempt);
      logged = "";
    } catch (error) {
      const message = (error as Error).message;
      if (message !== logged) log(message);
      logged = message;
    }
  }
}

void run();
