import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { ASSETS } from "../../components/workloads/locations";
import { type Context, ownName } from "../context";
import { takesPods, zoneOf } from "../nodes";
import { isReady, placeOf, stateOf } from "../pods";
import { NotRun, Refuted, type Seen } from "../result";
import { claimOf, namespaceOf, podOf, type TestPod } from "../testObjects";
import type { Step, StepRun } from "../step";

/** The class's claims, and pods on them, in a namespace of this run's own. */
export const accessModes: Step = {
  name: "accessModes",
  checks: ({ outputs: { storageClassNames } }) => ({
    onePod: `a second pod on a ReadWriteOncePod claim of the class ${storageClassNames.ebs} is refused by the scheduler`,
    oneNode: `a pod on another node of its zone is refused a ReadWriteOnce disk of the class ${storageClassNames.ebs} that is in use`,
    noSharing: `a ReadWriteMany claim of the class ${storageClassNames.ebs} is refused by the driver`,
    removed: "nothing is left of what was made",
  }),
  unless: ({ isDisruptive }) => (isDisruptive ? undefined : "it makes pods and disks: that needs --disruptive"),
  look: () => "kubectl get events --all-namespaces --field-selector type=Warning",
  needs: (context) => {
    const namespace = ownName(context);
    return [
      { verb: "get", resource: "deployments", group: "apps", namespace: ASSETS },
      { verb: "list", resource: "nodes" },
      ...["create", "get", "delete"].map((verb) => ({ verb, resource: "namespaces" })),
      { verb: "list", resource: "persistentvolumes" },
      { verb: "patch", resource: "persistentvolumes" },
      ...["create", "list"].map((verb) => ({ verb, resource: "persistentvolumeclaims", namespace })),
      ...["create", "get", "list", "delete"].map((verb) => ({ verb, resource: "pods", namespace })),
      { verb: "list", resource: "events", namespace },
    ];
  },
  run: async (it) => {
    const { context } = it;
    const name = ownName(context);
    removeAtTheEnd(it, name);
    await context.cluster.create("Namespace", namespaceOf(name));
    const image = await imageOf(context);
    await it.check("onePod", () => onePod(it, image));
    await it.check("oneNode", () => oneNode(it, image));
    await it.check("noSharing", () => noSharing(it, image));
  },
};

/** An image that the cluster can pull: the one that assets runs. */
async function imageOf({ cluster }: Context): Promise<TestPod["image"]> {
  const deployment = await cluster.find("Deployment", ASSETS, ASSETS);
  const container = deployment?.spec?.template.spec?.containers[0];
  if (!container?.image)
    throw new NotRun(`there is no Deployment ${ASSETS}/${ASSETS} whose image a pod could run`, true);
  return { name: container.image, pullPolicy: container.imagePullPolicy };
}

/** Disks go with their claims, whatever the class would do with them. */
function removeAtTheEnd(it: StepRun, namespace: string): void {
  const { cluster, patience, grace } = it.context;
  const volumes = async () =>
    (await cluster.list("PersistentVolume")).filter(
      ({ metadata, spec }) =>
        spec?.claimRef?.namespace === namespace &&
        metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] !== undefined,
    );
  /** How many there are; each goes with its claim from now on. */
  const letGo = async () => {
    const found = await volumes();
    for (const { metadata, spec } of found) {
      if (spec?.persistentVolumeReclaimPolicy === "Delete") continue;
      const patch = { spec: { persistentVolumeReclaimPolicy: "Delete" } };
      await cluster.patch("PersistentVolume", metadata?.name ?? "", patch);
    }
    return found.length;
  };
  it.cleanup.add({
    what: `the namespace ${namespace} with its pods, claims and disks`,
    command: `kubectl delete namespace ${namespace}; kubectl get pv | grep ${namespace}`,
    remove: async () => {
      // A namespace that still has pods when it is to go is looked at again after half of a pod's usual grace period, 16 s.
      const pods = () => cluster.list("Pod", { namespace });
      for (const { metadata } of await pods()) await cluster.delete("Pod", { name: metadata?.name ?? "", namespace });
      await it.until(grace, async () => ((await pods()).length === 0 ? true : undefined));
      // What a driver is making has no volume yet, and may be done when the namespace has gone. The scheduler has chosen its node:
      // https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
      const isBeingMade = ({ metadata, spec, status }: V1PersistentVolumeClaim) =>
        status?.phase === "Pending" &&
        metadata?.annotations?.["volume.kubernetes.io/selected-node"] !== undefined &&
        !spec?.accessModes?.includes("ReadWriteMany");
      await it.until(grace, async () =>
        (await cluster.list("PersistentVolumeClaim", { namespace })).some(isBeingMade) ? undefined : true,
      );
      await letGo();
      await cluster.delete("Namespace", { name: namespace });
      const isGone = await it.until(patience, async () => {
        const isThere = await cluster.find("Namespace", namespace);
        return (await letGo()) === 0 && !isThere ? true : undefined;
      });
      if (!isGone) throw new Error(`it isn't gone after ${patience} s`);
    },
  });
}

/** Makes a claim and its first pod, and waits until that is Ready: it has the volume. */
async function firstPod(it: StepRun, test: TestPod, accessMode: string): Promise<V1Pod> {
  const { cluster, outputs, patience } = it.context;
  await cluster.create("PersistentVolumeClaim", claimOf(test, accessMode, outputs.storageClassNames.ebs));
  await cluster.create("Pod", podOf(test));
  let latest: V1Pod | undefined;
  const ready = await it.until(patience, async () => {
    latest = await cluster.find("Pod", test.name, test.namespace);
    return latest && isReady(latest) ? latest : undefined;
  });
  if (ready) return ready;
  const { is, look } = latest
    ? stateOf(latest)
    : { is: "gone", look: `kubectl get events --namespace ${test.namespace}` };
  throw new Refuted(`the first pod on it should be Ready, and after ${patience} s is ${is}`, look);
}

/** What events say of an object so far, the latest first: without the scheduler's, which says the same in the pod's condition. */
async function saidOf({ cluster }: Context, kind: string, { name, namespace }: { name: string; namespace: string }) {
  const fields = { "involvedObject.name": name, "involvedObject.kind": kind };
  const events = await cluster.list("Event", { namespace, fields });
  return events
    .filter(({ reason }) => reason !== "FailedScheduling")
    .map(({ reason, message }) => `${reason}: ${message}`)
    .reverse();
}

/** Waits for a refusal: for a reason that is among those. What is said instead is the error. */
async function refusal(it: StepRun, test: TestPod, reasons: RegExp, kind: "Pod" | "PersistentVolumeClaim" = "Pod") {
  const { context } = it;
  const name = kind === "Pod" ? test.name : test.claim;
  let said: string[] = [];
  const found = await it.until(context.patience, async () => {
    said = await saidOf(context, kind, { name, namespace: test.namespace });
    const pod = await context.cluster.find("Pod", test.name, test.namespace);
    const scheduled = pod?.status?.conditions?.find(({ type }) => type === "PodScheduled");
    if (kind === "Pod" && scheduled?.message) said.unshift(`${scheduled.reason}: ${scheduled.message}`);
    if (pod && isReady(pod))
      throw new Refuted(
        `it is taken: ${placeOf(pod)} is Ready`,
        `kubectl describe pvc ${test.claim} --namespace ${test.namespace}`,
      );
    return said.find((it) => reasons.test(it));
  });
  if (found === undefined) {
    const look = `kubectl get events --namespace ${test.namespace}`;
    throw new Refuted(`nobody refuses it for that; what is said is: ${said[0] ?? "nothing"}`, look);
  }
  return found;
}

async function onePod(it: StepRun, image: TestPod["image"]): Promise<Seen> {
  const { context } = it;
  const first = { namespace: ownName(context), name: "one-pod-1", claim: "one-pod", image };
  await firstPod(it, first, "ReadWriteOncePod");
  const second = { ...first, name: "one-pod-2" };
  await context.cluster.create("Pod", podOf(second));
  // https://github.com/kubernetes/kubernetes/blob/master/pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go
  return { saw: await refusal(it, second, /ReadWriteOncePod/), value: undefined };
}

async function oneNode(it: StepRun, image: TestPod["image"]): Promise<Seen> {
  const { context } = it;
  const nodes = await context.cluster.list("Node");
  if (nodes.length < 2) throw new NotRun("the cluster has one node only");
  // A disk can't leave its zone, whatever its access mode: a node of another zone shows nothing of that.
  const zone = nodes
    .filter(takesPods)
    .map(zoneOf)
    .find((it, index, all) => all.indexOf(it) < index);
  if (zone === undefined) throw new NotRun("no zone has two nodes that take pods, and a disk can't leave its zone");
  const first = { namespace: ownName(context), name: "one-node-1", claim: "one-node", image, place: { zone } };
  const { spec } = await firstPod(it, first, "ReadWriteOnce");
  const second = { ...first, name: "one-node-2", place: { zone, notOn: spec?.nodeName } };
  await context.cluster.create("Pod", podOf(second));
  await mustBePlaced(it, second);
  // https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/attachdetach/reconciler/reconciler.go
  return { saw: await refusal(it, second, /Multi-Attach error/), value: undefined };
}

/** A pod that isn't on a node has been refused by nobody but the scheduler, and for a reason of its own: too little memory. */
async function mustBePlaced(it: StepRun, { name, namespace }: TestPod): Promise<void> {
  let why: string | undefined;
  const isPlaced = await it.until(it.context.grace, async () => {
    const pod = await it.context.cluster.find("Pod", name, namespace);
    why = pod?.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message;
    return pod?.spec?.nodeName ? true : undefined;
  });
  if (!isPlaced) throw new NotRun(`the second pod finds no other node of the zone: ${why ?? "nobody says why"}`, true);
}

async function noSharing(it: StepRun, image: TestPod["image"]): Promise<Seen> {
  const { context } = it;
  const { isSimulated, hasOtherVolumes, outputs, cluster } = context;
  if (isSimulated) throw new NotRun("a local cloud's drivers are simulated, and take every mode");
  if (hasOtherVolumes) throw new NotRun("other volumes stand behind the claims than the drivers'");
  const test = { namespace: ownName(context), name: "no-sharing-1", claim: "no-sharing", image };
  await cluster.create("PersistentVolumeClaim", claimOf(test, "ReadWriteMany", outputs.storageClassNames.ebs));
  await cluster.create("Pod", podOf(test));
  // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/controller.go (validateCreateVolumeRequest)
  return {
    saw: await refusal(it, test, /ProvisioningFailed.*not supported/s, "PersistentVolumeClaim"),
    value: undefined,
  };
}
