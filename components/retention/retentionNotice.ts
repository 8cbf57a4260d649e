import * as pulumi from "@pulumi/pulumi";
import { clusterApi as clusterApiOf } from "../clusterApi/clusterApi";
import { checkKubeconfig, kubeconfigInput } from "../clusterApi/kubeconfigInput";
import { retrying as retryingRequests } from "../clusterApi/retrying";
import {
  type ClaimedDisk,
  diskOf as diskOfClaim,
  policyCommand as policyCommandOf,
  releasedDisk as releasedDiskOf,
} from "./claimedDisk";
import type { Volume } from "./clusterObjects";
import type { HeldClaim } from "./lostDisk";
import type { Retention } from "./retention";
import {
  type Kept,
  keptBy as keptByRecord,
  keptLines as keptLinesOf,
  settingsOf as settingsOfRecord,
  stillKept as stillKeptOf,
} from "./retentionRecord";

export interface RetentionNoticeArgs {
  retention: pulumi.Input<Retention>;
  /** The configuration that adopts what is kept, by key. */
  configuration: Record<string, pulumi.Input<string>>;
  /** The claim whose disk is kept, and the configuration keys for the disk's id and zone. Default: there is none. */
  claim?: Omit<HeldClaim, "name"> & { name: pulumi.Input<string> };
  /** The id of the disk that is recorded, where it counts no longer, or `none` where none is recorded and there is one. */
  outdated?: pulumi.Input<string | undefined>;
  /** The id of a disk that is gone, or that somebody let go of: nobody is told of it any more. */
  dismissed?: pulumi.Input<string | undefined>;
  /** What an earlier stack of the same name kept, and this one doesn't adopt. */
  found?: pulumi.Input<Kept[] | undefined>;
  /** A kubeconfig, JSON or YAML, that may list volumes. It is a secret, however it is given. */
  kubeconfig: pulumi.Input<string>;
}

/** What the stack's state has of it. */
export interface NoticeState {
  retention: Retention;
  configuration: Record<string, string>;
  claim?: HeldClaim;
  kubeconfig: string;
  outdated?: string;
  dismissed?: string;
  found?: Kept[];
  /** What was kept before, and isn't this stack's. */
  earlier?: Kept[];
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
const diskOf = diskOfClaim;
const releasedDisk = releasedDiskOf;
const policyCommand = policyCommandOf;
const settingsOf = settingsOfRecord;
const stillKept = stillKeptOf;
const keptLines = keptLinesOf;
const keptBy = keptByRecord;

interface Found {
  /** The claim's disk. */
  disk?: ClaimedDisk;
  /** The disk that an earlier claim of that name had. */
  released?: ClaimedDisk;
  /** Why there is no `disk`. */
  reason?: string;
}

/** Looks up the disk. An error is reported, and stops nothing. */
async function lookUp({ claim, kubeconfig }: NoticeState): Promise<Found> {
  if (!claim) return {};
  const ask = async () => (await clusterApi(kubeconfig).list<Volume>("/api/v1/persistentvolumes")) ?? [];
  const outcome = await retrying(ask, (line) => console.log(`The database's disk can't be looked up: ${line}`));
  if ("error" in outcome) return { reason: outcome.error.message };
  const disk = diskOf(outcome.answer, claim);
  const released = releasedDisk(outcome.answer, claim);
  return disk ? { disk, released } : { reason: `no volume of the claim ${claim.namespace}/${claim.name}` };
}

/** Serialized into the stack's state, as the drain is: it needs no module, and a fix reaches it as an update. */
const provider: pulumi.dynamic.ResourceProvider<NoticeState, NoticeState> = {
  check: checkKubeconfig,
  async create(inputs) {
    const { disk } = await lookUp(inputs);
    const all = { ...inputs, disk: disk ?? null };
    return { id: "notice", outs: { ...all, earlier: stillKept(inputs.found ?? [], settingsOf(all)) } };
  },
  async diff(_id, olds, news) {
    const said = ({ retention, configuration, claim, kubeconfig, __provider = "" }: NoticeState) =>
      [
        ...[retention, kubeconfig, ...Object.entries(configuration).flat(), __provider],
        ...[claim?.namespace, claim?.name, claim?.volumeKey, claim?.zoneKey, claim?.credentialsKey],
      ].join("\n");
    return {
      changes:
        said(olds) !== said(news) || news.outdated === (olds.disk?.volumeId ?? "none") || (news.found ?? []).length > 0,
    };
  },
  async update(_id, olds, news) {
    const { disk: found, released } = await lookUp(news);
    const { outdated, dismissed } = news;
    const isSameClaim = olds.claim?.name === news.claim?.name;
    // What was never recorded may be lost already.
    const lost = released?.volumeId === dismissed ? undefined : released;
    const recorded = isSameClaim ? (olds.disk ?? lost) : undefined;
    const before = recorded?.volumeId === outdated ? undefined : recorded;
    // Of a volume that was released the claim has the disk no longer.
    const now = found?.volumeId === outdated || found?.volumeId === dismissed ? undefined : found;
    const all = { ...news, disk: (before && now?.volumeId !== before.volumeId ? before : now) ?? null };
    // What was to be kept then, and isn't the stack's now, was kept.
    const kept = [...(olds.earlier ?? []), ...keptBy(olds), ...(news.found ?? [])];
    return { outs: { ...all, earlier: stillKept(kept, settingsOf(all), dismissed) } };
  },
  async delete(_id, state) {
    const { retention, claim, earlier = [] } = state;
    const before = earlier.length > 0 ? `\nKept before, and not this stack's:\n${keptLines(earlier).join("\n")}` : "";
    if (retention === "delete") {
      // A volume keeps the policy that it was made with.
      const { disk = state.disk } = state.disk?.reclaimPolicy === "Retain" ? await lookUp(state) : {};
      const stays =
        disk?.reclaimPolicy === "Retain"
          ? `The disk ${disk.volumeId} stays: its volume was made with the policy Retain. To let it go with the stack, ` +
            `cancel, and run: ${policyCommand(disk.volumeName, "Delete")}`
          : "";
      if (stays + before) console.log((stays + before).trimStart());
      return;
    }
    let hint = "";
    const { disk: found, reason } = await lookUp(state);
    const disk = found?.volumeId === state.disk?.volumeId ? found : (state.disk ?? found);
    const settings = settingsOf({ ...state, disk });
    if (claim && reason) {
      hint =
        `\nThe database's disk could not be looked up (${reason}). ` +
        (disk
          ? "It was this one when the stack was last deployed."
          : `It has the tag kubernetes.io/created-for/pvc/name=${claim.name}; give its id and zone as ` +
            `${claim.volumeKey} and ${claim.zoneKey}.`);
    }
    if (claim && disk && found && found.volumeId !== disk.volumeId) {
      hint =
        `\nThe claim ${claim.namespace}/${claim.name} had that disk when the stack was last deployed. Somebody took it ` +
        `away since; now it has ${found.volumeId} in ${found.zone}.`;
    }
    if (disk && disk.reclaimPolicy !== "Retain") {
      hint +=
        `\nBut the disk ${disk.volumeId} will go: its volume was made with the policy ${disk.reclaimPolicy}. To keep ` +
        `it, cancel, and run: ${policyCommand(disk.volumeName, "Retain")}`;
    }
    const lines = Object.entries(settings).map(([key, value]) => `  pulumi config set ${key} ${value}`);
    console.log(
      `Kept in AWS, and adopted by a later pulumi up with this configuration:\n${lines.join("\n")}${hint}${before}`,
    );
  },
};

/**
 * Says, when the stack is destroyed, what of it stays and which configuration adopts it. It must be deleted
 * while the cluster can still be asked for the database's disk.
 */
export class RetentionNotice extends pulumi.dynamic.Resource {
  /** The disk that is kept, as the cluster had it; null where nothing is kept, or it couldn't be asked. */
  declare public readonly disk: pulumi.Output<ClaimedDisk | null>;
  /** What was kept before, and isn't this stack's. */
  declare public readonly earlier: pulumi.Output<Kept[]>;

  constructor(name: string, args: RetentionNoticeArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, kubeconfig: kubeconfigInput(args.kubeconfig), disk: undefined, earlier: undefined },
      { ...opts, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}
