import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { nginxConfiguration } from "../../components/workloads/nginxConfiguration";

/** A user that this machine has no entry for, as the access point's in the pod. */
const USER = 12345;
/** Debian has nginx in /usr/sbin, which isn't on every user's PATH. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const isRoot = process.getuid!() === 0;
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46]);

/**
 * What the pod has: our configuration where the image has its own, the image's files and the volume in them, a root file
 * system that nobody can write to, an empty /tmp; then what follows runs as a user without any privilege.
 */
const asInPod = `set -e
cd / # a directory outside of what is mounted here would stay writable
mount --bind "$1/nginx.conf" /etc/nginx/nginx.conf
mount --bind "$1/html" /usr/share/nginx/html
mount -t tmpfs -o mode=1777 tmpfs /tmp
for directory in / /etc/nginx/nginx.conf /usr/share/nginx/html; do mount -o remount,bind,ro "$directory"; done
shift
exec "$@"`;
const asPodUser = isRoot
  ? ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
  : ["unshare", "--user", `--map-user=${USER}`, `--map-group=${USER}`];

describe("nginx with our configuration", () => {
  let workspace: string;
  let port: number;
  let nginx: ChildProcess | undefined;

  before(() => {
    if (spawnSync("nginx", ["-v"], { env }).error !== undefined) {
      throw new Error("nginx isn't installed. Install Debian's: apt-get install --yes nginx-light");
    }
  });

  beforeEach(async () => {
    workspace = fs.mkdtempSync(path.join(os.tmpdir(), "nginx-"));
    fs.chmodSync(workspace, 0o755);
    port = await freePort();
    fs.mkdirSync(path.join(workspace, "html/assets"), { recursive: true });
    fs.writeFileSync(path.join(workspace, "nginx.conf"), nginxConfiguration.replaceAll("8080", String(port)));
    fs.writeFileSync(path.join(workspace, "html/health.html"), "OK");
    fs.writeFileSync(path.join(workspace, "html/assets/smart_1.jpg"), jpeg);
  });

  afterEach(async () => {
    if (nginx !== undefined && nginx.exitCode === null && nginx.signalCode === null) {
      nginx.kill("SIGTERM");
      await once(nginx, "exit");
    }
    nginx = undefined;
    fs.rmSync(workspace, { recursive: true });
  });

  /** Starts a program in the pod's place, with its output in files, as a container runtime would read it. */
  function run(...command: string[]): ChildProcess {
    const [stdout, stderr] = ["stdout", "stderr"].map((name) => {
      const file = path.join(workspace, name);
      fs.writeFileSync(file, "");
      if (isRoot) fs.chownSync(file, USER, USER);
      return fs.openSync(file, "a");
    });
    const namespaces = ["--mount", ...(isRoot ? [] : ["--map-root-user"])];
    const args = [...namespaces, "sh", "-c", asInPod, "sh", workspace, ...asPodUser, ...command];
    const child = spawn("unshare", args, { env, stdio: ["ignore", stdout, stderr] });
    fs.closeSync(stdout!);
    fs.closeSync(stderr!);
    return child;
  }

  const output = (name: "stdout" | "stderr") => fs.readFileSync(path.join(workspace, name), "utf8");

  async function start(): Promise<void> {
    // The pod's command, and the file that Amazon Linux's nginx is built to log to, where Debian's is built for stderr.
    nginx = run("nginx", "-e", "/var/log/nginx/error.log", "-g", "daemon off;");
    for (;;) {
      if (nginx.exitCode !== null) throw new Error(`nginx ended at once:\n${output("stderr")}`);
      if (
        await fetch(url("/health.html")).then(
          () => true,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const url = (file: string, host = "127.0.0.1") => `http://${host}:${port}${file}`;

  it("is accepted by nginx itself", async () => {
    const [code] = (await once(run("nginx", "-t"), "exit")) as [number];
    assert.match(output("stderr"), /configuration file \/etc\/nginx\/nginx\.conf test is successful/);
    assert.doesNotMatch(output("stderr"), /warn|alert|emerg/);
    assert.equal(code, 0);
  });

  it("has no place to write to but /tmp, in this test as in the pod", async () => {
    const places = ["/", "/run", "/var/log/nginx", "/var/lib/nginx", "/etc/nginx", "/usr/share/nginx/html", "/tmp"];
    const script = `id -u; for place; do [ -w "$place" ] && echo "$place"; done; exit 0`;
    await once(run("sh", "-c", script, "sh", ...places), "exit");
    assert.deepEqual(output("stdout").split("\n"), [String(USER), "/tmp", ""], output("stderr"));
  });

  it("serves an image of the volume, to be kept for an hour and then asked for again", async () => {
    await start();
    const response = await fetch(url("/assets/smart_1.jpg"));
    assert.equal(response.status, 200);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), jpeg);
    assert.equal(response.headers.get("content-type"), "image/jpeg");
    assert.equal(response.headers.get("cache-control"), "max-age=3600");
    const again = await fetch(url("/assets/smart_1.jpg"), {
      headers: { "If-None-Match": response.headers.get("etag")! },
    });
    assert.equal(again.status, 304);
  });

  it("serves a file that is put on the volume while it runs, and does not let its absence be kept", async () => {
    await start();
    const absent = await fetch(url("/assets/newproduct.png"));
    assert.equal(absent.status, 404);
    assert.equal(absent.headers.get("cache-control"), null);
    fs.writeFileSync(path.join(workspace, "html/assets/newproduct.png"), "");
    const present = await fetch(url("/assets/newproduct.png"));
    assert.equal(present.status, 200);
    assert.equal(present.headers.get("content-type"), "image/png");
  });

  it("answers the probe from the image, without caching, over IPv4 and IPv6", async () => {
    await start();
    for (const host of ["127.0.0.1", "[::1]"]) {
      const response = await fetch(url("/health.html", host));
      assert.equal(response.status, 200);
      assert.equal(await response.text(), "OK");
      assert.equal(response.headers.get("cache-control"), null);
    }
  });

  it("does not serve what the seeding has not finished", async () => {
    await start();
    const unfinished = path.join(workspace, "html/assets/.seeding.abcdef");
    fs.mkdirSync(unfinished);
    fs.writeFileSync(path.join(unfinished, "file"), jpeg);
    assert.equal((await fetch(url("/assets/.seeding.abcdef/file"))).status, 404);
  });

  it("logs requests on stdout and errors on stderr, but no probes, and never its version", async () => {
    await start();
    assert.equal((await fetch(url("/assets/smart_1.jpg"))).headers.get("server"), "nginx");
    assert.equal((await fetch(url("/assets/absent.jpg"))).status, 404);
    nginx!.kill("SIGQUIT"); // writes out what it has
    await once(nginx!, "exit");
    const requests = output("stdout").trimEnd().split("\n");
    assert.equal(requests.length, 2, output("stdout"));
    assert.match(requests[0]!, /"GET \/assets\/smart_1\.jpg HTTP\/1\.1" 200 10 /);
    assert.match(requests[1]!, /"GET \/assets\/absent\.jpg HTTP\/1\.1" 404 /);
    const [alert, error, ...more] = output("stderr").trimEnd().split("\n");
    // Before it has read its configuration; it then goes on with stderr.
    assert.match(alert!, /\[alert\] could not open error log file: open\(\) "\/var\/log\/nginx\/error\.log" failed/);
    assert.match(error!, /\[error\].*absent\.jpg" failed \(2: No such file or directory\)/);
    assert.deepEqual(more, []);
  });
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
