import * as pulumi from "@pulumi/pulumi";
import type { Retention } from "./retention";

export interface RetentionNoticeArgs {
  retention: pulumi.Input<Retention>;
  /** The configuration that takes up what is kept, by key. */
  configuration: Record<string, pulumi.Input<string>>;
  /** The claim whose disk is kept, and the configuration keys for the disk's id and zone. */
  claim: { namespace: string; name: pulumi.Input<string>; volumeKey: string; zoneKey: string };
  kubeconfig: pulumi.Input<string>;
}

interface NoticeState {
  retention: Retention;
  configuration: Record<string, string>;
  claim: { namespace: string; name: string; volumeKey: string; zoneKey: string };
  kubeconfig: string;
}

/** Serialized into the stack's state, as the drain is: it stands on its own. */
const provider: pulumi.dynamic.ResourceProvider<NoticeState, NoticeState> = {
  async create(inputs) {
    return { id: "notice", outs: inputs };
  },
  async diff(_id, olds, news) {
    const said = ({ retention, configuration, claim, kubeconfig }: NoticeState) =>
      [retention, kubeconfig, ...Object.entries(configuration).flat(), ...Object.values(claim)].join("\n");
    return { changes: said(olds) !== said(news) };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, { retention, configuration, claim, kubeconfig }) {
    if (retention === "delete") return;
    const settings = { ...configuration };
    let hint = "";
    try {
      const kubernetes = await import("@kubernetes/client-node");
      const config = new kubernetes.KubeConfig();
      config.loadFromString(kubeconfig);
      const volumes = await config.makeApiClient(kubernetes.CoreV1Api).listPersistentVolume();
      const volume = volumes.items.find(
        ({ spec }) => spec?.claimRef?.name === claim.name && spec.claimRef.namespace === claim.namespace,
      );
      const zone = volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms
        .flatMap((term) => term.matchExpressions ?? [])
        .find(({ key }) => key.endsWith("/zone"))?.values?.[0];
      if (!volume?.spec?.csi || !zone) throw new Error(`no volume of the claim ${claim.namespace}/${claim.name}`);
      settings[claim.volumeKey] = volume.spec.csi.volumeHandle;
      settings[claim.zoneKey] = zone;
      if (volume.spec.persistentVolumeReclaimPolicy !== "Retain") {
        hint =
          `\nBut the disk ${volume.spec.csi.volumeHandle} will go: its volume was made with the policy ` +
          `${volume.spec.persistentVolumeReclaimPolicy}. To keep it, cancel, and run: kubectl patch pv ` +
          `${volume.metadata?.name} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;
      }
    } catch (error) {
      hint =
        `\nThe database's disk could not be looked up (${(error as Error).message}). It has the tag ` +
        `kubernetes.io/created-for/pvc/name=${claim.name}; give its id and zone as ${claim.volumeKey} and ` +
        `${claim.zoneKey}.`;
    }
    const lines = Object.entries(settings).map(([key, value]) => `  pulumi config set ${key} ${value}`);
    console.log(
      `Kept in AWS, and taken up again by a later pulumi up with this configuration:\n${lines.join("\n")}${hint}`,
    );
  },
};

/**
 * Says, when the stack is destroyed, what of it stays and which configuration takes it up again. It must be deleted
 * while the cluster can still be asked for the database's disk.
 */
export class RetentionNotice extends pulumi.dynamic.Resource {
  constructor(name: string, args: RetentionNoticeArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args },
      { ...opts, ignoreChanges: ["__provider"], additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}
