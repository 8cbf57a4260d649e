import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { PodName } from "./cluster";

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

export const isReady = ({ metadata, status }: V1Pod): boolean =>
  !isSet(metadata?.deletionTimestamp) && conditionOf(status, "Ready")?.status === "True";

const conditionOf = (status: V1Pod["status"], type: string) => status?.conditions?.find((it) => it.type === type);

export const nameOf = ({ metadata }: V1Pod): string => metadata?.name ?? "";

export const nameIn = (pod: V1Pod): PodName => ({ namespace: pod.metadata?.namespace ?? "", name: nameOf(pod) });

/** "assets-1 on node-1". */
export const placeOf = (pod: V1Pod): string => `${nameOf(pod)} on ${pod.spec?.nodeName ?? "no node"}`;

/** The pods beside these that the same ReplicaSet or StatefulSet runs come and go; of each there is one state. */
export interface PodState {
  /** "Ready", or what keeps it from that, in the words of whoever says so. */
  is: string;
  /** A command that shows more. */
  look: string;
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
export function stateOf(pod: V1Pod): PodState {
  const { name = "", namespace = "", deletionTimestamp } = pod.metadata ?? {};
  const status = pod.status;
  const at = `--namespace ${namespace}`;
  const describe = `kubectl describe pod ${name} ${at}`;
  if (isReady(pod)) return { is: "Ready", look: describe };
  if (isSet(deletionTimestamp)) return { is: "being deleted", look: describe };
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const crashed = containers.find((it) => isSet(crashOf(it)));
  if (crashed) {
    return { is: crashInWords(crashed), look: `kubectl logs ${name} ${at} --container ${crashed.name} --previous` };
  }
  const waiting = containers.find(({ state }) => isSet(state?.waiting));
  const scheduled = conditionOf(status, "PodScheduled");
  if (scheduled?.status === "False") return { is: `Pending: ${scheduled.message ?? scheduled.reason}`, look: describe };
  if (waiting) {
    const { reason, message } = waiting.state!.waiting!;
    return { is: `${waiting.name}: ${reason ?? "waiting"}${message ? `: ${message}` : ""}`, look: describe };
  }
  const message = conditionOf(status, "Ready")?.message;
  return { is: `${status?.phase ?? "new"}, not Ready${message ? `: ${message}` : ""}`, look: describe };
}

/** How a container ended last, where that was no success, and it doesn't run well since. */
function crashOf({ ready, state, lastState }: V1ContainerStatus) {
  const ended = state?.terminated ?? (ready ? undefined : lastState?.terminated);
  return ended && ended.exitCode !== 0 ? ended : undefined;
}

function crashInWords(status: V1ContainerStatus): string {
  const { exitCode, reason } = crashOf(status)!;
  const waiting = status.state?.waiting?.reason;
  const why = reason && reason !== "Error" ? ` (${reason})` : "";
  return `${waiting ?? "ended"}: ${status.name} ended with ${exitCode}${why}, ${status.restartCount} restarts`;
}
