import { AwsError } from "../../../commands/awsQuestions";
import type { Context } from "../../../verify/context";
import { KubernetesCluster, type Limits } from "../../../verify/kubernetesCluster";
import { ExitCode, exitCodeOf, type Result } from "../../../verify/result";
import { runSteps } from "../../../verify/run";
import { VerifiedApiServer } from "./apiServer";
import { VerifiedCluster } from "./cluster";
import { NODES, outputs } from "./objects";

/** What AWS answers: a mount target in each zone. */
export const mountTargets = {
  MountTargets: [...new Set(Object.values(NODES))].map((zone) => ({
    AvailabilityZoneName: zone,
    LifeCycleState: "available",
  })),
};

/** A cluster to be verified, and its API server. */
export class Verified {
  readonly cluster = new VerifiedCluster();
  readonly server = new VerifiedApiServer(this.cluster);
  /** By the beginning of what is asked: an answer, or what the CLI says instead of one. */
  readonly aws: Record<string, object | string> = { "efs describe-mount-targets": mountTargets };

  static async start(): Promise<Verified> {
    const verified = new Verified();
    await verified.server.start();
    return verified;
  }

  stop(): void {
    this.server.stop();
    this.cluster.remove();
  }

  /** The cluster as verify asks it, with short times. */
  client(limits: Partial<Limits> = {}): KubernetesCluster {
    const short = { request: 5000, open: 5000, exec: 5000, again: [20, 50] };
    return new KubernetesCluster(this.server.kubeconfig(), { ...short, ...limits });
  }

  /** Runs all steps in this process, and quickly. */
  run(changes: Partial<Context> = {}, signal = new AbortController().signal): Promise<Result[]> {
    const context: Context = {
      cluster: this.client(),
      outputs,
      aws: async (_region, ...args) => {
        const [, answer] = Object.entries(this.aws).find(([asked]) => args.join(" ").startsWith(asked)) ?? [];
        if (typeof answer === "object") return answer;
        throw new AwsError(answer ?? `it was asked aws ${args.join(" ")}`);
      },
      runId: "0a1b2c3d",
      ...{ isDisruptive: false, isSimulated: false, hasOtherVolumes: false },
      ...{ patience: 0.3, grace: 0.1, dnsPatience: 0.3, interval: 20 },
      ...changes,
    };
    return runSteps(context, signal, { begins: () => {}, ended: () => {} });
  }
}

/** The ids of the checks that ended so. */
export const idsOf = (results: Result[], outcome: Result["outcome"]): string[] =>
  results.filter((it) => it.outcome === outcome).map(({ id }) => id);

export const resultOf = (results: Result[], id: string): Result => {
  const found = results.find((it) => it.id === id);
  if (!found) throw new Error(`there is no ${id} among ${results.map((it) => it.id).join(", ")}`);
  return found;
};

/** The one check that failed, for which the command ends with 1: what it saw, and where to look. */
export function onlyFailureOf(results: Result[]): Result {
  const [id, ...others] = idsOf(results, "failed");
  if (id === undefined || others.length > 0)
    throw new Error(`one check must fail: ${JSON.stringify(results, null, 1)}`);
  if (exitCodeOf(results) !== ExitCode.Failed) throw new Error(`it ends with ${exitCodeOf(results)}`);
  return resultOf(results, id);
}
