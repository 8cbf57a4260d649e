import type { Duplex } from "node:stream";
import type {
  CoreV1Event,
  V1CSINode,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Namespace,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
} from "@kubernetes/client-node";

/** What is asked of a cluster, by kind. */
export interface Kinds {
  CSINode: V1CSINode;
  DaemonSet: V1DaemonSet;
  Deployment: V1Deployment;
  EndpointSlice: V1EndpointSlice;
  Event: CoreV1Event;
  Namespace: V1Namespace;
  Node: V1Node;
  PersistentVolume: V1PersistentVolume;
  PersistentVolumeClaim: V1PersistentVolumeClaim;
  Pod: V1Pod;
}
export type Kind = keyof Kinds;

export const apiVersions: Record<Kind, string> = {
  CSINode: "storage.k8s.io/v1",
  DaemonSet: "apps/v1",
  Deployment: "apps/v1",
  EndpointSlice: "discovery.k8s.io/v1",
  Event: "v1",
  Namespace: "v1",
  Node: "v1",
  PersistentVolume: "v1",
  PersistentVolumeClaim: "v1",
  Pod: "v1",
};

/** Which objects of a kind: with nothing here all of them. */
export interface Where {
  namespace?: string;
  labels?: Record<string, string>;
  fields?: Record<string, string>;
}

export interface PodName {
  namespace: string;
  name: string;
}

/** How a command in a container ended. */
export interface Executed {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Something that one may or may not do. https://kubernetes.io/docs/reference/access-authn-authz/authorization/ */
export interface Right {
  verb: string;
  /** With its subresource, such as `pods/exec`. */
  resource: string;
  /** API group. Default: the core group. */
  group?: string;
  /** Default: all namespaces. */
  namespace?: string;
}

/** What went wrong between us and the cluster. */
export type ClusterProblem =
  /** Nothing answers at its address. */
  | "unreachable"
  /** It doesn't know who asks. */
  | "signIn"
  /** Who asks may not. */
  | "forbidden"
  /** It answers with another error. */
  | "answer";

export class ClusterError extends Error {
  constructor(
    readonly problem: ClusterProblem,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A cluster, as far as it is asked here. Every method ends by itself within some two minutes.
 *
 * @throws ClusterError from each method.
 */
export interface Cluster {
  /** URL of its API server. */
  readonly server: string;
  list<K extends Kind>(kind: K, where?: Where): Promise<Kinds[K][]>;
  find<K extends Kind>(kind: K, name: string, namespace?: string): Promise<Kinds[K] | undefined>;
  create<K extends Kind>(kind: K, object: Kinds[K]): Promise<void>;
  /** A JSON merge patch of an object that is in no namespace. */
  patch(kind: Kind, name: string, patch: object): Promise<void>;
  /** Asks for deletion. What is gone already, or has another uid by now, stays as it is. */
  delete(kind: Kind, object: { name: string; namespace?: string; uid?: string }): Promise<void>;
  /** Runs a command in a container to its end. */
  exec(pod: PodName, container: string, command: string[]): Promise<Executed>;
  /** A connection to a port of a pod. */
  connect(pod: PodName, port: number): Promise<Duplex>;
  may(right: Right): Promise<boolean>;
  /**
   * The error of something that was under way and got no further: that the cluster has gone meanwhile, if it answers no more, or
   * else what is said.
   */
  lost(saying: string): Promise<ClusterError>;
}

/** "create pods/exec in the namespace assets". */
export const rightInWords = ({ verb, resource, namespace }: Right): string =>
  `${verb} ${resource}${namespace === undefined ? "" : ` in the namespace ${namespace}`}`;
