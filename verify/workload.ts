import type { V1Pod } from "@kubernetes/client-node";
import type { StepRun } from "./step";
import { isReady, nameOf, stateOf } from "./pods";
import { Refuted } from "./result";

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** The pods of a workload, in the order of their names; none of them is being deleted. */
export async function podsOf(it: StepRun, namespace: string, app: string): Promise<V1Pod[]> {
  const labels = { "app.kubernetes.io/name": app };
  const pods = await it.context.cluster.list("Pod", { namespace, labels });
  const living = pods.filter(({ metadata }) => !isSet(metadata?.deletionTimestamp));
  return living.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/**
 * Waits until a workload has as many Ready pods as it should.
 *
 * @param seconds how long.
 * @param without uids of pods that don't count.
 * @throws Refuted with the state of the others.
 */
export async function readyPods(
  it: StepRun,
  workload: { namespace: string; app: string; count: number },
  seconds: number,
  without: (string | undefined)[] = [],
): Promise<V1Pod[]> {
  const { namespace, app, count } = workload;
  let pods: V1Pod[] = [];
  const ready = await it.until(seconds, async () => {
    pods = (await podsOf(it, namespace, app)).filter(({ metadata }) => !without.includes(metadata?.uid));
    const found = pods.filter(isReady);
    return found.length >= count ? found : undefined;
  });
  if (ready) return ready;
  const others = pods.filter((pod) => !isReady(pod));
  const found = `${pods.length - others.length} of ${count} are Ready`;
  const states = others.map((pod) => `${nameOf(pod)} is ${stateOf(pod).is}`);
  const look = others[0] ? stateOf(others[0]).look : `kubectl get events --namespace ${namespace}`;
  throw new Refuted([found, ...states].join("; "), look);
}

/**
 * How many pods a Deployment is to have.
 *
 * @throws Refuted if there is no such Deployment, or it is to have none: nothing could be said of each of them.
 */
export async function replicasOf(it: StepRun, namespace: string, name: string): Promise<number> {
  const deployment = await it.context.cluster.find("Deployment", name, namespace);
  if (!deployment)
    throw new Refuted(
      `there is no Deployment ${namespace}/${name}`,
      `kubectl get deployments --namespace ${namespace}`,
    );
  const replicas = deployment.spec?.replicas ?? 1;
  if (replicas > 0) return replicas;
  throw new Refuted(
    `the Deployment ${namespace}/${name} is scaled to 0`,
    `kubectl describe deployment ${name} --namespace ${namespace}`,
  );
}
