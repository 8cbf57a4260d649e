import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PodSpec } from "./pods";

/** Debian has the server in /usr/sbin, which isn't on every user's PATH. */
const env = { PATH: `${process.env.PATH}:/usr/sbin`, LC_ALL: "C" };
const isRoot = process.getuid!() === 0;

export interface Result {
  status: number | null;
  output: string;
}

/**
 * A database server in the place of the pod's: its user without any privilege, its variables and files, and no place to
 * write to but its volumes, which are directories of a workspace. The image's entrypoint is played: what it does with
 * the variables, as https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh does it.
 */
export class DatabaseServer {
  private server: ChildProcess | undefined;
  private readonly variables: Record<string, string>;
  private readonly mounts: { mountPath: string; directory: string }[];

  constructor(
    private readonly pod: PodSpec,
    private readonly workspace: string,
    private readonly port: number,
  ) {
    const { env: variables, volumeMounts } = pod.containers[0]!;
    this.mounts = volumeMounts.map(({ mountPath, name }) => ({ mountPath, directory: path.join(workspace, name) }));
    this.mounts.forEach(({ directory }) => fs.mkdirSync(directory, { recursive: true }));
    const { runAsUser, runAsGroup } = pod.securityContext;
    if (isRoot) this.mounts.forEach(({ directory }) => fs.chownSync(directory, runAsUser, runAsGroup));
    this.variables = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  }

  /** Where a path of the pod is on this machine. */
  place(podPath: string): string {
    const mount = this.mounts.find(({ mountPath }) => podPath.startsWith(mountPath));
    if (!mount) throw new Error(`${podPath} is on no volume: the pod's root file system is read-only`);
    return mount.directory + podPath.slice(mount.mountPath.length);
  }

  /** Runs a program as the pod's user, with the machine's files read-only; `then` follows while it runs. */
  private command(args: string[]): string[] {
    const { runAsUser: uid, runAsGroup: gid } = this.pod.securityContext;
    const asUser = isRoot
      ? ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
      : ["unshare", "--user", `--map-user=${uid}`, `--map-group=${gid}`];
    const script = 'mount --bind "$1" "$1" && cd "$1" && mount -o remount,bind,ro / && shift && exec "$@"';
    const namespaces = ["--mount", ...(isRoot ? [] : ["--map-root-user"])];
    return [...namespaces, "sh", "-c", script, "sh", this.workspace, ...asUser, ...args];
  }

  run(args: string[], input?: string): Result {
    const { status, stdout, stderr } = spawnSync("unshare", this.command(args), { env, input, encoding: "utf8" });
    return { status, output: stdout + stderr };
  }

  /** What the image's own configuration says, and the places of the pod's volumes. */
  private options(): string[] {
    return [
      "--no-defaults",
      "--skip-name-resolve",
      `--datadir=${this.place("/var/lib/mysql")}`,
      `--socket=${this.socket}`,
      `--pid-file=${this.place("/var/run/mysqld/mysqld.pid")}`,
      `--tmpdir=${this.place("/tmp")}`,
      `--port=${this.port}`,
    ];
  }

  get socket(): string {
    return this.place("/var/run/mysqld/mysqld.sock");
  }

  /** As `MYSQL_…` or, from a file, as `MYSQL_…_FILE`. */
  variable(name: string): string {
    const file = this.variables[`${name}_FILE`];
    const value = file === undefined ? this.variables[name] : fs.readFileSync(this.place(file), "utf8");
    if (!value) throw new Error(`the pod has no ${name}`);
    return value;
  }

  /** Starts as the entrypoint does: an empty directory is initialised first, from the variables. */
  async start(): Promise<void> {
    if (!fs.existsSync(this.place("/var/lib/mysql/mysql"))) await this.initialise();
    await this.serve();
  }

  /** @param meanwhile runs while the temporary server of the initialisation does. */
  async initialise(meanwhile?: () => void): Promise<void> {
    const temporary = `TMPDIR=${this.place("/tmp")}`;
    const install = [
      "env",
      temporary,
      "mariadb-install-db",
      "--no-defaults",
      "--auth-root-authentication-method=normal",
    ];
    const made = this.run([...install, "--skip-test-db", `--datadir=${this.place("/var/lib/mysql")}`]);
    if (made.status !== 0) throw new Error(made.output);
    await this.serve("--skip-networking");
    meanwhile?.();
    const rootHost = this.variable("MYSQL_ROOT_HOST");
    const [root, user] = [this.variable("MYSQL_ROOT_PASSWORD"), this.variable("MYSQL_PASSWORD")];
    const name = `'${this.variable("MYSQL_USER")}'@'%'`;
    const rootEverywhere = `CREATE USER 'root'@'${rootHost}' IDENTIFIED BY '${root}'; GRANT ALL ON *.* TO 'root'@'${rootHost}';`;
    const statements = [
      // MySQL makes no others, and no nameless user.
      "DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost'); FLUSH PRIVILEGES;",
      `ALTER USER 'root'@'localhost' IDENTIFIED BY '${root}';`,
      rootHost === "localhost" ? "" : rootEverywhere,
      `CREATE DATABASE ${this.variable("MYSQL_DATABASE")};`,
      `CREATE USER ${name} IDENTIFIED BY '${user}';`,
      `GRANT ALL ON ${this.variable("MYSQL_DATABASE")}.* TO ${name};`,
    ];
    const set = this.run(["mariadb", "--no-defaults", `--socket=${this.socket}`, "--user=root"], statements.join("\n"));
    if (set.status !== 0) throw new Error(set.output);
    await this.stop();
  }

  private async serve(...options: string[]): Promise<void> {
    const log = fs.openSync(this.log, "a");
    this.server = spawn("unshare", this.command(["mariadbd", ...this.options(), ...options]), {
      env,
      stdio: ["ignore", log, log],
    });
    fs.closeSync(log);
    const ready = this.said(/ready for connections/).length;
    while (this.said(/ready for connections/).length === ready) {
      if (this.server.exitCode !== null)
        throw new Error(`the server ended at once:\n${fs.readFileSync(this.log, "utf8")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private get log(): string {
    return path.join(this.workspace, "log");
  }

  /** What the server has said, line by line. */
  said(what: RegExp): string[] {
    return fs
      .readFileSync(this.log, "utf8")
      .split("\n")
      .filter((line) => what.test(line));
  }

  /** As the kubelet does, with the grace period of the pod: exit code, and the signal that ended it. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<[number | null, NodeJS.Signals | null]> {
    const { server } = this;
    if (!server) throw new Error("the server doesn't run");
    this.server = undefined;
    const end = once(server, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    const grace = setTimeout(() => server.kill("SIGKILL"), this.pod.terminationGracePeriodSeconds * 1000);
    server.kill(signal);
    const result = await end;
    clearTimeout(grace);
    return result;
  }

  get running(): boolean {
    return this.server !== undefined;
  }

  /** Runs the pod's readiness probe. */
  probe(): Result {
    const [program, ...args] = this.pod.containers[0]!.readinessProbe.exec.command;
    return this.run([program!, "--no-defaults", ...args, `--port=${this.port}`]);
  }

  /** Runs a statement as somebody, over TCP as from another pod, or over the socket as from this one. */
  query(who: { user: string; password: string; socket?: boolean }, statement: string): Result {
    const way = who.socket ? [`--socket=${this.socket}`] : ["--host=127.0.0.1", `--port=${this.port}`];
    const login = ["--no-defaults", `--user=${who.user}`, `--password=${who.password}`];
    return this.run(["mariadb", ...login, ...way, "--batch", "--skip-column-names"], statement);
  }
}
