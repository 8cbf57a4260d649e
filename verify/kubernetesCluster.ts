import { type Duplex, PassThrough } from "node:stream";
import {
  createConfiguration,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
  type V1SelfSubjectAccessReview,
  type V1Status,
} from "@kubernetes/client-node";
import { apiVersions, type Cluster, ClusterError, type Executed, type Kind, type Kinds, type PodName } from "./cluster";
import type { Right, Where } from "./cluster";
import { clusterError, isGone, isPassing, withoutQuery } from "./clusterErrors";
import { portForward } from "./portForward";

/** How long things may take, in milliseconds. */
export interface Limits {
  request: number;
  /** Until a web socket is open, for which the library has no limit. */
  open: number;
  /** A command in a container, from then on. */
  exec: number;
  /** A read that failed on its way is tried again after so long. */
  again: number[];
}

const LIMITS: Limits = {
  request: 20_000,
  // An API server gives up a kubelet after 30 s, and says so:
  // https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/client-go/transport/cache.go
  open: 40_000,
  exec: 60_000,
  // A control plane that is replaced is away for some seconds.
  again: [500, 2000, 5000],
};

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const selector = (parts: Record<string, string> | undefined): string | undefined =>
  parts &&
  Object.entries(parts)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

/** The cluster of a kubeconfig's current context. */
export class KubernetesCluster implements Cluster {
  readonly server: string;
  private readonly config = new KubeConfig();
  private readonly objects: KubernetesObjectApi;

  /** @throws ClusterError for a kubeconfig without a cluster. */
  constructor(
    kubeconfig: string,
    private readonly limits = LIMITS,
  ) {
    try {
      this.config.loadFromString(kubeconfig);
    } catch (error) {
      const why = (error as Error).message.split("\n")[0]!;
      throw new ClusterError(
        "signIn",
        `The kubeconfig can't be read: ${why}. It must be YAML or JSON, as kubectl takes it.`,
      );
    }
    const server = this.config.getCurrentCluster()?.server;
    if (!server) throw new ClusterError("signIn", "The kubeconfig names no cluster by its current-context.");
    this.server = server;
    const limited = {
      pre: async (context: RequestContext) => {
        context.setSignal(AbortSignal.timeout(limits.request));
        return context;
      },
      post: async (context: ResponseContext) => context,
    };
    const configuration = createConfiguration({
      baseServer: new ServerConfiguration(server, {}),
      authMethods: { default: this.config },
      promiseMiddleware: [limited],
    });
    this.objects = new KubernetesObjectApi(configuration);
  }

  async list<K extends Kind>(kind: K, { namespace, labels, fields }: Where = {}): Promise<Kinds[K][]> {
    const none = undefined;
    const [labelled, withFields] = [selector(labels), selector(fields)];
    const { items } = await this.reading(() =>
      this.objects.list<Kinds[K]>(apiVersions[kind], kind, namespace, none, none, none, withFields, labelled),
    );
    return items;
  }

  async find<K extends Kind>(kind: K, name: string, namespace?: string): Promise<Kinds[K] | undefined> {
    const header = { apiVersion: apiVersions[kind], kind, metadata: { name, namespace: namespace ?? "" } };
    try {
      return await this.reading(() => this.objects.read<Kinds[K]>(header as never));
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async create<K extends Kind>(kind: K, object: Kinds[K]): Promise<void> {
    await this.asking(() => this.objects.create({ ...object, apiVersion: apiVersions[kind], kind }));
  }

  async patch(kind: Kind, name: string, patch: object): Promise<void> {
    const changed = { apiVersion: apiVersions[kind], kind, metadata: { name }, ...patch };
    const none = undefined;
    await this.asking(() => this.objects.patch(changed, none, none, none, none, PatchStrategy.MergePatch));
  }

  async delete(
    kind: Kind,
    { name, namespace, uid }: { name: string; namespace?: string; uid?: string },
  ): Promise<void> {
    const header = { apiVersion: apiVersions[kind], kind, metadata: { name, namespace } };
    const options = uid === undefined ? {} : { preconditions: { uid } };
    const none = undefined;
    try {
      await this.asking(() => this.objects.delete(header, none, none, none, none, none, options));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async exec({ namespace, name }: PodName, container: string, command: string[]): Promise<Executed> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const said = { stdout: "", stderr: "" };
    stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const right = { verb: "create", resource: "pods/exec", namespace };
    const exec = new Exec(this.config);
    return this.asking(async () => {
      let settle: { resolve: (status: V1Status) => void; reject: (error: Error) => void };
      const ended = new Promise<V1Status>((resolve, reject) => (settle = { resolve, reject }));
      let isOver = false;
      const over = (status: V1Status) => {
        isOver = true;
        settle.resolve(status);
      };
      const opening = exec.exec(namespace, name, container, command, stdout, stderr, null, false, over);
      const socket = await this.opened(`a command in ${namespace}/${name}`, opening, (it) => it.terminate());
      const broken = (why: string) => {
        if (isOver) return;
        isOver = true;
        void this.lost(`The command in ${namespace}/${name} ${why}: ${command[0]}`).then(settle.reject);
      };
      socket.onclose = () => broken("was cut off");
      const timer = setTimeout(() => broken(`took longer than ${this.limits.exec / 1000} s`), this.limits.exec);
      try {
        const status = await ended;
        return { exitCode: exitCodeOf(status), ...said };
      } finally {
        clearTimeout(timer);
        socket.terminate();
      }
    }, right);
  }

  async connect(pod: PodName, port: number): Promise<Duplex> {
    const right = { verb: "create", resource: "pods/portforward", namespace: pod.namespace };
    const what = `a connection to port ${port} of ${pod.namespace}/${pod.name}`;
    return this.asking(() => this.opened(what, portForward(this.config, pod, port), (it) => it.destroy()), right);
  }

  async may(right: Right): Promise<boolean> {
    const { status } = await this.reading(() => this.objects.create(reviewOf(right)));
    return status?.allowed ?? false;
  }

  async lost(saying: string): Promise<ClusterError> {
    try {
      // Asked once: what comes back later was away.
      await this.asking(() => this.objects.create(reviewOf({ verb: "list", resource: "pods" })));
    } catch (error) {
      if ((error as ClusterError).problem === "unreachable") return error as ClusterError;
    }
    return new ClusterError("answer", saying);
  }

  /**
   * Waits until a web socket is open.
   *
   * @param what it is for, in messages.
   * @param close closes one that is open when nobody waits any more.
   */
  private async opened<T>(what: string, opening: Promise<T>, close: (late: T) => void): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const { open } = this.limits;
    const end = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), open)));
    const found = await Promise.race([opening.then((value) => ({ value })), end]).finally(() => clearTimeout(timer));
    if (found) return found.value;
    opening.then(close, () => {});
    throw await this.lost(
      `${this.server} hasn't begun ${what} within ${open / 1000} s: perhaps it doesn't reach the node's kubelet, on port 10250`,
    );
  }

  private asking<T>(ask: () => Promise<T>, right?: Right): Promise<T> {
    return ask().catch((error: unknown) => {
      throw clusterError(error, this.server, right);
    });
  }

  /** Reads may be asked again. */
  private async reading<T>(ask: () => Promise<T>): Promise<T> {
    for (const pause of this.limits.again) {
      try {
        return await ask();
      } catch (error) {
        if (!isPassing(error)) throw clusterError(error, this.server);
        await sleep(pause);
      }
    }
    return this.asking(ask);
  }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/ */
function reviewOf({ verb, resource: full, group = "", namespace }: Right): V1SelfSubjectAccessReview {
  const [resource, subresource] = full.split("/");
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, resource, subresource, group, namespace } },
  };
}

/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go */
function exitCodeOf({ status, reason, message, details }: V1Status): number {
  if (status === "Success") return 0;
  const code = details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
  if (reason === "NonZeroExitCode" && code !== undefined) return Number(code);
  throw new ClusterError("answer", withoutQuery(message ?? "the command couldn't be run, and nobody says why"));
}
