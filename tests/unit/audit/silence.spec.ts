import assert from "node:assert/strict";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import { AccountError, audit, PATIENCE } from "../../../audit/audit";
import type { Scope } from "../../../audit/scope";

const SIGNED_IN = { AWS_ENDPOINT_URL: "", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

const scope: Scope = {
  ...{ stack: "dev", name: "shop-dev", accountId: "111122223333", region: "eu-west-1", keepsData: false },
  ...{ tags: { project: "shop", environment: "dev" }, sharesTags: false, clusterName: "shop-dev" },
  ...{ bucketNames: [], vaultNames: [], gaps: [] },
};

describe("an audit where somebody takes the connection and says nothing", () => {
  let silent: net.Server;
  const before_ = Object.fromEntries(Object.keys(SIGNED_IN).map((name) => [name, process.env[name]]));
  const taken: net.Socket[] = [];

  before(async () => {
    silent = net.createServer((socket) => taken.push(socket)).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    Object.assign(process.env, SIGNED_IN, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  });
  after(() => {
    for (const [name, value] of Object.entries(before_)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (const socket of taken) socket.destroy();
    silent.close();
  });

  it("ends, and says so", async () => {
    await assert.rejects(audit(scope, undefined, { connectionTimeout: 100, socketTimeout: 100 }), (error: Error) => {
      assert.ok(error instanceof AccountError);
      assert.match(
        error.message,
        /^Expected an answer of AWS in eu-west-1 to who is signed in, found: .*timed out after 100 ms/,
      );
      return true;
    });
    assert.equal(taken.length, 3, "attempts");
  });

  it("takes minutes at most by itself", () => {
    const attempt = PATIENCE.connectionTimeout + PATIENCE.socketTimeout;
    assert.ok(PATIENCE.connectionTimeout > 0 && PATIENCE.socketTimeout > 0 && 3 * attempt <= 120_000);
  });
});
