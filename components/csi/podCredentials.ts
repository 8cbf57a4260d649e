import * as pulumi from "@pulumi/pulumi";
import { clusterApi as clusterApiOf } from "../clusterApi/clusterApi";
import { deleteObject as deleteObjectOf } from "../clusterApi/deletion";
import { checkKubeconfig, kubeconfigInput } from "../clusterApi/kubeconfigInput";
import { retrying as retryingRequests } from "../clusterApi/retrying";

export interface PodCredentialsArgs {
  /** The add-on's name in EKS, such as `aws-ebs-csi-driver`. */
  addonName: pulumi.Input<string>;
  /** The service accounts in kube-system that have a Pod Identity association. */
  serviceAccounts: pulumi.Input<pulumi.Input<string>[]>;
  /** A kubeconfig, JSON or YAML, that may list and delete pods. It is a secret, however it is given. */
  kubeconfig: pulumi.Input<string>;
}

interface State {
  addonName: string;
  serviceAccounts: string[];
  kubeconfig: string;
  /** This code. */
  __provider?: string;
}

interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
  spec: { serviceAccountName?: string; containers: { env?: { name: string }[] }[] };
}

// As in clusterApi/kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const clusterApi = clusterApiOf;
const deleteObject = deleteObjectOf;
const retrying = retryingRequests;

/** Sees to it that all pods of the service accounts have credentials: those without are deleted, and made anew. */
async function equip({ addonName, serviceAccounts, kubeconfig }: State): Promise<void> {
  const pods = "/api/v1/namespaces/kube-system/pods";
  const minutes = 5;
  // Without a stack: the plugin's host would print it, which doesn't help a user.
  const refusal = (message: string) => Object.assign(new Error(message), { stack: "" });
  const api = clusterApi(kubeconfig);
  const say = (line: string) => console.log(`Credentials of ${addonName}: ${line}`);
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    const outcome = await retrying(question, say);
    if ("answer" in outcome) return outcome.answer;
    throw refusal(`Nobody knows whether the pods of ${addonName} have credentials: ${outcome.error.message}`);
  };
  const deadline = Date.now() + minutes * 60_000;
  for (let most = 0; ;) {
    const found = (await ask(() => api.list<Pod>(pods))) ?? [];
    const living = found.filter(
      ({ metadata, spec }) =>
        metadata.deletionTimestamp === undefined && serviceAccounts.includes(spec.serviceAccountName ?? ""),
    );
    const without = living.filter(({ spec }) =>
      // What EKS's admission webhook gives to the containers of a pod whose association it knows when the pod is made.
      spec.containers.every(({ env }) => !env?.some(({ name }) => name === "AWS_CONTAINER_CREDENTIALS_FULL_URI")),
    );
    most = Math.max(most, living.length);
    if (without.length === 0 && (living.length >= most || Date.now() >= deadline)) return;
    const names = without.map(({ metadata }) => metadata.name);
    if (Date.now() >= deadline) {
      throw refusal(
        `After ${minutes} min these pods of ${addonName} still start without credentials:\n` +
          names.map((name) => `  - kube-system/${name}\n`).join("") +
          "Their Pod Identity associations take no effect. See that the service accounts " +
          `${serviceAccounts.join(" and ")} have one (aws eks list-pod-identity-associations), and run pulumi up again.`,
      );
    }
    if (names.length > 0) say(`restarts ${names.join(", ")}, made before the association was effective`);
    for (const name of names) await ask(() => deleteObject(kubeconfig, `${pods}/${name}`));
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

/** Serialized into the stack's state: it uses only Node, and functions of this package that need no module. */
const provider: pulumi.dynamic.ResourceProvider<State, State> = {
  check: checkKubeconfig,
  async create(inputs) {
    await equip(inputs);
    return { id: inputs.addonName, outs: inputs };
  },
  async diff(_id, olds, news) {
    const keys = ["addonName", "kubeconfig", "__provider"] as const;
    const changes =
      keys.some((key) => olds[key] !== news[key]) || olds.serviceAccounts.join() !== news.serviceAccounts.join();
    return { changes, replaces: olds.addonName === news.addonName ? [] : ["addonName"] };
  },
  async update(_id, _olds, news) {
    await equip(news);
    return { outs: news };
  },
};

/**
 * Waits until an add-on's pods have the credentials of their Pod Identity associations, and restarts those that haven't.
 *
 * An association takes seconds to be effective, and nothing says when it is
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html,
 * https://github.com/aws/containers-roadmap/issues/2507). EKS gives a pod its credentials when the pod is made: one that was
 * made before stays without for good (https://github.com/eksctl-io/eksctl/issues/7709). An add-on's own associations are no
 * way out: EKS promises a restart only where they are updated, and such an add-on takes over no association that is there
 * (https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html), so a living stack would be without for a while.
 */
export class PodCredentials extends pulumi.dynamic.Resource {
  constructor(name: string, args: PodCredentialsArgs, opts: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, kubeconfig: kubeconfigInput(args.kubeconfig) },
      { ...opts, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}
