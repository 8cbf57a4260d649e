import { setTimeout as sleep } from "node:timers/promises";
import { readControlPlane } from "../stack/directory";
import { controlPlaneApi, type KubernetesObject, unlessGone } from "../kubernetes/client";
import { isActive } from "./disks";
import { DRIVERS, type World, workingDrivers } from "./csiDrivers";
import { startPods } from "./kubelet";
import { runControllers } from "./provisioner";
import { SNAPSHOTS, snapshotKinds } from "./snapshotDefinitions";
import { runSnapshots } from "./snapshotter";

// Plays, for one stack's control plane, what runs on nodes: the CSI drivers' controllers, and the kubelets. It keeps
// nothing in memory that it needs: killed and started again, it goes on from what the API server and AWS's records say.

/** Milliseconds between two looks. */
const POLL = 500;

const api = controlPlaneApi(readControlPlane());

const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

async function act(what: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
    log(what);
  } catch (error) {
    log(`${what}: failed, tried again soon: ${(error as Error).message}`);
  }
}

async function look(): Promise<World> {
  const core = (kind: string) => api.list({ apiVersion: "v1", kind });
  const storage = (kind: string) => api.list({ apiVersion: "storage.k8s.io/v1", kind });
  const [claims, volumes, nodes, pods] = await Promise.all(
    ["PersistentVolumeClaim", "PersistentVolume", "Node", "Pod"].map(core),
  );
  const [classes, attachments, drivers] = await Promise.all(
    ["StorageClass", "VolumeAttachment", "CSIDriver"].map(storage),
  );
  // Their kinds come with an add-on.
  const [snapshots, contents, snapshotClasses] = await Promise.all(
    ["VolumeSnapshot", "VolumeSnapshotContent", "VolumeSnapshotClass"].map(
      async (kind) => (await api.list({ apiVersion: SNAPSHOTS, kind }).catch(unlessGone)) ?? [],
    ),
  );
  return {
    ...{ claims, volumes, nodes, pods, classes, attachments, drivers },
    ...{ snapshots, contents, snapshotClasses },
  } as World;
}

/** An add-on brings its CSIDriver object, and takes it away. */
async function register(world: World, running: string[]): Promise<void> {
  for (const [name, { attaches }] of Object.entries(DRIVERS)) {
    const reference = { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", name };
    const isThere = world.drivers.some(({ metadata }) => metadata.name === name);
    if (running.includes(name) && !isThere) {
      const { apiVersion, kind } = reference;
      const driver = { apiVersion, kind, metadata: { name }, spec: { attachRequired: attaches } };
      await act(`driver ${name} comes`, () => api.create(driver));
    } else if (!running.includes(name) && isThere) {
      await act(`driver ${name} goes`, () => api.delete(reference));
    }
  }
}

/** The snapshot controller brings its kinds, and takes them away with all that is of them. */
async function defineSnapshots(isThere: boolean): Promise<void> {
  for (const definition of snapshotKinds) {
    const { apiVersion, kind, metadata } = definition as KubernetesObject;
    const reference = { apiVersion, kind, name: metadata.name };
    const found = await api.find(reference);
    if (isThere && !found) await act(`kind ${metadata.name} comes`, () => api.create(definition));
    else if (!isThere && found && !found.metadata.deletionTimestamp) {
      await act(`kind ${metadata.name} goes`, () => api.delete(reference));
    }
  }
}

async function run(): Promise<void> {
  log("started");
  let defined: boolean | undefined;
  for (let said = ""; ; await sleep(POLL)) {
    try {
      const world = await look();
      const { running, provisioning } = workingDrivers();
      const binds = isActive("snapshot-controller");
      await register(world, running);
      if (binds !== defined) await defineSnapshots(binds);
      defined = binds;
      await runSnapshots(api, world, binds, provisioning, act);
      await runControllers(api, world, provisioning, act);
      await startPods(api, world, running, act);
      said = "";
    } catch (error) {
      const message = (error as Error).message;
      if (message !== said) log(message);
      said = message;
    }
  }
}

void run();
