import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Downloads } from "../../tools/download";
import { DownloadError, type Release } from "../../tools/releases";
import { answers, archive, bytes, ReleaseServer, sha256 } from "./releaseServer";

describe("downloads", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "download-"));
  const [parts, into] = [path.join(root, "parts"), path.join(root, "into")];
  const server = new ReleaseServer();
  const tool = bytes(600_000);
  const notes: string[] = [];

  /** In milliseconds: a machine that is busy takes its time. What is about silence has less. */
  let patience: number;

  const take = (...releases: Release[]) =>
    new Downloads((note) => notes.push(note), patience).take(releases, parts, into);

  async function refusal(...releases: Release[]): Promise<string> {
    const error: unknown = await take(...releases).then(
      () => assert.fail("nothing was refused"),
      (error) => error,
    );
    assert.ok(error instanceof DownloadError, String(error));
    assert.deepEqual(fs.readdirSync(into), [], "something of it is used");
    return error.message;
  }

  /** Where that much of a file is until it is complete. */
  const partOf = (name: string, content: Buffer) => path.join(parts, `${name}.${sha256(content)}`);

  const taken = (name: string) => fs.readFileSync(path.join(into, name));

  before(() => server.start());
  beforeEach(() => {
    server.clear();
    notes.length = 0;
    patience = 5000;
    for (const directory of [parts, into]) {
      fs.rmSync(directory, { recursive: true, force: true });
      fs.mkdirSync(directory);
    }
  });
  after(() => {
    server.stop();
    fs.rmSync(root, { recursive: true });
  });

  it("put executable tools there, and what archives hold, and leave nothing behind", async () => {
    const files = { engine: "the engine", host: "a host", other: "something else" };
    await take(
      server.release("tool", tool),
      server.release("all.tar.gz", archive(root, "all", files), { folders: 1, members: [] }),
      server.release("one.tar.gz", archive(root, "one", { etcd: "etcd", README: "" }), {
        folders: 1,
        members: ["one/etcd"],
      }),
    );
    assert.deepEqual(fs.readdirSync(into).sort(), ["engine", "etcd", "host", "other", "tool"]);
    assert.deepEqual(taken("tool"), tool);
    assert.equal(taken("host").toString(), "a host");
    assert.ok((fs.statSync(path.join(into, "tool")).mode & 0o111) !== 0);
    assert.deepEqual(fs.readdirSync(parts), []);
  });

  it("say how much has come of how much", async () => {
    await take(server.release("tool", bytes(3_000_000)), server.release("other", bytes(1_000_000)));
    assert.equal(notes.at(-1), "4 MB of 4 MB");
  });

  it("ask for what has several checksums in it only once", async () => {
    const tools = { a: tool, b: bytes(1000) };
    server.has(
      "sums",
      Object.entries(tools)
        .map(([name, content]) => `${name}=${sha256(content)};`)
        .join(""),
    );
    const url = `${server.origin}/sums`;
    const releases = Object.entries(tools).map(([name, content]) => ({
      ...server.release(name, content),
      checksum: { url, find: (text: string) => new RegExp(`${name}=(\\w+)`).exec(text)?.[1] },
    }));
    await take(...releases);
    assert.deepEqual(taken("b"), tools.b);
    assert.equal(server.requests.filter((request) => request === "/sums").length, 1);
  });

  it("refuse a file with another checksum, and name both", async () => {
    const message = await refusal(server.release("tool", tool, { binary: "tool" }, "f".repeat(64)));
    const [url, found] = [`${server.origin}/tool`, sha256(tool)];
    assert.equal(message, `${url} has the SHA-256 ${found}; ${url}.sha256 says ${"f".repeat(64)}`);
    assert.deepEqual(fs.readdirSync(parts), []);
  });

  it("refuse a file whose checksum isn't there, or is none, before they ask for it", async () => {
    const release = server.release("tool", tool, { binary: "tool" }, "../../../etc/passwd");
    const url = `${server.origin}/tool`;
    assert.equal(
      await refusal(release),
      `${url}.sha256 should have the SHA-256 of ${url}, and has ../../../etc/passwd`,
    );
    const unlisted = { ...release, checksum: { ...release.checksum, find: () => undefined } };
    assert.equal(await refusal(unlisted), `${url}.sha256 should have the SHA-256 of ${url}, and has none`);
    assert.ok(!server.requests.includes("/tool"));
  });

  it("refuse what the server doesn't have, and end the others", async () => {
    const slow = server.release("slow", bytes(1_000_000));
    server.whenAsked("slow", answers.slowly(50, 200));
    const gone = server.release("gone", tool);
    const part = partOf("slow", bytes(1_000_000));
    server.whenAsked("gone", async (_, response) => {
      while (!fs.existsSync(part)) await new Promise((resolve) => setTimeout(resolve, 10));
      response.writeHead(404).end();
    });
    assert.equal(await refusal(slow, gone), `${server.origin}/gone answered 404`);
    const size = () => fs.statSync(part).size;
    assert.ok(size() < 1_000_000, "it was waited for");
    const someChunks = () => new Promise((resolve) => setTimeout(resolve, 200));
    // What had come before the refusal may be written after it.
    await someChunks();
    const written = size();
    await someChunks();
    assert.equal(size(), written, "it is still written");
  });

  it("give up on a server that says nothing", async () => {
    const release = server.release("tool", tool);
    server.whenAsked("tool", answers.silent);
    patience = 1500;
    assert.equal(await refusal(release), `${server.origin}/tool gave no answer within 1.5 s`);
  });

  it("give up on a server that falls silent, and go on later from what has come", async () => {
    const release = server.release("tool", bytes(4_000_000));
    server.whenAsked("tool", answers.slowly(20, 4, 2));
    patience = 1500;
    const silence = `${server.origin}/tool gave no answer within 1.5 s; the next run goes on from 2 MB`;
    assert.equal(await refusal(release), silence);
    server.whenAsked("tool", answers.well);
    await take(release);
    assert.deepEqual(taken("tool"), bytes(4_000_000));
    assert.equal(server.requests.at(-1), "/tool bytes=2000000-");
  });

  it("wait for a server that is slow, as long as something comes", async () => {
    const release = server.release("tool", tool);
    server.whenAsked("tool", answers.slowly(200, 10));
    patience = 1500;
    await take(release);
    assert.deepEqual(taken("tool"), tool);
  });

  it("go on where they were cut off", async () => {
    const release = server.release("tool", tool);
    server.whenAsked("tool", answers.cutAfter(250_000));
    await take(release);
    assert.deepEqual(taken("tool"), tool);
    // What a connection has received when it is cut off need not have been read all.
    assert.match(server.requests.slice(1).join(), /^\/tool(,\/tool bytes=[1-9]\d*-){2,}$/);
  });

  it("begin anew where the server knows no ranges", async () => {
    const release = server.release("tool", tool);
    fs.writeFileSync(partOf("tool", tool), tool.subarray(0, 1000));
    server.whenAsked("tool", answers.whole);
    await take(release);
    assert.deepEqual(taken("tool"), tool);
    assert.equal(server.requests.at(-1), "/tool bytes=1000-");
  });

  it("give up on what is cut off again and again", async () => {
    const release = server.release("tool", bytes(4_000_000));
    const cut = answers.cutAfter(2_000_000);
    server.whenAsked("tool", (request, ...rest) => {
      delete request.headers.range;
      cut(request, ...rest);
    });
    const message = `${server.origin}/tool was cut off 5 times; the next run goes on from 2 MB`;
    assert.equal(await refusal(release), message);
    assert.equal(server.requests.filter((request) => request.startsWith("/tool ") || request === "/tool").length, 5);
  });

  it("begin anew with a part that is another file's, or longer than the file", async () => {
    const release = server.release("tool", tool);
    const part = partOf("tool", tool);
    for (const wrong of ["another", bytes(700_000)]) {
      fs.writeFileSync(part, wrong);
      await take(release);
      assert.deepEqual(taken("tool"), tool);
    }
  });

  it("use a part that is complete", async () => {
    const release = server.release("tool", tool);
    fs.writeFileSync(partOf("tool", tool), tool);
    await take(release);
    assert.deepEqual(taken("tool"), tool);
  });

  it("remove parts of a release that was made anew", async () => {
    fs.writeFileSync(path.join(parts, `tool.${"a".repeat(64)}`), "old");
    const release = server.release("tool", tool);
    server.whenAsked("tool", answers.status(503));
    assert.equal(await refusal(release), `${server.origin}/tool answered 503`);
    assert.deepEqual(fs.readdirSync(parts), []);
  });

  it("refuse an archive that can't be unpacked, or lacks what it should hold", async () => {
    const whole = archive(root, "all", { engine: "x".repeat(1000) });
    const cut = server.release("cut.tar.gz", whole.subarray(0, 80), { folders: 1, members: [] });
    assert.match(await refusal(cut), /^tar can't unpack http:\S+\/cut\.tar\.gz: .*(unexpected end|truncated)/is);
    const other = server.release("other.tar.gz", whole, { folders: 1, members: ["all/etcd"] });
    assert.match(await refusal(other), /^tar can't unpack http:\S+\/other\.tar\.gz: .*all\/etcd: Not found/s);
    assert.deepEqual(fs.readdirSync(parts), []);
  });
});
