import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** What answers in moto's place. */
export interface Answer {
  status: number;
  type: string;
  body: string;
  headers?: Record<string, string>;
}

/** How a service says no: its error's name, by protocol. */
export type Refuse = (code: string, status: number, message: string) => Answer;

/** A request, as IAM calls it. */
export interface Asked {
  /** Such as `ec2:DescribeVolumes`. */
  right: string;
  region: string;
  path: string;
  /** The parameters of the address, or of EC2's body. */
  parameters: URLSearchParams;
  refuse: Refuse;
}

/** Of services whose operations are addresses: the rights that the paths ask for. */
const PATHS: Record<string, [path: RegExp, name: string][]> = {
  backup: [
    [/^\/backup-vaults\/[^/]+\/recovery-points/, "ListRecoveryPointsByBackupVault"],
    [/^\/backup-vaults\/?$/, "ListBackupVaults"],
  ],
  eks: [[/^\/clusters\/[^/]+$/, "DescribeCluster"]],
  elasticfilesystem: [
    [/\/file-systems$/, "DescribeFileSystems"],
    [/\/access-points$/, "DescribeAccessPoints"],
  ],
  s3: [
    [/^\/$/, "ListAllMyBuckets"],
    [/^\/[^/]+\/?$/, "GetBucketTagging"],
  ],
};

const xml = (code: string, message: string) => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
const XML = "text/xml";

/** https://smithy.io/2.0/aws/protocols/ has each protocol's errors. */
function refuseBy(service: string): Refuse {
  return (code, status, message) => {
    if (service === "s3") return { status, type: XML, body: xml(code, message) };
    if (service === "ec2") {
      const body = `<Response><Errors>${xml(code, message)}</Errors><RequestID>1</RequestID></Response>`;
      return { status, type: XML, body };
    }
    if (service === "elasticloadbalancing" || service === "sts") {
      return { status, type: XML, body: `<ErrorResponse>${xml(code, message)}</ErrorResponse>` };
    }
    const body = JSON.stringify({ __type: code, message });
    return { status, type: "application/json", body, headers: { "x-amzn-errortype": code } };
  };
}

/**
 * Stands before moto, and is where the tests put in faults: what it answers itself is no answer of AWS's or moto's. It notes
 * what is asked, and by which right.
 */
export class Door {
  readonly asked: Asked[] = [];
  /** What is answered in moto's place. */
  instead: ((asked: Asked) => Answer | undefined) | undefined;
  /** How many pages EC2's lists have: moto gives all at once. */
  pages = 1;

  private readonly server = http.createServer((request, response) => {
    void this.handle(request, response).catch((error: Error) => {
      response.writeHead(500).end(error.message);
    });
  });

  private constructor(private readonly port: number) {}

  static async before(port: number): Promise<Door> {
    const door = new Door(port);
    await new Promise<void>((resolve) => door.server.listen(0, "127.0.0.1", resolve));
    return door;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As it was at first. */
  reset(): void {
    this.asked.length = 0;
    this.instead = undefined;
    this.pages = 1;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await collect(request);
    const asked = askedBy(request, body.toString());
    this.asked.push(asked);
    const answer = this.instead?.(asked);
    if (answer) {
      response.writeHead(answer.status, { "content-type": answer.type, ...answer.headers }).end(answer.body);
      return;
    }
    // Of the tokens of its own pages moto knows nothing.
    const onward = this.pages > 1 ? body.toString().replace(/&?NextToken=[^&]*/, "") : body;
    const { statusCode, headers, content } = await this.pass(request, Buffer.from(onward));
    // Addresses alone have no pages: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html
    const isCut = /^ec2:(?!DescribeAddresses$)/.test(asked.right) && statusCode === 200;
    const text = isCut ? pageOf(content.toString(), asked.parameters.get("NextToken"), this.pages) : content;
    delete headers["content-length"];
    delete headers["transfer-encoding"];
    response.writeHead(statusCode!, headers).end(text);
  }

  private pass({ method, url, headers }: http.IncomingMessage, body: Buffer) {
    return new Promise<{ statusCode?: number; headers: http.IncomingHttpHeaders; content: Buffer }>(
      (resolve, reject) => {
        const options = {
          host: "127.0.0.1",
          port: this.port,
          method,
          path: url,
          headers: { ...headers, "content-length": body.length },
        };
        const onward = http.request(options, (answer) => {
          const { statusCode = 500, headers: given } = answer;
          collect(answer).then((content) => resolve({ statusCode, headers: given, content }), reject);
        });
        onward.on("error", reject).end(body);
      },
    );
  }
}

async function collect(stream: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The signature says which service and region are asked. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function askedBy({ headers, url = "/" }: http.IncomingMessage, body: string): Asked {
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  const { pathname, searchParams } = new URL(url, "http://aws");
  const inBody = new URLSearchParams(body);
  const target = headers["x-amz-target"] as string | undefined;
  const byPath = PATHS[service]?.find(([path]) => path.test(pathname))?.[1];
  const name = target?.split(".").pop() ?? inBody.get("Action") ?? byPath ?? `${pathname}?`;
  const parameters = inBody.has("Action") ? inBody : searchParams;
  return { right: `${service}:${name}`, region, path: pathname, parameters, refuse: refuseBy(service) };
}

/** One page of a list of EC2's: the items of the first set, from where the token says. */
function pageOf(answer: string, token: string | null, pages: number): string {
  const [, head, set, items, tail] = /^([^]*?<(\w+(?:Set|Info))>)([^]*)(<\/\2>[^]*)$/.exec(answer) ?? [];
  if (head === undefined || items === undefined || pages === 1) return answer;
  const all: string[] = [];
  let depth = 0;
  let begin = 0;
  for (const { 0: tag, index } of items.matchAll(/<\/?item>/g)) {
    if (tag === "<item>" && depth++ === 0) begin = index;
    if (tag === "</item>" && --depth === 0) all.push(items.slice(begin, index + tag.length));
  }
  if (set === undefined || all.length === 0) return answer;
  const size = Math.ceil(all.length / pages);
  const from = Number(token ?? 0);
  const next = from + size < all.length ? `<nextToken>${from + size}</nextToken>` : "";
  return `${head}${all.slice(from, from + size).join("")}${tail!.replace(`</${set}>`, `</${set}>${next}`)}`;
}
