import * as pulumi from "@pulumi/pulumi";
import { clusterApi as clusterApiOf } from "../clusterApi/clusterApi";
import { checkKubeconfig, kubeconfigInput } from "../clusterApi/kubeconfigInput";
import { retrying as retryingRequests } from "../clusterApi/retrying";

export interface DrainArgs {
  /** The CSI driver's name, such as `ebs.csi.aws.com`. */
  driver: pulumi.Input<string>;
  /** A kubeconfig, JSON or YAML, that may list volumes, attachments and snapshots' contents. It is a secret, however it is given. */
  kubeconfig: pulumi.Input<string>;
  /** How long a deletion waits, in minutes. */
  timeoutInMinutes: pulumi.Input<number>;
}

interface DrainState {
  driver: string;
  kubeconfig: string;
  timeoutInMinutes: number;
  /** This code. */
  __provider?: string;
}

// As in clusterApi/kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const clusterApi = clusterApiOf;
const retrying = retryingRequests;

/**
 * Serialized into the stack's state, so that a plain `pulumi destroy` runs it without the program. It therefore uses only
 * Node, and functions of this package that need no module.
 */
const provider: pulumi.dynamic.ResourceProvider<DrainState, DrainState> = {
  check: checkKubeconfig,
  async create(inputs) {
    return { id: inputs.driver, outs: inputs };
  },
  // A preview runs the new code's diff. A destroy runs the code that the last create or update stored in the outputs. So a
  // fix reaches an existing stack only as an update. https://github.com/pulumi/pulumi/issues/16826
  // Never as a replacement: deleting the old resource would drain a driver in use.
  async diff(_id, olds, news) {
    const keys = ["driver", "kubeconfig", "timeoutInMinutes", "__provider"] as const;
    const changed = keys.filter((key) => olds[key] !== news[key]);
    return { changes: changed.length > 0, replaces: changed.filter((key) => key === "driver") };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, { driver, kubeconfig, timeoutInMinutes }) {
    interface Volume {
      metadata: { name: string };
      spec: {
        csi?: { driver: string };
        persistentVolumeReclaimPolicy?: string;
        claimRef?: { namespace: string; name: string };
      };
    }
    interface Attachment {
      metadata: { name: string };
      spec: { attacher: string; nodeName: string };
    }
    interface SnapshotContent {
      metadata: { name: string };
      spec: { driver: string; deletionPolicy: string };
    }
    // Without a stack: the plugin's host would print it, which doesn't help a user.
    const refusal = (message: string) => Object.assign(new Error(message), { stack: "" });
    const api = clusterApi(kubeconfig);
    const whatIsLeft = async () => {
      const volumes = await api.list<Volume>("/api/v1/persistentvolumes");
      const attachments = await api.list<Attachment>("/apis/storage.k8s.io/v1/volumeattachments");
      if (!volumes || !attachments)
        throw refusal("it has no volumes or no attachments, so it isn't a Kubernetes cluster");
      // Without a snapshot controller there is no such resource, and there are no snapshots.
      const contents = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents";
      const snapshots = await api.list<SnapshotContent>(contents, true);
      return [
        ...volumes
          .filter(({ spec }) => spec.csi?.driver === driver && spec.persistentVolumeReclaimPolicy === "Delete")
          .map(({ metadata, spec: { claimRef } }) => {
            return `PersistentVolume ${metadata.name}${claimRef ? ` (claim ${claimRef.namespace}/${claimRef.name})` : ""}`;
          }),
        ...attachments
          .filter(({ spec }) => spec.attacher === driver)
          .map(({ metadata, spec }) => `VolumeAttachment ${metadata.name} (node ${spec.nodeName})`),
        ...(snapshots ?? [])
          .filter(({ spec }) => spec.driver === driver && spec.deletionPolicy === "Delete")
          .map(({ metadata }) => `VolumeSnapshotContent ${metadata.name}`),
      ];
    };

    const started = Date.now();
    const deadline = started + timeoutInMinutes * 60_000;
    let told = "";
    for (;;) {
      const outcome = await retrying(whatIsLeft, (line) => console.log(`Drain of ${driver}: ${line}`));
      if ("error" in outcome) {
        const { error, isGone } = outcome;
        // The Kubernetes provider has this setting for a cluster that is gone; the drain follows it.
        const isSaidToBeGone = process.env["PULUMI_K8S_DELETE_UNREACHABLE"] === "true";
        if (isGone && isSaidToBeGone) {
          console.log(
            `Drain of ${driver}: ${error.message}. It counts as gone, since PULUMI_K8S_DELETE_UNREACHABLE is true.`,
          );
          return;
        }
        const advice = isGone
          ? "If the cluster is gone for good, run again with PULUMI_K8S_DELETE_UNREACHABLE=true and look for its " +
            "disks and access points in the AWS console."
          : isSaidToBeGone
            ? "PULUMI_K8S_DELETE_UNREACHABLE has no effect here: it is for a cluster that can't be reached for a whole minute."
            : "";
        throw refusal(
          `The drain of ${driver} can't ask the cluster what volumes are left: ${error.message}${advice && `\n${advice}`}`,
        );
      }
      const left = outcome.answer;
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
 * Stands between a CSI driver and everything that uses it. Its deletion waits until the driver has deleted the disks of
 * dynamic volumes, which are no resources of the stack. Without it the driver may go first: the volumes then hang on their
 * finalizers, and the disks leak (eksctl#5855, aws-efs-csi-driver#1483).
 */
export class Drain extends pulumi.dynamic.Resource {
  constructor(name: string, args: DrainArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, kubeconfig: kubeconfigInput(args.kubeconfig) },
      { ...opts, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}
