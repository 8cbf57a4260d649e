import type * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { certificates } from "./certificates";

/** What an API server has, by path. A path that isn't there is answered with 404. */
export type Contents = Record<string, object[]>;

export interface Answer {
  status: number;
  body?: object | string;
}

export const TOKEN = "an-api-servers-token";

/** Those of the specs' regions. */
const ZONES = ["eu-west-1", "cn-northwest-1", "us-gov-west-1"].flatMap((region) =>
  ["a", "b", "c"].map((letter) => region + letter),
);

/** What a cluster has before anything of ours, of the kinds that are asked for: nodes. */
export const EMPTY_CLUSTER: Contents = {
  ...Object.fromEntries(
    [
      "/api/v1/namespaces",
      "/api/v1/persistentvolumes",
      "/apis/storage.k8s.io/v1/storageclasses",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?fieldSelector=metadata.name=volumesnapshotclasses.snapshot.storage.k8s.io",
    ].map((path) => [path, []]),
  ),
  "/api/v1/nodes": ZONES.map((zone) => ({
    metadata: { labels: { "topology.kubernetes.io/zone": zone } },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  })),
};

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The ways to sign in, as a kubeconfig's user has them. */
export const users = {
  token: { token: TOKEN },
  certificate: {
    "client-certificate-data": base64(certificates.client),
    "client-key-data": base64(certificates.clientKey),
  },
};

/** The answer to whom may not: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export function forbidden(user: string, resource = "persistentvolumes"): Answer {
  const message = `${resource} is forbidden: User "${user}" cannot list resource "${resource}" in API group "" at the cluster scope`;
  return { status: 403, body: { kind: "Status", reason: "Forbidden", message, code: 403 } };
}

/** A small API server: TLS of a cluster's own authority, tokens and client certificates, and lists. */
export class ApiServer {
  /** Answers in place of the contents; `"silence"` never does, `"reset"` ends the connection. */
  instead?: (path: string, request: http.IncomingMessage) => Answer | "silence" | "reset" | undefined;
  /** How many requests have come. */
  asked = 0;
  private readonly server = https.createServer(
    {
      cert: certificates.server,
      key: certificates.serverKey,
      ca: certificates.authority,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => this.respond(request, response),
  );

  constructor(
    public contents: Contents,
    /** The token that it takes. */
    public token = TOKEN,
  ) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  /** Lets the process end although it runs. */
  unref(): this {
    this.server.unref();
    return this;
  }

  /** Ends it: from now on connections are refused. */
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** As a kubeconfig and EKS have it. */
  readonly authority = base64(certificates.authority);

  /** A kubeconfig for it. */
  kubeconfig(user: object = users.token, cluster: object = {}): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "c",
          cluster: { server: this.url, "certificate-authority-data": this.authority, ...cluster },
        },
      ],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user }],
      "current-context": "c",
    });
  }

  private portBeforeItsEnd = 0;

  private get port(): number {
    const address = this.server.address() as AddressInfo | null;
    if (address) this.portBeforeItsEnd = address.port;
    return this.portBeforeItsEnd;
  }

  private respond(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.asked++;
    const answer = this.instead?.(request.url!, request) ?? this.answer(request);
    if (answer === "silence") return;
    if (answer === "reset") {
      request.socket.destroy();
      return;
    }
    const { status, body = { kind: "Status", code: status } } = answer;
    response.writeHead(status, { connection: "close" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  private answer({ url, headers, socket }: http.IncomingMessage): Answer {
    const isKnown = headers.authorization === `Bearer ${this.token}` || (socket as TLSSocket).authorized;
    if (!isKnown) return { status: 401, body: { kind: "Status", message: "Unauthorized", code: 401 } };
    const items = this.contents[url!];
    return items ? { status: 200, body: { kind: "List", apiVersion: "v1", items } } : { status: 404 };
  }
}
