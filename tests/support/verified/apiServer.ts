import type * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { certificates } from "../certificates";
import type { VerifiedCluster } from "./cluster";
import type { Fields } from "./objects";

/** By API version, each resource's kind, and whether it is in namespaces. */
const RESOURCES: Record<string, Record<string, [kind: string, namespaced: boolean]>> = {
  v1: {
    events: ["Event", true],
    namespaces: ["Namespace", false],
    nodes: ["Node", false],
    persistentvolumes: ["PersistentVolume", false],
    persistentvolumeclaims: ["PersistentVolumeClaim", true],
    pods: ["Pod", true],
  },
  "apps/v1": { daemonsets: ["DaemonSet", true], deployments: ["Deployment", true] },
  "storage.k8s.io/v1": { csinodes: ["CSINode", false] },
  "discovery.k8s.io/v1": { endpointslices: ["EndpointSlice", true] },
  "authorization.k8s.io/v1": { selfsubjectaccessreviews: ["SelfSubjectAccessReview", false] },
};

const TOKEN = "an-api-servers-token";
const base64 = (text: string) => Buffer.from(text).toString("base64");

interface Asked {
  method: string;
  version: string;
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: URLSearchParams;
}

function parse({ method, url }: http.IncomingMessage): Asked {
  const { pathname, searchParams } = new URL(url!, "https://server");
  const [, core, group, rest] = /^(?:\/api\/(v1)|\/apis\/([^/]+\/[^/]+))(.*)$/.exec(pathname)!;
  const parts = rest!.split("/").slice(1);
  const isWithin = parts[0] === "namespaces" && parts.length > 2;
  const [resource = "", name, subresource] = isWithin ? parts.slice(2) : parts;
  const namespace = isWithin ? parts[1] : undefined;
  return { method: method!, version: core ?? group!, resource, namespace, name, subresource, query: searchParams };
}

/** What a `VerifiedCluster` has and does, over Kubernetes' API: https, web sockets for exec and port-forward, rights. */
export class VerifiedApiServer {
  /** Every request: its method and path, and for exec the command. */
  readonly asked: string[] = [];
  /** Rights that who asks doesn't have, such as `create pods/exec`. */
  refused: string[] = [];
  /** Why no kubelet can be reached. */
  kubeletError: string | undefined;
  /** Called before each answer. */
  hears: (request: string) => void = () => {};
  /** Called when a web socket is open, before anything is sent. */
  opens: (request: string, socket: WebSocket) => void = () => {};
  /** Where it takes connections, and says nothing. */
  silence: "nowhere" | "web sockets" | "everywhere" = "nowhere";
  /** The rights that were used, and those that were asked about. */
  readonly rights = { used: new Set<string>(), asked: new Set<string>() };
  private readonly waiting: Duplex[] = [];
  private readonly sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });
  private readonly server = https.createServer(
    { cert: certificates.server, key: certificates.serverKey },
    (...both) => void this.respond(...both),
  );

  constructor(private readonly cluster: VerifiedCluster) {
    this.server.on("upgrade", (request: http.IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  /** Ends it: from now on connections are refused. */
  stop(): void {
    for (const socket of this.sockets.clients) socket.terminate();
    for (const socket of this.waiting) socket.destroy();
    this.server.closeAllConnections();
    this.server.close();
  }

  /** @param token what whoever asks signs in with. */
  kubeconfig(token = TOKEN): string {
    const { port } = this.server.address() as AddressInfo;
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      "certificate-authority-data": base64(certificates.authority),
    };
    return JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "c" },
      clusters: [{ name: "c", cluster }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: { token } }],
    });
  }

  private async respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = parse(request);
    this.hear(`${asked.method} ${request.url!.replace(/\?.*/, "")}`);
    if (this.silence === "everywhere") return;
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    const [status, body] = isKnown
      ? this.answer(asked, chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {})
      : [401, "Unauthorized"];
    response.writeHead(status, { "content-type": "application/json" });
    const failure = { apiVersion: "v1", kind: "Status", status: "Failure", message: body, code: status };
    response.end(JSON.stringify(typeof body === "string" ? failure : body));
  }

  private hear(request: string): void {
    this.asked.push(request);
    this.hears(request);
  }

  private answer(asked: Asked, body: Fields): [status: number, body: Fields | string] {
    const { method, version, resource, namespace, name, query } = asked;
    const resources = RESOURCES[version] ?? {};
    if (resource === "") {
      const listed = Object.entries(resources).map(([plural, [kind, namespaced]]) => ({
        name: plural,
        kind,
        namespaced,
      }));
      return [200, { apiVersion: "v1", kind: "APIResourceList", groupVersion: version, resources: listed }];
    }
    const [kind] = resources[resource]!;
    if (kind === "SelfSubjectAccessReview")
      return [201, { ...body, status: { allowed: this.may(body.spec.resourceAttributes, "asked") } }];
    const verb = { GET: name ? "get" : "list", POST: "create", PATCH: "patch", DELETE: "delete" }[method]!;
    if (!this.may({ verb, resource, namespace })) {
      return [
        403,
        `${resource} is forbidden: User "reader" cannot ${verb} resource "${resource}" in the namespace "${namespace}"`,
      ];
    }
    if (method === "POST") return (this.cluster.create(body), [201, body]);
    if (name === undefined) {
      const items = this.cluster.all(kind, namespace).filter((it) => isSelected(it, query));
      return [200, { apiVersion: version, kind: `${kind}List`, metadata: {}, items }];
    }
    const found = this.cluster.find(kind, name, namespace);
    if (!found) return [404, `${resource} "${name}" not found`];
    if (method === "PATCH") {
      Object.assign(found.spec, body.spec);
      this.cluster.reclaim();
    }
    if (method === "DELETE") {
      const { uid } = body.preconditions ?? {};
      if (uid !== undefined && uid !== found.metadata.uid) return [409, "the UID in the precondition doesn't match"];
      this.cluster.delete(found);
    }
    return [200, found];
  }

  /** The rights that were used and weren't asked about. */
  unasked(): string[] {
    const { used, asked } = this.rights;
    return [...used].filter((it) => !asked.has(it) && !asked.has(it.replace(/ in .*/, "")));
  }

  private may({ verb, resource, subresource, namespace }: Fields, how: "used" | "asked" = "used"): boolean {
    const right = `${verb} ${resource}${subresource ? `/${subresource}` : ""}`;
    this.rights[how].add(namespace === undefined ? right : `${right} in ${namespace}`);
    return !this.refused.some((it) => it === right || it === `${right} in ${namespace}`);
  }

  private upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    const { namespace, name, subresource, query } = parse(request);
    const what = `${subresource} ${namespace}/${name} ${query.getAll("command").join(" ")}`;
    this.hear(what);
    if (this.silence !== "nowhere") return void this.waiting.push(socket);
    const pod = this.cluster.find("Pod", name!, namespace);
    const isAllowed = this.may({ verb: "create", resource: "pods", subresource, namespace });
    const isCutOff = this.kubeletError !== undefined && subresource === "portforward";
    if (!pod || !isAllowed || isCutOff) {
      const status = isCutOff ? "502 Bad Gateway" : isAllowed ? "404 Not Found" : "403 Forbidden";
      socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (opened) => {
      this.opens(what, opened);
      if (subresource === "exec") this.exec(opened, pod, query.getAll("command"));
      else this.forward(opened, pod, Number(query.get("ports")));
    });
  }

  /** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/remotecommand/websocket.go */
  private exec(socket: WebSocket, pod: Fields, command: string[]): void {
    if (socket.readyState !== socket.OPEN) return;
    if (this.kubeletError !== undefined) {
      const failed = { status: "Failure", reason: "InternalError", message: this.kubeletError };
      socket.send(Buffer.concat([Buffer.from([3]), Buffer.from(JSON.stringify({ metadata: {}, ...failed }))]));
      return socket.close();
    }
    const { status, stdout, stderr } = this.cluster.exec(pod, command);
    const send = (channel: number, text: string) =>
      socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
    if (stdout) send(1, stdout);
    if (stderr) send(2, stderr);
    const causes = [{ reason: "ExitCode", message: String(status) }];
    const failed = { status: "Failure", reason: "NonZeroExitCode", message: "command terminated", details: { causes } };
    send(3, JSON.stringify({ metadata: {}, ...(status === 0 ? { status: "Success" } : failed) }));
    socket.close();
  }

  /** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go */
  private forward(socket: WebSocket, pod: Fields, port: number): void {
    const number = Buffer.from([port % 256, port >> 8]);
    for (const channel of [0, 1]) socket.send(Buffer.concat([Buffer.from([channel]), number]));
    let asked = "";
    socket.on("message", (data: Buffer) => {
      asked += data.subarray(1).toString();
      if (!asked.includes("\r\n\r\n")) return;
      const { status, body } = this.cluster.serve(pod, asked.split(" ")[1]!);
      const head = `HTTP/1.1 ${status} Whatever\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
      socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(head), body]));
      socket.close();
    });
  }
}

function isSelected(object: Fields, query: URLSearchParams): boolean {
  const pairs = (name: string) =>
    (query.get(name) ?? "")
      .split(",")
      .filter(Boolean)
      .map((it) => it.split("=") as [string, string]);
  const at = (path: string) => path.split(".").reduce((value: any, key) => value?.[key], object);
  return (
    pairs("labelSelector").every(([key, value]) => object.metadata.labels?.[key] === value) &&
    pairs("fieldSelector").every(([key, value]) => at(key) === value)
  );
}
