import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { Catalog, Retention } from "../../components/index";
import { DatabaseServer } from "../support/databaseServer";
import { type PodSpec, podOf } from "../support/pods";
import { one, registered } from "../support/queries";
import { Secret } from "../support/registrations";

/**
 * The variables, files, users and probe that the database's pod has, with a real server: Debian's MariaDB, which speaks
 * MySQL's protocol and reads its grants. Not MySQL 8.4: another directory format, another default for how passwords are
 * checked (mysql_native_password for caching_sha2_password), other words in the log; and the image's entrypoint is
 * played (tests/support/databaseServer.ts). That the image itself starts so is seen on a cluster only.
 */
describe("the catalog's database", function () {
  this.timeout("30s");
  let workspace: string;
  let pod: PodSpec;
  let files: Record<string, string>;
  let server: DatabaseServer;
  const catalog = (password = files["password"]!) => ({ user: "catalog", password });

  before(async () => {
    if (spawnSync("mariadb-admin", ["--version"]).error !== undefined || !fs.existsSync("/usr/sbin/mariadbd")) {
      throw new Error(
        "MariaDB isn't installed. Install Debian's: apt-get install --yes mariadb-server-core mariadb-client",
      );
    }
    const resources = await registered(
      () =>
        new Catalog("catalog", {
          image: "catalog:1",
          replicas: 1,
          mysqlImage: "mysql:8.4",
          storageClassName: "ebs",
          storage: "20Gi",
          databaseZone: "eu-west-1a",
          retention: Retention.Delete,
          credentialsParameter: "/catalog",
        }),
    );
    pod = podOf(one(resources, "StatefulSet"));
    const { stringData } = one(resources, "Secret").inputs;
    assert.ok(stringData instanceof Secret);
    files = stringData.value as Record<string, string>;

    workspace = fs.mkdtempSync(path.join(os.tmpdir(), "mysql-"));
    fs.chmodSync(workspace, 0o755);
    server = new DatabaseServer(pod, workspace, await freePort());
    mount(files);
  });

  after(async () => {
    if (server.running) await server.stop("SIGKILL");
    fs.rmSync(workspace, { recursive: true, force: true });
  });

  /** The Secret's files, as the kubelet writes them. */
  function mount(contents: Record<string, string>): void {
    const credentials = pod.containers[0]!.volumeMounts.find(({ name }) => name === "credentials")!;
    for (const [name, text] of Object.entries(contents)) {
      const file = path.join(server.place(credentials.mountPath), name);
      fs.writeFileSync(file, text);
      if (process.getuid!() === 0) fs.chownSync(file, 0, pod.securityContext.fsGroup);
      fs.chmodSync(file, pod.volumes.find(({ name }) => name === "credentials")!.secret.defaultMode);
    }
  }

  it("isn't ready while it is initialised, when only its own entrypoint may speak to it, and is afterwards", async () => {
    await server.initialise(() =>
      assert.notEqual(server.probe().status, 0, "a client would meet a half-made database"),
    );
    assert.notEqual(server.probe().status, 0);
    await server.start();
    const { status, output } = server.probe();
    assert.equal(status, 0, output);
  });

  it("lets the catalog in from other pods with the password of its file, into its own database", () => {
    const made = server.query(
      catalog(),
      "USE catalog; CREATE TABLE product (name TEXT); INSERT INTO product VALUES ('watch')",
    );
    assert.equal(made.status, 0, made.output);
    assert.match(server.query(catalog(), "SELECT name FROM catalog.product").output, /^watch$/m);
    assert.match(server.query(catalog(), "CREATE DATABASE other").output, /Access denied/);
    assert.match(server.query(catalog("guessed"), "SELECT 1").output, /Access denied/);
  });

  it("lets root in from its own pod only, with the password of its file", () => {
    const root = { user: "root", password: files["root-password"]! };
    assert.match(server.query(root, "SELECT 1").output, /Access denied|not allowed to connect/);
    assert.match(server.query({ ...root, socket: true }, "SELECT user FROM mysql.user").output, /^catalog$/m);
    assert.match(server.query({ ...root, password: "", socket: true }, "SELECT 1").output, /Access denied/);
    const hosts = server.query(
      { ...root, socket: true },
      "SELECT host FROM mysql.global_priv WHERE user = 'root'",
    ).output;
    assert.equal(hosts.trim(), "localhost");
  });

  it("writes nowhere but to its volumes", () => {
    const { output } = server.run([
      "sh",
      "-c",
      "for place in / /etc /var/lib /usr /root; do [ -w $place ] && echo $place; done",
    ]);
    assert.equal(output, "");
  });

  it("ends within its grace period when it is told to, with nothing left to recover", async () => {
    const complete = () => server.said(/Shutdown complete/).length;
    const [started, before] = [Date.now(), complete()];
    assert.deepEqual(await server.stop(), [0, null]);
    assert.ok(Date.now() - started < pod.terminationGracePeriodSeconds * 1000);
    assert.ok(complete() > before);
    await server.start();
    assert.deepEqual(server.said(/crash recovery/), []);
  });

  it("recovers what was committed when it is killed instead", async () => {
    server.query(catalog(), "INSERT INTO catalog.product VALUES ('clock')");
    await server.stop("SIGKILL");
    await server.start();
    assert.ok(server.said(/crash recovery/).length > 0);
    assert.match(server.query(catalog(), "SELECT name FROM catalog.product").output, /^clock$/m);
  });

  it("keeps the passwords of its first start: with others it is ready, and lets nobody in who knows only them", async () => {
    await server.stop();
    mount({ password: "another", "root-password": "another" });
    await server.start();
    assert.equal(server.probe().status, 0, "no probe tells");
    assert.match(server.query(catalog("another"), "SELECT 1").output, /Access denied for user 'catalog'/);
    assert.match(server.query(catalog(), "SELECT name FROM catalog.product").output, /^watch$/m);
  });

  it("never writes a password down", () => {
    for (const password of Object.values(files)) {
      assert.deepEqual(server.said(new RegExp(password)), []);
    }
  });
});

async function freePort(): Promise<number> {
  const listener = net.createServer().listen(0);
  await once(listener, "listening");
  const { port } = listener.address() as net.AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}
