import * as pulumi from "@pulumi/pulumi";

export interface DrainArgs {
  /** The CSI driver's name, such as `ebs.csi.aws.com`. */
  driver: pulumi.Input<string>;
  /** A kubeconfig that may list volumes and attachments. */
  kubeconfig: pulumi.Input<string>;
  /** How long a deletion waits, in minutes. */
  timeoutInMinutes: pulumi.Input<number>;
}

interface DrainState {
  driver: string;
  kubeconfig: string;
  timeoutInMinutes: number;
}

/**
 * Serialized into the stack's state, so that a plain `pulumi destroy` runs it without the program. It therefore stands
 * on its own: no helper of this package, only the project's node_modules.
 */
const provider: pulumi.dynamic.ResourceProvider<DrainState, DrainState> = {
  async create(inputs) {
    return { id: inputs.driver, outs: inputs };
  },
  async diff(_id, olds, news) {
    const changed = (["driver", "kubeconfig", "timeoutInMinutes"] as const).filter((key) => olds[key] !== news[key]);
    return { changes: changed.length > 0, replaces: changed.filter((key) => key === "driver") };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, { driver, kubeconfig, timeoutInMinutes }) {
    const kubernetes = await import("@kubernetes/client-node");
    const config = new kubernetes.KubeConfig();
    config.loadFromString(kubeconfig);
    const core = config.makeApiClient(kubernetes.CoreV1Api);
    const storage = config.makeApiClient(kubernetes.StorageV1Api);
    const custom = config.makeApiClient(kubernetes.CustomObjectsApi);

    // The plugin's host prints an error's stack, which would tell the reader nothing.
    const refusal = (message: string) => Object.assign(new Error(message), { stack: "" });
    const snapshotContents = async () => {
      try {
        const group = { group: "snapshot.storage.k8s.io", version: "v1", plural: "volumesnapshotcontents" };
        const list = (await custom.listClusterCustomObject(group)) as {
          items: { metadata: { name: string }; spec: { driver: string; deletionPolicy: string } }[];
        };
        return list.items.filter(({ spec }) => spec.driver === driver && spec.deletionPolicy === "Delete");
      } catch (error) {
        if ((error as { code?: number }).code === 404) return []; // no snapshot controller, so no snapshots
        throw error;
      }
    };
    const whatIsLeft = async () => {
      const [volumes, attachments, snapshots] = await Promise.all([
        core.listPersistentVolume(),
        storage.listVolumeAttachment(),
        snapshotContents(),
      ]);
      return [
        ...volumes.items
          .filter(({ spec }) => spec?.csi?.driver === driver && spec.persistentVolumeReclaimPolicy === "Delete")
          .map(({ metadata, spec }) => {
            const claim = spec?.claimRef;
            return `PersistentVolume ${metadata?.name}${claim ? ` (claim ${claim.namespace}/${claim.name})` : ""}`;
          }),
        ...attachments.items
          .filter(({ spec }) => spec.attacher === driver)
          .map(({ metadata, spec }) => `VolumeAttachment ${metadata?.name} (node ${spec.nodeName})`),
        ...snapshots.map(({ metadata }) => `VolumeSnapshotContent ${metadata.name}`),
      ];
    };

    const started = Date.now();
    const deadline = started + timeoutInMinutes * 60_000;
    let told = "";
    let answered = started;
    for (;;) {
      let left: string[];
      try {
        left = await whatIsLeft();
        answered = Date.now();
      } catch (error) {
        // The Kubernetes provider's own switch for a cluster that is gone: one decision for both.
        if (process.env["PULUMI_K8S_DELETE_UNREACHABLE"] === "true") return;
        // One call that fails is no answer; a minute without any is.
        if (Date.now() < Math.min(answered + 60_000, deadline)) {
          await new Promise((resolve) => setTimeout(resolve, 2000));
          continue;
        }
        throw refusal(
          `The drain of ${driver} can't ask the cluster what volumes are left: ${(error as Error).message}\n` +
            "If the cluster is gone for good, run again with PULUMI_K8S_DELETE_UNREACHABLE=true and look for its " +
            "disks and access points in the AWS console.",
        );
      }
      if (left.length === 0) return;
      const seconds = Math.round((Date.now() - started) / 1000);
      if (Date.now() >= deadline) {
        throw refusal(
          `The drain of ${driver} waited ${timeoutInMinutes} min and these are still there:\n` +
            left.map((item) => `  - ${item}\n`).join("") +
            "The driver stays, since only it can delete them. Delete what uses them (kubectl get pvc -A), then run " +
            "pulumi destroy again.",
        );
      }
      const news = `Drain of ${driver}: waiting for ${left.length}: ${left.join(", ")}`;
      if (news !== told || seconds % 30 < 2) console.log(`${news} (${seconds} s)`);
      told = news;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  },
};

/**
 * Stands between a CSI driver and everything that uses it: its deletion waits until the driver has deleted the disks of
 * dynamic volumes, which are nobody's resource. Without it the driver may go first; the volumes then hang on their
 * finalizers and the disks leak (eksctl#5855, aws-efs-csi-driver#1483).
 */
export class Drain extends pulumi.dynamic.Resource {
  constructor(name: string, args: DrainArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args },
      {
        ...opts,
        // A change of the code above must not replace the resource: deleting the old one would drain a driver in use.
        ignoreChanges: ["__provider"],
        additionalSecretOutputs: ["kubeconfig"],
      },
    );
  }
}
