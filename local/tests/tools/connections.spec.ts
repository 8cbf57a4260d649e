import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { Downloads } from "../../tools/download";
import { DownloadError, type Release } from "../../tools/releases";
import { bytes, ReleaseServer } from "./releaseServer";

/** A server that does what it is told with connections, and where it is. */
async function listening(onConnection: (socket: net.Socket) => void = () => {}) {
  const server = net.createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, host: `127.0.0.1:${(server.address() as net.AddressInfo).port}` };
}

describe("downloads' connections", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "connections-"));
  const server = new ReleaseServer();
  const tool = bytes(100_000);
  let release: Release;

  /** @param patience In milliseconds: a machine that is busy takes its time. */
  const take = (taken: Release, patience = 5000) =>
    new Downloads(() => {}, patience).take([taken], path.join(root, "parts"), root);

  /** What is said where the checksum is on a server that can't be reached. */
  async function refusal(url: string, patience?: number): Promise<string> {
    const taken = { ...release, checksum: { ...release.checksum, url } };
    const error: unknown = await take(taken, patience).catch((error) => error);
    assert.ok(error instanceof DownloadError, String(error));
    return error.message;
  }

  before(async () => {
    await server.start();
    release = server.release("tool", tool);
  });
  after(() => {
    server.stop();
    fs.rmSync(root, { recursive: true });
  });

  it("are refused where nothing listens", async () => {
    const { server: free, host } = await listening();
    await new Promise((resolve) => free.close(resolve));
    assert.equal(await refusal(`http://${host}/sums`), `no connection to ${host} (connect ECONNREFUSED ${host})`);
  });

  it("are refused where the host's name isn't known", async () => {
    assert.match(
      await refusal("https://nowhere.invalid/sums"),
      /^no connection to nowhere\.invalid \(getaddrinfo E\w+ nowhere\.invalid\)$/,
    );
  });

  it("are given up in time where they aren't made", async () => {
    const { server: mute, host } = await listening();
    const started = Date.now();
    assert.equal(await refusal(`https://${host}/sums`, 300), `https://${host}/sums gave no answer within 0.3 s`);
    assert.ok(Date.now() - started < 10_000);
    mute.close();
  });

  it("are given up where the checksum's server resets them, after some tries", async () => {
    let made = 0;
    const { server: resetting, host } = await listening((socket) => {
      made += 1;
      socket.resetAndDestroy();
    });
    assert.equal(await refusal(`http://${host}/sums`), `http://${host}/sums was cut off 5 times`);
    assert.equal(made, 5);
    resetting.close();
  });

  it("go through the user's proxy, but for those hosts that need none", async () => {
    const asked: string[] = [];
    const { server: proxy, host } = await listening((socket) => {
      socket.once("data", (data) => {
        asked.push(data.toString().split("\r\n")[0]!);
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(net.connect(Number(new URL(server.origin).port), "127.0.0.1")).pipe(socket);
      });
    });
    const { HTTP_PROXY, NO_PROXY } = process.env;
    Object.assign(process.env, { HTTP_PROXY: `http://${host}`, NO_PROXY: "127.0.0.1" });
    try {
      await take({ ...release, url: "http://elsewhere.invalid/tool" });
    } finally {
      for (const [name, value] of Object.entries({ HTTP_PROXY, NO_PROXY }))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      proxy.close();
    }
    assert.deepEqual(fs.readFileSync(path.join(root, "tool")), tool);
    assert.deepEqual(asked, ["CONNECT elsewhere.invalid:80 HTTP/1.1"]);
  });
});
