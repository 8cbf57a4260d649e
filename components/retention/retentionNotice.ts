import * as pulumi from "@pulumi/pulumi";
import { clusterApi as clusterApiOf } from "../clusterApi/clusterApi";
import { checkKubeconfig, kubeconfigInput } from "../clusterApi/kubeconfigInput";
import { retrying as retryingRequests } from "../clusterApi/retrying";
import { type ClaimedDisk, claimedDisk as claimedDiskOf } from "./claimedDisk";
import type { HeldClaim } from "./lostDisk";
import type { Retention } from "./retention";

export interface RetentionNoticeArgs {
  retention: pulumi.Input<Retention>;
  /** The configuration that adopts what is kept, by key. */
  configuration: Record<string, pulumi.Input<string>>;
  /** The claim whose disk is kept, and the configuration keys for the disk's id and zone. */
  claim: Omit<HeldClaim, "name"> & { name: pulumi.Input<string> };
  /** The id of the disk that is recorded, where it counts no longer, or `none` where none is recorded and there is one. */
  outdated?: pulumi.Input<string | undefined>;
  /** A kubeconfig, JSON or YAML, that may list volumes. It is a secret, however it is given. */
  kubeconfig: pulumi.Input<string>;
}

/** What the stack's state has of it. */
export interface NoticeState {
  retention: Retention;
  configuration: Record<string, string>;
  claim: HeldClaim;
  kubeconfig: string;
  outdated?: string;
  /**
   * The claim's disk when the stack was last deployed. It stays the same for as long as it counts, whatever the claim has
   * meanwhile: what was lost is found by it, and the destroy asks again. Null, not left out, where there is none: of an
   * output that the state doesn't have, a preview says that it isn't known, and what is made of it seems to change.
   */
  disk?: ClaimedDisk | null;
  /** This code. */
  __provider?: string;
}

// As in clusterApi/kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const clusterApi = clusterApiOf;
const retrying = retryingRequests;
const claimedDisk = claimedDiskOf;

/** Looks up the disk. An error is reported, and stops nothing. */
async function lookUp({ claim, kubeconfig }: NoticeState): Promise<{ disk?: ClaimedDisk; reason?: string }> {
  const ask = () => claimedDisk(clusterApi(kubeconfig), claim);
  const outcome = await retrying(ask, (line) => console.log(`The database's disk can't be looked up: ${line}`));
  if ("error" in outcome) return { reason: outcome.error.message };
  if (!outcome.answer) return { reason: `no volume of the claim ${claim.namespace}/${claim.name}` };
  return { disk: outcome.answer };
}

/** Serialized into the stack's state, as the drain is: it needs no module, and a fix reaches it as an update. */
const provider: pulumi.dynamic.ResourceProvider<NoticeState, NoticeState> = {
  check: checkKubeconfig,
  async create(inputs) {
    const { disk } = await lookUp(inputs);
    return { id: "notice", outs: { ...inputs, disk: disk ?? null } };
  },
  async diff(_id, olds, news) {
    const said = ({ retention, configuration, claim, kubeconfig, __provider = "" }: NoticeState) =>
      [
        ...[retention, kubeconfig, ...Object.entries(configuration).flat(), __provider],
        ...[claim.namespace, claim.name, claim.volumeKey, claim.zoneKey, claim.credentialsKey],
      ].join("\n");
    return { changes: said(olds) !== said(news) || news.outdated === (olds.disk?.volumeId ?? "none") };
  },
  async update(_id, olds, news) {
    const { disk: found } = await lookUp(news);
    const before = olds.claim.name === news.claim.name ? olds.disk : undefined;
    const isReplaced = !before || found?.volumeId === before.volumeId || before.volumeId === news.outdated;
    return { outs: { ...news, disk: (isReplaced ? found : undefined) ?? before ?? null } };
  },
  async delete(_id, state) {
    const { retention, configuration, claim } = state;
    if (retention === "delete") return;
    const settings = { ...configuration };
    let hint = "";
    const { disk: found, reason } = await lookUp(state);
    const disk = found?.volumeId === state.disk?.volumeId ? found : (state.disk ?? found);
    if (disk) {
      settings[claim.volumeKey] = disk.volumeId;
      settings[claim.zoneKey] = disk.zone;
    }
    if (reason) {
      hint =
        `\nThe database's disk could not be looked up (${reason}). ` +
        (disk
          ? "It was this one when the stack was last deployed."
          : `It has the tag kubernetes.io/created-for/pvc/name=${claim.name}; give its id and zone as ` +
            `${claim.volumeKey} and ${claim.zoneKey}.`);
    }
    if (disk && found && found.volumeId !== disk.volumeId) {
      hint =
        `\nThe claim ${claim.namespace}/${claim.name} had that disk when the stack was last deployed. Somebody took it ` +
        `away since; now it has ${found.volumeId} in ${found.zone}.`;
    }
    if (disk && disk.reclaimPolicy !== "Retain") {
      hint +=
        `\nBut the disk ${disk.volumeId} will go: its volume was made with the policy ${disk.reclaimPolicy}. To keep ` +
        `it, cancel, and run: kubectl patch pv ${disk.volumeName} -p ` +
        `'{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;
    }
    const lines = Object.entries(settings).map(([key, value]) => `  pulumi config set ${key} ${value}`);
    console.log(`Kept in AWS, and adopted by a later pulumi up with this configuration:\n${lines.join("\n")}${hint}`);
  },
};

/**
 * Says, when the stack is destroyed, what of it stays and which configuration adopts it. It must be deleted
 * while the cluster can still be asked for the database's disk.
 */
export class RetentionNotice extends pulumi.dynamic.Resource {
  /** The disk that is kept, as the cluster had it; null where nothing is kept, or it couldn't be asked. */
  declare public readonly disk: pulumi.Output<ClaimedDisk | null>;

  constructor(name: string, args: RetentionNoticeArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, kubeconfig: kubeconfigInput(args.kubeconfig), disk: undefined },
      { ...opts, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}
