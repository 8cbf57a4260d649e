import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { downloadEngine } from "../../tools/download";

describe("the engine's download", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "download-"));
  const into = path.join(root, "into");
  const name = `pulumi-v3.0.0-${process.platform}-${process.arch}.tar.gz`;
  let answer: (path: string, response: http.ServerResponse) => void;
  const server = http.createServer((request, response) => answer(request.url!, response));
  let sources: { archives: string; checksums: string };
  let archive: Buffer;
  const log = console.error;

  before((done) => {
    fs.mkdirSync(path.join(root, "pulumi"));
    fs.writeFileSync(path.join(root, "pulumi", "pulumi"), "the engine");
    execFileSync("tar", ["-czf", name, "pulumi"], { cwd: root });
    archive = fs.readFileSync(path.join(root, name));
    server.listen(0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      sources = { archives: `${url}/archives`, checksums: `${url}/sums` };
      done();
    });
  });
  beforeEach(() => {
    console.error = () => {};
    fs.mkdirSync(into);
  });
  afterEach(() => {
    console.error = log;
    fs.rmSync(into, { recursive: true });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    fs.rmSync(root, { recursive: true });
  });

  const serve = (sum: string) => (url: string, response: http.ServerResponse) =>
    response.end(url === `/sums/v3.0.0/pulumi-3.0.0-checksums.txt` ? `0 other\n${sum}  ${name}\n` : archive);

  it("is unpacked when its checksum is the release's", async () => {
    answer = serve(createHash("sha256").update(archive).digest("hex"));
    assert.equal(await downloadEngine({ version: "v3.0.0" }, into, sources), undefined);
    assert.deepEqual(fs.readdirSync(into), ["pulumi"]);
    assert.equal(fs.readFileSync(path.join(into, "pulumi"), "utf8"), "the engine");
  });

  it("is refused when its checksum is another", async () => {
    answer = serve("f00d");
    assert.match(
      (await downloadEngine({ version: "v3.0.0" }, into, sources))!,
      /has the checksum \w{64}, its release says f00d$/,
    );
    assert.deepEqual(fs.readdirSync(into), []);
  });

  it("is given up when nobody answers, before and amid the archive", async () => {
    const silent = /^127\.0\.0\.1:\d+ gave no answer within 0\.2 s$/;
    answer = () => {};
    assert.match((await downloadEngine({ version: "v3.0.0" }, into, sources, 200))!, silent);
    answer = (url, response) => (url.startsWith("/sums") ? serve("f00d")(url, response) : response.write("a"));
    assert.match((await downloadEngine({ version: "v3.0.0" }, into, sources, 200))!, silent);
  });

  it("is given up when the server has no such release", async () => {
    answer = (_, response) => response.writeHead(403).end();
    assert.match((await downloadEngine({ version: "v3.0.0" }, into, sources))!, /checksums\.txt answered 403$/);
  });
});
